"""The clock of this network: read once for each request, at the edge."""

from datetime import UTC, datetime

from playground import settings


def _in_utc(moment: datetime) -> datetime:
    """A moment without a time zone is taken as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_stopped_at = _in_utc(settings.NOW) if settings.NOW else None


def now() -> datetime:
    return _stopped_at or datetime.now(UTC)


def stop_at(moment: datetime) -> None:
    """Only `/trouble/` may do that, for tests."""
    global _stopped_at
    _stopped_at = _in_utc(moment)
