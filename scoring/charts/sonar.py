"""Accounts around the score, as coordinates for inline SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, sqrt

from language import gettext as _
from language import listed, ngettext

CENTRE, BUOY_DISTANCE = 160.0, 122.0
FIRST_ANGLE = -135.0
MOST_BUOYS = 8
SMALLEST_BUOY, LARGEST_BUOY = 4.0, 10.0


@dataclass(frozen=True)
class Source:
    """A linked account for the sonar; `share` of the points, 0 to 1."""

    label: str
    share: float
    is_heard: bool


@dataclass(frozen=True)
class Buoy:
    x: float
    y: float
    size: float
    label: str
    label_x: float
    label_y: float
    is_heard: bool


@dataclass(frozen=True)
class SonarChart:
    """The score in the middle, around it the accounts, sized by what they add.

    What is not to be seen is None: the score, and perhaps its likely range as well.
    """

    whole: int | None
    low: int | None
    high: int | None
    rings: tuple[int, ...]
    buoys: tuple[Buoy, ...]
    label: str


def sonar(
    whole: int | None, low: int | None, high: int | None, sources: Sequence[Source]
) -> SonarChart:
    """`sources` with the largest first; the first few get a buoy, evenly around."""
    shown = sources[:MOST_BUOYS]
    buoys = tuple(
        _buoy(source, FIRST_ANGLE + 360 * place / len(shown)) for place, source in enumerate(shown)
    )
    return SonarChart(
        whole, low, high, (72, 104, 136), buoys, _sonar_label(whole, low, high, sources)
    )


def _buoy(source: Source, angle: float) -> Buoy:
    x = CENTRE + BUOY_DISTANCE * cos(radians(angle))
    y = CENTRE + BUOY_DISTANCE * sin(radians(angle))
    size = SMALLEST_BUOY + (LARGEST_BUOY - SMALLEST_BUOY) * sqrt(source.share)
    above = y < CENTRE
    return Buoy(
        x=round(x, 1),
        y=round(y, 1),
        size=round(size, 1),
        label=_label(source),
        label_x=round(min(270.0, max(50.0, x)), 1),
        label_y=round(y - size - 7 if above else y + size + 15, 1),
        is_heard=source.is_heard,
    )


def _label(source: Source) -> str:
    return source.label if source.is_heard else _("{name}, not read").format(name=source.label)


def _sonar_label(
    whole: int | None, low: int | None, high: int | None, sources: Sequence[Source]
) -> str:
    told = [_figure(whole, low, high)]
    heard = [source.label for source in sources if source.is_heard]
    unread = [source.label for source in sources if not source.is_heard]
    if heard:
        form = ngettext("{networks} is heard.", "{networks} are heard.", len(heard))
        told.append(form.format(networks=listed(heard)))
    if unread:
        form = ngettext(
            "{networks} is not read for a while.",
            "{networks} are not read for a while.",
            len(unread),
        )
        told.append(form.format(networks=listed(unread)))
    return " ".join(filter(None, told))


def _figure(whole: int | None, low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    if whole is None:
        return _("Likely {low} to {high}.").format(low=low, high=high)
    return _("Score {score}, likely {low} to {high}.").format(score=whole, low=low, high=high)
