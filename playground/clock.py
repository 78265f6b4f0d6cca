"""The clock of this network: read once for each request, at the edge."""

from datetime import UTC, datetime

from playground import settings

_stopped_at: datetime | None = settings.NOW and settings.NOW.astimezone(UTC)


def now() -> datetime:
    return _stopped_at or datetime.now(UTC)


def stop_at(moment: datetime) -> None:
    """Only `/trouble/` may do that, for tests."""
    global _stopped_at
    _stopped_at = moment.astimezone(UTC)
