"""Every setting, read from the environment; docs/configuration.md has a line for each variable.

Any variable may come from a file instead: put the path in the same name with `_FILE` added.
"""

import tomllib
from datetime import time, timedelta
from pathlib import Path

import environ
from celery.schedules import crontab

env = environ.FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))

# --- Who we are -----------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SITE_IS_SECURE = BASE_URL.startswith("https://")
# Where the source of this very installation can be read; empty: no link is shown.
SOURCE_URL = env.str("SOURCE_URL", default="")
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

ROOT_URLCONF = "klout.urls"
WSGI_APPLICATION = "klout.wsgi.application"
AUTH_USER_MODEL = "accounts.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "accounts",
    "networks",
    "scoring",
    "gifting",
    "klout",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "klout.context.page",
            ],
        },
    },
]

# Nothing inline, nothing from elsewhere. Browsers hold the redirect that follows a form to
# form-action as well, and linking leads to the consent page of any server.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [
            "'self'",
            "https:",
            *(f"http://{host}" for host in env.list("DEVELOPMENT_HOSTS", default=[])),
        ],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Where things are kept --------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://localhost/klout")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "klout.static_files.StaticFiles"},
}

# --- Secrets that live outside the database ---------------------------------------------------

# Fernet keys for credentials at rest; the first encrypts, all decrypt (rotation).
CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS", default=[])
# Key of the 64-bit hashes that stand for responders.
RESPONDER_KEY = env.str("RESPONDER_KEY", default="")

# --- Accounts -----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
PERSONAL_DATA_PROVIDERS = [
    "accounts.personal_data.provider",
    "networks.personal_data.provider",
    "scoring.personal_data.provider",
    "gifting.personal_data.provider",
]

# --- Networks -----------------------------------------------------------------------------------

# host:port pairs on loopback that the HTTP door may reach without https, e.g. the playground.
DEVELOPMENT_HOSTS = env.list("DEVELOPMENT_HOSTS", default=[])
# Hosts whose figures are believed, beside the default list that ships.
KNOWN_HOSTS = env.list("KNOWN_HOSTS", default=[])
BACKFILL_DAYS = 180
POLL_EVERY = timedelta(hours=env.int("POLL_EVERY_HOURS", default=12))

# --- Scoring ------------------------------------------------------------------------------------

NIGHT_AT = time.fromisoformat(env.str("NIGHT_AT", default="03:10"))

# --- K --------------------------------------------------------------------------------------------

K_ALLOTMENT = env.int("K_ALLOTMENT", default=5)

# --- Celery ---------------------------------------------------------------------------------------


def _celery_url(url: str) -> str:
    """kombu spells a unix socket `redis+socket://`, redis-py `unix://`."""
    return url.replace("unix://", "redis+socket://", 1)


CELERY_BROKER_URL = _celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's task is back within half a minute: the sweep is every 2 s, and a task is
# handed out again after 30 min, longer than the longest one.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "networks.poll_due": {
        "task": "networks.tasks.poll_due",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "networks.refresh_known_hosts": {
        "task": "networks.tasks.refresh_known_hosts",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
    "scoring.rescore_due": {
        "task": "scoring.tasks.rescore_due",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "scoring.night_due": {
        "task": "scoring.tasks.night_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
