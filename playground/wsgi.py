"""`gunicorn playground.wsgi:application`, one process with several threads: the world is in it."""

import os

# Never a neighbour's: the supervisor's environment may name the product's.
os.environ["DJANGO_SETTINGS_MODULE"] = "playground.settings"

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

django.setup()
call_command("migrate", verbosity=0)
application = get_wsgi_application()

from playground import clock, here  # noqa: E402 - needs the tables

here.world(clock.now())
