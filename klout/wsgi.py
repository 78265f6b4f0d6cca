"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from klout.watching import beginning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klout.settings")
beginning.of_web()

application = get_wsgi_application()
