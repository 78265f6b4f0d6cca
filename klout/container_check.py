"""`python -m klout.container_check PART`: may this container be called healthy?

PART is `web`, `worker`, `urgent_worker` or `beat`.

Each container answers for itself: a web server is not to be restarted because the worker is away.
"""

import os
import sys
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:8000/healthz"


def main(part: str) -> int:
    return 0 if (web_answers() if part == "web" else was_heard_of(part)) else 1


def web_answers() -> bool:
    """Any answer of the health page will do; what it says is about the others too."""
    try:
        urllib.request.urlopen(ADDRESS, timeout=8).close()
    except urllib.error.HTTPError as answer:
        return answer.code == 503
    except OSError:
        return False
    return True


def was_heard_of(part: str) -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")
    from redis import RedisError

    from klout import heartbeat

    try:
        with heartbeat.connection() as client:
            return bool(client.exists(heartbeat.key(part)))
    except RedisError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
