"""What a platform lets the whole site ask for in one day, let out hour by hour. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Quota:
    """`per_day` units for a day that ends at midnight in `zone`; `name` tells it from others.

    Each hour lets out its part of the day's units, and what earlier hours left over, so that
    accounts read in the morning leave something for those read at night.
    """

    name: str
    per_day: int
    zone: str

    def day(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def ends_at(self, now: datetime) -> datetime:
        """The end of the day, in UTC."""
        return self._midnight(self.day(now) + timedelta(days=1))

    def let_out(self, now: datetime) -> int:
        """How many units of the day may be spent by the end of this hour."""
        begins_at, ends_at = self._midnight(self.day(now)), self.ends_at(now)
        hour = timedelta(hours=1)
        hours = max(1, (ends_at - begins_at) // hour)
        return self.per_day * min(hours, (now - begins_at) // hour + 1) // hours

    def next_at(self, now: datetime) -> datetime:
        """When more units are let out."""
        begins_at = self._midnight(self.day(now))
        hours = (now - begins_at) // timedelta(hours=1) + 1
        return min(begins_at + timedelta(hours=hours), self.ends_at(now))

    def _midnight(self, day: date) -> datetime:
        local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)
