"""Ids as Mastodon makes them: milliseconds since 1970 in the upper bits, 16 more bits below."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOW_BITS = 16
LOW_MASK = (1 << LOW_BITS) - 1


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def snowflake(at_ms: int, low: int) -> int:
    return at_ms << LOW_BITS | (low & LOW_MASK)


def moment_of(snowflake_id: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=snowflake_id >> LOW_BITS)


def read_id(text: str | None) -> int | None:
    """An id as clients send it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None


def horizon(now: datetime) -> int:
    """The first id that lies in the future of `now`."""
    return snowflake(milliseconds(now) + 1, 0)
