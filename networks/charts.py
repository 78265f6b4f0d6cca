"""Coordinates of the small pictures; the templates only write them down. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import language
from language import gettext as _
from language import ngettext

BAR_STEP = 10
BAR_WIDTH = 7
FULL_HEIGHT = 40
NONE_HEIGHT = 2


@dataclass(frozen=True)
class Bar:
    """One day of a pulse, in the units of its viewBox."""

    x: int
    y: int
    width: int
    height: int
    is_none: bool

    @property
    def path(self) -> str:
        return f"M{self.x} {self.y}h{self.width}v{self.height}h-{self.width}z"


@dataclass(frozen=True)
class Pulse:
    bars: tuple[Bar, ...]
    width: int
    height: int
    summary: str
    has_posts: bool

    @property
    def path(self) -> str:
        """The days with posts as path data: one shape costs a page less than 28."""
        return "".join(bar.path for bar in self.bars if not bar.is_none)

    @property
    def none_path(self) -> str:
        """The days without."""
        return "".join(bar.path for bar in self.bars if bar.is_none)


def pulse_bars(days: Sequence[int]) -> Pulse:
    """Bars for posts per day; the busiest day has the full height."""
    busiest = max(days, default=0)
    heights = [
        max(NONE_HEIGHT * 2, FULL_HEIGHT * posts // busiest) if posts else NONE_HEIGHT
        for posts in days
    ]
    bars = tuple(
        Bar(BAR_STEP * at, FULL_HEIGHT - height, BAR_WIDTH, height, not posts)
        for at, (posts, height) in enumerate(zip(days, heights, strict=True))
    )
    total, active = sum(days), sum(1 for posts in days if posts)
    if total:
        told = ngettext(
            "{count} post on {active} of the last {days} days",
            "{count} posts on {active} of the last {days} days",
            total,
        )
    else:
        told = _("No posts in the last {days} days")
    summary = told.format(count=language.number(total), active=active, days=len(days))
    return Pulse(bars, BAR_STEP * len(days), FULL_HEIGHT, summary, bool(total))
