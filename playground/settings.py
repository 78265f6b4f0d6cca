"""Settings of the pretend network: its own, apart from the product's.

Any variable may come from a file instead: put the path in the same name with `_FILE` added.
"""

import secrets
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import environ

from playground.keeping import keep

env = environ.FileAwareEnv()

HERE = Path(__file__).resolve().parent

# Where apps, tokens, what is done by hand, the seed and the start day are kept.
DATA_DIR = Path(env.str("PLAYGROUND_DATA_DIR", default=str(HERE.parent / ".data" / "playground")))
# Its address; the host and port are the domain of its handles.
BASE_URL = env.str("PLAYGROUND_BASE_URL", default="http://127.0.0.1:8001").rstrip("/")
DOMAIN = urlsplit(BASE_URL).netloc
# What the people and their days are drawn from; kept from the first start on.
SEED = env.str("PLAYGROUND_SEED", default="harbour")
# Stops the clock at this moment (ISO 8601, UTC), for tests.
_now = env.str("PLAYGROUND_NOW", default="")
NOW = datetime.fromisoformat(_now) if _now else None
# Opens /trouble/, where tests make the network slow, broken or gone.
TROUBLE = env.bool("PLAYGROUND_TROUBLE", default=False)

DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


# It signs only the sessions of people who are not real.
SECRET_KEY = keep(DATA_DIR / "secret", lambda: secrets.token_urlsafe(50))
DEBUG = False
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", "localhost", "127.0.0.1"]
ROOT_URLCONF = "playground.urls"
WSGI_APPLICATION = "playground.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["playground"]
MIDDLEWARE = [
    "playground.middleware.headers",
    "playground.trouble.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"context_processors": ["playground.web.context.visitor"]},
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "playground.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
        "CONN_MAX_AGE": None,
    },
}
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# Errors go to the terminal of whoever started it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["terminal"], "level": "ERROR", "propagate": False}},
}

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "playground_session"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "playground_csrf"
APPEND_SLASH = False
