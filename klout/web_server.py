"""How gunicorn runs, here and in containers; addresses and workers come from the command line."""

from klout.logs import logging_settings

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 8
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = "-"
# The path without its query, and no Referer: both may hold codes and tokens.
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms request_id=%({x-request-id}o)s"
logconfig_dict = logging_settings()
