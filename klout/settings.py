"""Every setting, read from the environment; docs/configuration.md has a line for each variable.

Any variable may come from a file instead: put the path in the same name with `_FILE` added.
"""

import tomllib
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu.entity import Queue

from klout.logs import configure as configure_logs
from klout.logs import logging_settings
from klout.platform_settings import platform_options

env = environ.FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))

# --- Who we are -----------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
# Names under which the site answers; that of BASE_URL and, for health checks, this machine's.
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname or "", "localhost", "127.0.0.1"]
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# host:port pairs on loopback that the HTTP door may reach without https, e.g. the playground.
DEVELOPMENT_HOSTS = env.list("DEVELOPMENT_HOSTS", default=[])
SITE_IS_SECURE = BASE_URL.startswith("https://")
# Where the source of this very installation can be read; empty: no link is shown.
SOURCE_URL = env.str("SOURCE_URL", default="")
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

# Who runs this site, for its privacy, terms and contact pages; what is missing is said there.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="")
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="")
JURISDICTION = env.str("JURISDICTION", default="")
HOSTING = env.str("HOSTING", default="")
# How long backups of the database are kept; the privacy page says so.
BACKUPS_KEPT_DAYS = env.int("BACKUPS_KEPT_DAYS", default=35)

ROOT_URLCONF = "klout.urls"
WSGI_APPLICATION = "klout.wsgi.application"
AUTH_USER_MODEL = "accounts.Member"
# A constraint keeps addresses unique in lower case, more than the check asks for.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
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
    "klout.request_id.RequestIdMiddleware",
    "klout.watching.answers.CountAnswers",
    "django.middleware.security.SecurityMiddleware",
    "accounts.middleware.permissions_policy",
    "csp.middleware.CSPMiddleware",
    # Below what says how a browser is to take an answer: theirs are taken so too.
    "klout.api.errors.errors_in_json",
    "klout.api.v3.edge.at_the_edge",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "klout.bare.BarePictures",
    # Pads what it packs with random bytes, so that lengths tell nothing of what is in a page.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.member_choices",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "klout.error_pages.pages_for_errors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "klout.context.page",
                "klout.context.announced",
                "accounts.context.mail",
            ],
        },
    },
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["klout.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Where things are kept --------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://localhost/klout")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")

# Only counters, of attempts and of requests to each host, and drawn pictures of links live here;
# without Redis each process counts, and draws, for itself.
CACHES = {
    "default": {
        "BACKEND": "accounts.cache.RedisOrMemoryCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "klout",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

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
# Keyed marks of members who were erased, so that a restored backup does not bring them back. Not
# in the database nor in its backups.
ERASED_LIST = Path(env.str("ERASED_LIST", default=str(DATA_DIR / "erased.txt")))
STOP_LIST = Path(env.str("STOP_LIST", default=str(DATA_DIR / "stopped.txt")))

# --- Mail ---------------------------------------------------------------------------------------

# smtp://user:password@host:587 or smtp+tls://...; without it mail is kept in DATA_DIR/mail.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_IS_CONFIGURED = bool(EMAIL_URL)
MAIL_DIR = DATA_DIR / "mail"
MAIL_LOG = DATA_DIR / "logs" / "mail.log"
EMAIL_BACKEND = "accounts.mail.KeptMailBackend"
EMAIL_TIMEOUT = 10
if MAIL_IS_CONFIGURED:
    vars().update(env.email_url_config(EMAIL_URL))
# Whom the mail is from.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Klout <klout@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Accounts -----------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["accounts.backends.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotOurWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
# Without a visit; and however often one comes, after which a browser signs in anew.
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_LASTS = timedelta(days=90)
# A link that sets a new password, as long as somebody looks for a mail.
PASSWORD_RESET_TIMEOUT = 60 * 60

# Who may sign up: "open" (everybody), "invited" (whoever has a link of the operator's), "closed".
REGISTRATION = env.str("REGISTRATION", default="open")
if REGISTRATION not in {"open", "invited", "closed"}:
    raise ImproperlyConfigured("REGISTRATION is open, invited or closed.")

# Where the operator's pages are, and whether they want a second factor.
ADMIN_PATH = env.str("ADMIN_PATH", default="admin").strip("/") + "/"
ADMIN_SECOND_FACTOR = env.bool("ADMIN_SECOND_FACTOR", default=True)

# Whether the API of old answers with a call of a function that a page names; see docs/api.
CLASSIC_API_JSONP = env.bool("CLASSIC_API_JSONP", default=False)

ACCOUNT_ADAPTER = "accounts.adapter.MemberAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Mandatory, but ConfirmAddressStage lets members in unconfirmed while no mail is configured.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
# How often one address is written to because somebody typed it, whoever that was. Who waits for no
# code while no mail is configured must not wait between codes either.
WRITTEN_TO = {"reset_password": "20/m/ip,5/m/key,10/d/key", "confirm_email": "1/10s/key,20/d/key"}
ACCOUNT_RATE_LIMITS = WRITTEN_TO | ({} if MAIL_IS_CONFIGURED else {"confirm_email": ""})
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_SECURE else "http"

MFA_ADAPTER = "accounts.adapter.MemberMFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "signup_webauthn": "accounts.forms.SignupPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Where addresses can be confirmed, they must be before a second factor locks others out.
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_IS_CONFIGURED
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
# Browsers allow passkeys without https on localhost only, which is the one place we need it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_IS_SECURE
MFA_TOTP_ISSUER = "Klout"
MFA_TOTP_TOLERANCE = 1

# --- Safety of pages ----------------------------------------------------------------------------

# How many reverse proxies of ours stand in front; their X-Forwarded-For and -Proto are believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = SITE_IS_SECURE
# Health checks come from inside, over plain http.
# Programs of old fall over a redirect, so theirs is answered as it comes.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$", r"^1/", r"^v2/"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 730 if SITE_IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_SECURE
SECURE_HSTS_PRELOAD = SITE_IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# `__Host-` binds a cookie to https, this very host and the whole path.
SESSION_COOKIE_NAME = "__Host-session" if SITE_IS_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# Nothing inline, nothing from elsewhere. Browsers hold the redirect that follows a form to
# form-action as well, so linking answers its form with a page that leads on.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)

# --- Personal data ------------------------------------------------------------------------------

PERSONAL_DATA_PROVIDERS = [
    "accounts.personal_data.provider",
    "networks.personal_data.provider",
    "scoring.personal_data.provider",
    "gifting.personal_data.provider",
    "accounts.exports.personal_data.provider",
]
# Where exports wait until they are downloaded; the worker writes there, the web server reads.
EXPORT_DIR = Path(env.str("EXPORT_DIR", default=str(DATA_DIR / "exports")))

# What is taken over from an export of another site, by app.
IMPORTERS = [
    "accounts.imports.choices.importer",
    "scoring.importing.importer",
    "gifting.importing.importer",
]
FILE_UPLOAD_HANDLERS = [
    "accounts.imports.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- What members are mailed, each kind with its switch ----------------------------------------

MAIL_PROVIDERS = [
    "accounts.mail_kinds.provider",
    "networks.mail_kinds.provider",
    "scoring.mail_kinds.provider",
    "gifting.mail_kinds.provider",
]

# --- Networks -----------------------------------------------------------------------------------

# Hosts whose figures are believed, beside the default list that ships.
KNOWN_HOSTS = env.list("KNOWN_HOSTS", default=[])
# Hosts whose figures are not believed, whoever else says so.
UNKNOWN_HOSTS = env.list("UNKNOWN_HOSTS", default=[])
BACKFILL_DAYS = 180
# How many requests a second one host gets from all workers together.
REQUESTS_PER_HOST = env.int("REQUESTS_PER_HOST", default=20)
PLATFORM_OPTIONS = platform_options(env)
POLL_EVERY = timedelta(hours=env.int("POLL_EVERY_HOURS", default=12))

# --- Scoring ------------------------------------------------------------------------------------

NIGHT_AT = time.fromisoformat(env.str("NIGHT_AT", default="03:10"))
# How much memory the nightly recompute may take before it spills to disk.
NIGHT_MEMORY = env.str("NIGHT_MEMORY", default="2GB")
# What computes it: duckdb, here; or a cluster of Apache Spark's by its address.
NIGHT_ENGINE = env.str("NIGHT_ENGINE", default="duckdb")
# Where a night keeps what is done until all of it is stored.
NIGHT_WORK = DATA_DIR / "night-work"
# The folder of the day files: a path, or a URL that fsspec knows.
DAY_FILES = env.str("DAY_FILES", default=str(DATA_DIR / "day-files"))
# Where they are made, and read from if that folder is on another machine.
DAY_FILES_WORK = DATA_DIR / "day-files-work"

# --- K --------------------------------------------------------------------------------------------

# How many K a member is allotted for a period; what was granted keeps its size.
K_ALLOTMENT = env.int("K_ALLOTMENT", default=5)
# A change starts when the current period ends; 7 is the ISO week (UTC).
K_PERIOD_DAYS = env.int("K_PERIOD_DAYS", default=7)
# How long new members wait before they give.
GIVING_WAIT_DAYS = env.int("GIVING_WAIT_DAYS", default=3)
# How long an application may act for a member at most, until they are asked again.
GRANT_DAYS = env.int("GRANT_DAYS", default=180)
# Where reported gifts are mailed to; without it they stay in the database for 30 days.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")

# --- Logs ---------------------------------------------------------------------------------------

# What DEBUG shows of an error, too.
DEFAULT_EXCEPTION_REPORTER = "klout.error_reports.TracebackAlone"
LOGGING = logging_settings(env.str("LOG_LEVEL", default="INFO"))
configure_logs()

# Whoever sends it as a bearer token may read /metrics; empty: nobody may.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where faults go (requirements-sentry.txt) and traces (requirements-tracing.txt); empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")

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
# What a killed worker had in hand is handed out again after this long and a sweep of 2 s, and is
# due again in PostgreSQL when its lease is over, half a minute later. Shorter than the longest
# task: a message that comes a second time while the first is at work finds a lease or a lock.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 20,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
# What somebody waits for, or has a right to within the hour, has a queue and a worker of its own,
# so that it never waits behind a night or long polls. Everything on it is done within a minute or
# so; mail to everybody is not. A worker without --queues takes from both.
URGENT_QUEUE = "urgent"
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", URGENT_QUEUE)]  # type: ignore[no-untyped-call]
_URGENT = (
    "accounts.tasks.erase_due",
    "accounts.tasks.make_exports_due",
    "gifting.tasks.mail_reports_due",
    "networks.tasks.mail_pings_due",
    "networks.tasks.revoke_due",
    "scoring.tasks.mail_disputes_due",
    "scoring.tasks.rescore_due",
    "scoring.tasks.rewrite_day_files_due",
)
CELERY_TASK_ROUTES = {task: {"queue": URGENT_QUEUE} for task in _URGENT}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "klout.heartbeat:BeatingScheduler"
CELERY_BEAT_SCHEDULE = {
    "accounts.forget_what_is_over": {
        "task": "accounts.tasks.forget_what_is_over",
        "schedule": crontab(minute=20),
        "options": {"expires": 1800},
    },
    "accounts.make_exports_due": {
        "task": "accounts.tasks.make_exports_due",
        "schedule": 3.0,
        "options": {"expires": 3},
    },
    "accounts.erase_due": {
        "task": "accounts.tasks.erase_due",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
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
    "networks.count_topics": {
        "task": "networks.tasks.count_topics",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    "networks.verify_webmentions_due": {
        "task": "networks.tasks.verify_webmentions_due",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "networks.fetch_pictures_due": {
        "task": "networks.tasks.fetch_pictures_due",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "networks.look_at_proofs_due": {
        "task": "networks.tasks.look_at_proofs_due",
        "schedule": crontab(minute=50),
        "options": {"expires": 1800},
    },
    "networks.revoke_due": {
        "task": "networks.tasks.revoke_due",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "networks.forget_stopped_due": {
        "task": "networks.tasks.forget_stopped_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "networks.listen_due": {
        "task": "networks.tasks.listen_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "networks.mail_pings_due": {
        "task": "networks.tasks.mail_pings_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "klout.mail_weekly_due": {
        "task": "klout.tasks.mail_weekly_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "klout.deliver_webhooks_due": {
        "task": "klout.tasks.deliver_webhooks_due",
        "schedule": 5.0,
        "options": {"expires": 5},
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
    "scoring.mail_disputes_due": {
        "task": "scoring.tasks.mail_disputes_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Who leaves is out of the day files within the hour.
    "scoring.rewrite_day_files_due": {
        "task": "scoring.tasks.rewrite_day_files_due",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "gifting.mail_reports_due": {
        "task": "gifting.tasks.mail_reports_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "gifting.turn_period_due": {
        "task": "gifting.tasks.turn_period_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "gifting.mail_digests_due": {
        "task": "gifting.tasks.mail_digests_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "gifting.meet_kept_due": {
        "task": "gifting.tasks.meet_kept_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "gifting.meet_all_kept_due": {
        "task": "gifting.tasks.meet_all_kept_due",
        "schedule": crontab(hour=4, minute=40),
        "options": {"expires": 3600},
    },
    "klout.announce_due": {
        "task": "klout.tasks.announce_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "gifting.forget_reports_due": {
        "task": "gifting.tasks.forget_reports_due",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600},
    },
}
