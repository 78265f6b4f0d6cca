"""How many people listen to one account, over how many respond, with the point where it is.

Pure. Both axes grow with `log10(1 + x)`, so that nobody at all has a place and every step means
ten times as many. Words stand in the picture: it is never drawn wider than they can be read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import log10

import language
from language import gettext as _
from language import gettext_noop, ngettext
from scoring.explanations import about, grouped
from scoring.rule import ONE, WITHOUT_AUDIENCE, AccountFigures

WIDTH, HEIGHT = 340.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 14.0, 40.0
STEPS = 60
# The axes end well beyond the point, where the curve shows how it goes on.
MORE_RESPONSE, HEADROOM = 10.0, 1.3
# Under so much from the left, the words stand to the right of the point.
TURN = 0.72

_SHORT = (
    (1_000_000_000, gettext_noop("{n}bn")),
    (1_000_000, gettext_noop("{n}m")),
    (1_000, gettext_noop("{n}k")),
)

# The reach (fixed) of an account by the rule, with all else as it is.
Reach = Callable[[AccountFigures], int]


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class ReachCurve:
    """The curve as path data; the point is at `x`, `y`, the audience a line at `audience_at`."""

    curve: str
    x: float
    y: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    audience_at: float | None
    audience: str
    told: str
    told_at: float
    told_anchor: str
    label: str

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM


def reach_curve(account: AccountFigures, reach: Reach, *, name: str) -> ReachCurve:
    """The curve of one account: its response varies, its audience and its lists stay."""
    listeners, response = reach(account) / ONE, account.response / ONE
    audience = None if account.platform in WITHOUT_AUDIENCE else account.followers
    most = max(MORE_RESPONSE * response, (audience or 0) / 50, 20.0)
    farthest = reach(replace(account, response=int(most * ONE))) / ONE
    plot = _Plot(most, HEADROOM * max(farthest, audience or 0, 9.0))
    points = [
        plot.at(x, reach(replace(account, response=int(x * ONE))) / ONE) for x in plot.responses()
    ]
    x, y = plot.at(response, listeners)
    is_left = x < LEFT + TURN * (WIDTH - LEFT - RIGHT)
    return ReachCurve(
        curve="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
        x=x,
        y=y,
        across=tuple(Tick(plot.at(count, 0)[0], _short(count)) for count in _marks(plot.most)),
        up=tuple(Tick(plot.at(0, count)[1], _short(count)) for count in _marks(plot.highest)),
        audience_at=plot.at(0, audience)[1] if audience else None,
        audience=_("audience {count}").format(count=grouped(audience)) if audience else "",
        told=_listen(listeners),
        told_at=round(x + (9 if is_left else -9), 1),
        told_anchor="start" if is_left else "end",
        label=_label(name, response, listeners, audience),
    )


@dataclass(frozen=True)
class _Plot:
    """`most` response and `highest` number of listeners are at the ends of the axes."""

    most: float
    highest: float

    def at(self, response: float, listeners: float) -> tuple[float, float]:
        across = min(1.0, log10(1 + response) / log10(1 + self.most))
        up = min(1.0, log10(1 + listeners) / log10(1 + self.highest))
        x = LEFT + (WIDTH - LEFT - RIGHT) * across
        return round(x, 1), round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up, 1)

    def responses(self) -> Iterator[float]:
        """As many steps as make a smooth curve, all of the same width."""
        for step in range(STEPS + 1):
            yield (1 + self.most) ** (step / STEPS) - 1


def _marks(most: float) -> list[int]:
    """0, 10, 100 and so on, only every other one of them where there are many."""
    powers = int(log10(most)) + 1
    return [0, *(10**power for power in range(1, powers, 1 if powers <= 6 else 2))]


def _short(count: int) -> str:
    for size, short in _SHORT:
        if count >= size:
            return _(short).format(n=count // size)
    return str(count)


def _listen(listeners: float) -> str:
    count = round(listeners)
    return ngettext("{count} listens", "{count} listen", count).format(count=about(count))


def _label(name: str, response: float, listeners: float, audience: int | None) -> str:
    told = [
        _("{name}: how many listen, over the response.").format(name=name),
        _("The point: a response of {response}, and {listen}.").format(
            response=language.number(response, 1), listen=_listen(listeners)
        ),
    ]
    if not audience:
        told.append(_("There is no audience to see, so the curve rises with the response alone."))
    else:
        levels = _("The curve levels off near the audience, {count}.")
        told.append(levels.format(count=grouped(audience)))
    return " ".join(told)
