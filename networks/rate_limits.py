"""How long a platform asks us to wait, read from its headers. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Mastodon's own window, for a 429 that does not say.
_DEFAULT_WAIT = timedelta(minutes=5)
_SHORTEST_WAIT = timedelta(seconds=1)
# Nobody may send us away for longer.
_LONGEST_WAIT = timedelta(hours=24)
# A larger number is seconds since 1970, a smaller one seconds from now.
_LEAST_EPOCH = 1_000_000_000

_WAIT_HEADERS = ("retry-after", "x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
_LEFT_HEADERS = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime:
    """The moment from which we may ask again; 1 second to 24 hours after `now`.

    Understands Retry-After (seconds or HTTP date) and the reset headers (ISO 8601, seconds since
    1970, seconds from now). Header names are in lower case.
    """
    moments = (_moment(headers[name], now) for name in _WAIT_HEADERS if name in headers)
    asked = next((moment for moment in moments if moment), now + _DEFAULT_WAIT)
    return min(max(asked, now + _SHORTEST_WAIT), now + _LONGEST_WAIT)


def is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether the platform says that this was the last request of its window."""
    return any(_is_zero(headers.get(name, "")) for name in _LEFT_HEADERS)


def _is_zero(text: str) -> bool:
    """Also `0.0`, as Reddit counts."""
    whole, _, fraction = text.strip()[:64].partition(".")
    return bool(whole) and not whole.strip("0") and not fraction.strip("0")


def _moment(text: str, now: datetime) -> datetime | None:
    text = text.strip()[:64]
    if text.isascii() and text.isdigit():
        return _from_number(int(text), now)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _from_number(seconds: int, now: datetime) -> datetime:
    if seconds < _LEAST_EPOCH:
        return now + min(timedelta(seconds=seconds), _LONGEST_WAIT)
    latest = now + _LONGEST_WAIT
    return datetime.fromtimestamp(min(seconds, latest.timestamp()), UTC)
