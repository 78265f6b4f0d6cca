"""When mail may go out: not in the hours in which a member wants none. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From one time of day up to another, over midnight too; two equal times are no hours."""

    start: time
    end: time

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        local = at.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself outside of the quiet hours, else their end, in UTC.

        Where clocks are put forward over that end, it is the moment at which they are.
        """
        if not self.holds(at, zone):
            return at
        local = at.astimezone(zone)
        ends = datetime.combine(local.date(), self.end, zone)
        if self.start > self.end and local.time() >= self.start:
            ends = datetime.combine(local.date() + timedelta(days=1), self.end, zone)
        # Where clocks are put back, an hour is there twice: the later one is meant.
        return ends.replace(fold=1).astimezone(UTC)
