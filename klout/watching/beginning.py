"""Starts what watches a process, as far as the settings ask for it, before it does its work."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MISSING = (
    "{setting} is set, but {what} is not installed: pip install --require-hashes -r {file}. "
    "Nothing was started. Install it, or take the setting away."
)


def of_web() -> None:
    """Called before Django puts its middleware together, which tracing adds to."""
    _begin("web")


def of_work() -> None:
    """Called when the worker, or the clock, has read its tasks."""
    from klout.watching import work  # noqa: F401 (counts from here on)

    _begin("worker")


def _begin(process: str) -> None:
    if settings.SENTRY_DSN:
        try:
            from klout.watching import faults
        except ModuleNotFoundError as missing:
            raise _not_installed("SENTRY_DSN", "sentry-sdk", "requirements-sentry.txt") from missing
        faults.begin(settings.SENTRY_DSN, process)
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        try:
            from klout.watching import traces
        except ModuleNotFoundError as missing:
            raise _not_installed(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "OpenTelemetry", "requirements-tracing.txt"
            ) from missing
        traces.begin(settings.OTEL_EXPORTER_OTLP_ENDPOINT, process)


def _not_installed(setting: str, what: str, file: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(MISSING.format(setting=setting, what=what, file=file))
