"""Logs: one JSON object a line, from us and from the libraries, without secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote

import structlog

REMOVED = "[removed]"
# Of what stands before a `=` no more than the end is looked at.
NAME_MAX = 500
# A field or a parameter is hidden if its name holds one of these words ...
SECRET_WORDS = frozenset(
    {
        *("token", "tokens", "secret", "secrets", "password", "passwords", "passkey", "otp"),
        *("cookie", "cookies", "session", "sessionid", "csrf", "csrftoken", "signature"),
        *("authorization", "credential", "credentials", "verifier", "csrfmiddlewaretoken"),
    }
)
# ... or is exactly one of these (a `status_code` is none of our secrets).
SECRET_NAMES = frozenset(
    {"code", "code_challenge", "state", "key", "api_key", "private_key", "body", "headers"}
)


def _spelt(word: str) -> str:
    """An expression for the word with any of its signs percent-encoded, once or more often."""
    return "".join(f"(?:{re.escape(sign)}|%(?:25)*{ord(sign):02x})" for sign in word)


_IS, _SLASH = _spelt("="), _spelt("/")
_OF_MAILS = "|".join(map(_spelt, ("reset/key", "confirm-email", "leaving")))
PATTERNS = (
    (re.compile(r"\b(Bearer|Basic|DPoP)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {REMOVED}"),
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)(\s*[:=]\s*)[^\r\n]+"), rf"\1\2{REMOVED}"),
    (re.compile(r"(://)[^/\s:@]*:[^/\s@]+@"), rf"\1{REMOVED}@"),
    # The links that are sent by mail carry their key in the path.
    (
        re.compile(rf"(?i)({_SLASH}(?:{_OF_MAILS}){_SLASH})(?:(?!{_SLASH})[^\s\"'])+"),
        rf"\1{REMOVED}",
    ),
)
# `name=value`, also inside another value: `next=/callback%3Fcode%3D...`.
_NAMED = re.compile(rf"(?i)(?:(?<![\w%])|(?<=%3d)|(?<=%253d)|(?<=%25253d))([\w%]+?)({_IS})")
_VALUE = re.compile(r"""\"[^\"]*\"|'[^']*'|[^\s&"'<>;,)]+""")
_QUOTED = re.compile(r"""(["'])([\w%\\-]+)\1(\s*:\s*)(["'])((?:\\.|(?!\4).)*)\4""")


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
    text = _plain(str(name)).lower().replace("-", "_")
    return text in SECRET_NAMES or not SECRET_WORDS.isdisjoint(text.split("_"))


def _plain(name: str) -> str:
    """Without the spellings that mean the same: `k%65y` in addresses, `k\\u0065y` in JSON."""
    name = name[-NAME_MAX:]
    while "%" in name and (decoded := unquote(name)) != name:
        name = decoded
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda sign: chr(int(sign[1], 16)), name)


def _without_values(text: str) -> str:
    """Values go where the name before them, up to the sign that begins it, is that of a secret."""
    parts: list[str] = []
    kept_to = 0
    for found in _NAMED.finditer(text):
        if found.start() < kept_to or not _names_secret(found[1]):
            continue
        if value := _VALUE.match(text, found.end()):
            parts += text[kept_to : found.end()], REMOVED
            kept_to = value.end()
    return "".join((*parts, text[kept_to:]))


def _names_secret(written: str) -> bool:
    """Of what may be `x%3Fcode`, the last word is the name."""
    words = re.findall(r"\w+", _plain(written))
    return bool(words) and _is_secret(words[-1])


def _without_quoted(text: str) -> str:
    def told(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}{found[1]}{found[3]}{found[4]}{REMOVED}{found[4]}"

    return _QUOTED.sub(lambda found: told(found) if _is_secret(found[2]) else found[0], text)


def clean(value: Any) -> Any:
    """The value with what looks like a secret taken out, and with what is named like one."""
    if isinstance(value, str):
        for pattern, instead in PATTERNS:
            value = pattern.sub(instead, value)
        return _without_quoted(_without_values(value))
    if isinstance(value, Mapping):
        return {
            name: REMOVED if _is_secret(name) else clean(inner) for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(str(value))
