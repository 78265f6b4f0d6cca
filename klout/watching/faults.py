"""Faults to Sentry, or to what speaks its protocol: where it went wrong, never about whom.

What leaves this machine is the kind of the fault, the lines of code it passed, and the ids that
find it in our own logs. Bodies, headers, cookies, addresses, variables and the words of the fault
stay: words may quote what somebody wrote.
"""

from typing import Any

import sentry_sdk
import structlog
from django.conf import settings

from klout.logs import clean

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "logger")


def begin(dsn: str, process: str) -> None:
    """From here on faults that nobody caught are sent to `dsn`."""
    sentry_sdk.init(
        dsn=dsn,
        release=settings.VERSION,
        server_name=process,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_people,
    )


def without_people(event: Any, _hint: object) -> Any:
    """Built anew from what may go, so that what a later version adds stays here."""
    kept = {name: event[name] for name in KEPT if name in event}
    kept["exception"] = {"values": [_fault(one) for one in _values(event, "exception")]}
    kept["transaction"] = clean(event.get("transaction", ""))
    kept["tags"] = _ids()
    return kept


def _values(event: Any, name: str) -> list[Any]:
    return (event.get(name) or {}).get("values") or []


def _fault(one: Any) -> dict[str, Any]:
    frames = ((one.get("stacktrace") or {}).get("frames")) or []
    names = ("filename", "function", "module", "lineno", "in_app")
    return {
        "type": one.get("type"),
        "module": one.get("module"),
        "stacktrace": {"frames": [{n: frame[n] for n in names if n in frame} for frame in frames]},
    }


def _ids() -> dict[str, str]:
    bound = structlog.contextvars.get_contextvars()
    return {name: str(bound[name]) for name in ("request_id", "task_id", "task") if name in bound}
