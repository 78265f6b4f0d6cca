"""What a read is doing, for the page that the member watches. Pure.

A worker does not know the language of whoever watches. So a text is kept in plain English, with
its value in braces (`Reading what you wrote: back to {2026-07-03}`), and `said` translates it
where it is shown.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

from language import LONG_DAY_MONTH, LONG_DAY_MONTH_YEAR, day, gettext
from language import gettext_noop as mark

_FORMS = {
    ": back to": mark("{what}: back to {value}"),
    " on": mark("{what} on {value}"),
    " in": mark("{what} in {value}"),
}
_KEPT = re.compile(rf"(?P<what>.*?)(?P<joint>{'|'.join(_FORMS)}) {{(?P<value>[^{{}}]*)}}")
_BRACES = str.maketrans("", "", "{}")


def back_to(times: Iterable[datetime | None]) -> str:
    """`: back to {2026-07-03}`, or nothing where no time could be read."""
    earliest = min((time for time in times if time), default=None)
    return f": back to {{{earliest.date().isoformat()}}}" if earliest else ""


def placed(joint: str, place: str) -> str:
    """` on {stackoverflow.com}`; `joint` is "on" or "in"."""
    return f" {joint} {{{place.translate(_BRACES)}}}"


def said(kept: str, today: date) -> str:
    """A kept text in the reader's language; a day with its year where it is another one."""
    found = _KEPT.fullmatch(kept)
    if not found:
        return gettext(kept) if kept else ""
    what, joint, value = found.group("what", "joint", "value")
    return gettext(_FORMS[joint]).format(what=gettext(what), value=_said_value(value, today))


def _said_value(value: str, today: date) -> str:
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return value
    return day(on, LONG_DAY_MONTH if on.year == today.year else LONG_DAY_MONTH_YEAR)
