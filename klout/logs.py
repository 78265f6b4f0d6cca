"""Logs: one JSON object a line, from us and from the libraries, without secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

REMOVED = "[removed]"
# A field is hidden if its name holds one of these words ...
SECRET_WORDS = frozenset(
    {
        *("token", "tokens", "secret", "secrets", "password", "passwords", "passkey", "otp"),
        *("cookie", "cookies", "session", "sessionid", "csrf", "csrftoken", "signature"),
        *("authorization", "credential", "credentials", "verifier"),
    }
)
# ... or is exactly one of these (a `status_code` is none of our secrets).
SECRET_NAMES = frozenset({"code", "state", "key", "api_key", "private_key", "body", "headers"})

_PARAMETERS = (
    "access_token|refresh_token|id_token|client_secret|code_verifier|code_challenge|code|state|"
    "token|password|csrfmiddlewaretoken|csrftoken|sessionid"
)
PATTERNS = (
    (re.compile(r"\b(Bearer|Basic|DPoP)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {REMOVED}"),
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)(\s*[:=]\s*)[^\r\n]+"), rf"\1\2{REMOVED}"),
    (re.compile(rf"(?i)\b({_PARAMETERS})=[^\s&\"'<>;,)]+"), rf"\1={REMOVED}"),
    (
        re.compile(rf"(?i)([\"'](?:{_PARAMETERS})[\"']\s*:\s*)([\"']).*?\2"),
        rf"\1\2{REMOVED}\2",
    ),
    (re.compile(r"(://)[^/\s:@]*:[^/\s@]+@"), rf"\1{REMOVED}@"),
    # Programs of old send their key in the address.
    (re.compile(r"(?i)([?&]key=)[^&\s\"'<>]+"), rf"\1{REMOVED}"),
    # The links that are sent by mail carry their key in the path.
    (re.compile(r"(/(?:reset/key|confirm-email|leaving)/)[^/\s\"']+"), rf"\1{REMOVED}"),
)


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


class StandardError(logging.Handler):
    """Writes to whatever `sys.stderr` is at that moment: tests and servers replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def without_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: hides secrets by the name of the field and by their look."""
    for name, value in event.items():
        event[name] = REMOVED if _is_secret(name) else clean(value)
    return event


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """For Django's LOGGING and gunicorn's logconfig_dict alike."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*_SHARED, structlog.stdlib.ExtraAdder()],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"out": {"()": StandardError, "formatter": "json"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # Django and gunicorn come with handlers of their own, which are taken off here.
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": level, "handlers": [], "propagate": True},
            "django": {"level": level, "handlers": [], "propagate": True},
            # One line per request is in gunicorn.access already.
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            # Three lines for each look at what is due, every few seconds; failures still show.
            **{
                name: {"level": "WARNING", "handlers": [], "propagate": True}
                for name in ("celery.app.trace", "celery.worker.strategy", "celery.beat")
            },
        },
    }


def configure() -> None:
    """Makes structlog's own loggers write through the same formatter."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _is_secret(name: object) -> bool:
    text = str(name).lower().replace("-", "_")
    return text in SECRET_NAMES or not SECRET_WORDS.isdisjoint(text.split("_"))


def clean(value: Any) -> Any:
    """The value with what looks like a secret taken out, and with what is named like one."""
    if isinstance(value, str):
        for pattern, instead in PATTERNS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {
            name: REMOVED if _is_secret(name) else clean(inner) for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(str(value))
