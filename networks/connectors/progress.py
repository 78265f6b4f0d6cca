"""Words about how far a read has come, for the page that the member watches. Pure."""

from collections.abc import Iterable
from datetime import datetime


def back_to(times: Iterable[datetime | None], now: datetime) -> str:
    """`: back to 3 July`, or nothing where no time could be read."""
    earliest = min((time for time in times if time), default=None)
    if earliest is None:
        return ""
    year = f" {earliest.year}" if earliest.year != now.year else ""
    return f": back to {earliest.day} {earliest:%B}{year}"
