"""What members see of their own score, by what they chose. Pure.

By observing something one may change it, so the number can be had every day, once a week, as a
range or not at all. It is decided here and nowhere else: selectors hand out views from which
everything that is not to be seen has been left out, and templates print what they get.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAILY, WEEKLY, BAND, HIDDEN = "daily", "weekly", "band", "hidden"
MONDAY = 0


@dataclass(frozen=True)
class Seen:
    """No day after `until`. `asked`: the member wanted to see all of it this once.

    `number`: the score, points, and differences of them; `band`: the likely range and its chart.
    """

    choice: str
    until: date
    number: bool = True
    band: bool = True
    asked: bool = False

    @property
    def is_weekly(self) -> bool:
        """Whether the number of the last Monday stands for the week."""
        return self.choice == WEEKLY and not self.asked

    @property
    def is_everything(self) -> bool:
        return self.number and self.band and not self.is_weekly

    def newest_first(self, on: date) -> bool:
        """Whether the score of this day may be the one that is shown as the newest."""
        return on <= self.until and (not self.is_weekly or on.weekday() == MONDAY)


EVERYTHING = Seen(DAILY, until=date.max)


def seen(choice: str, today: date, *, asked: bool = False) -> Seen:
    """What a member who chose `choice` (`Member.ScoreShown`) may be shown on a day (UTC).

    Weekly: nothing of the days after the last Monday; the score of a day speaks for midnight
    UTC at which it began, so a Monday's is the number of the night to Monday.
    """
    if asked:
        return Seen(choice, today, asked=True)
    if choice == WEEKLY:
        return Seen(choice, today - timedelta(days=today.weekday()))
    return Seen(choice, today, number=choice not in (BAND, HIDDEN), band=choice != HIDDEN)
