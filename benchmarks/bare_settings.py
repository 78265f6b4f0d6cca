"""Settings of the bare project, see bare.py."""

import environ

SECRET_KEY = "signs-nothing"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare"
WSGI_APPLICATION = "benchmarks.bare_site.application"
DATABASES = {"default": environ.Env().db_url("DATABASE_URL")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
