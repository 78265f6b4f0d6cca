"""How many people listen to one account, over how many respond, with the point where it is.

Pure. Both axes grow with `log10(1 + x)`, so that nobody at all has a place and every step means
ten times as many. Words stand in the picture: it is never drawn wider than they can be read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import log10

from scoring.explanations import about, grouped
from scoring.rule import ONE, WITHOUT_AUDIENCE, AccountFigures

WIDTH, HEIGHT = 340.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 14.0, 40.0
STEPS = 60
# Under so much from the left, the words stand to the right of the point.
TURN = 0.55

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
    widest = _decades(max(10.0 * response, (audience or 0) / 20, 99.0))
    farthest = reach(replace(account, response=int((10**widest - 1) * ONE))) / ONE
    plot = _Plot(widest, _decades(max(farthest, audience or 0, 9.0)))
    points = [
        plot.at(x, reach(replace(account, response=int(x * ONE))) / ONE) for x in plot.responses()
    ]
    x, y = plot.at(response, listeners)
    is_left = x < LEFT + TURN * (WIDTH - LEFT - RIGHT)
    return ReachCurve(
        curve="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
        x=x,
        y=y,
        across=tuple(Tick(plot.at(count, 0)[0], _short(count)) for count in _marks(plot.widest)),
        up=tuple(Tick(plot.at(0, count)[1], _short(count)) for count in _marks(plot.highest)),
        audience_at=plot.at(0, audience)[1] if audience else None,
        audience=f"audience {grouped(audience)}" if audience else "",
        told=f"{about(round(listeners))} listen",
        told_at=round(x + (9 if is_left else -9), 1),
        told_anchor="start" if is_left else "end",
        label=_label(name, response, listeners, audience),
    )


@dataclass(frozen=True)
class _Plot:
    """`widest` and `highest` in decades of response and of listeners."""

    widest: int
    highest: int

    def at(self, response: float, listeners: float) -> tuple[float, float]:
        across = min(1.0, log10(1 + response) / self.widest)
        up = min(1.0, log10(1 + listeners) / self.highest)
        x = LEFT + (WIDTH - LEFT - RIGHT) * across
        return round(x, 1), round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up, 1)

    def responses(self) -> Iterator[float]:
        for step in range(STEPS + 1):
            yield 10 ** (self.widest * step / STEPS) - 1


def _decades(most: float) -> int:
    """The least whole number of decades that holds `most`."""
    decades = 1
    while 10**decades <= most:
        decades += 1
    return decades


def _marks(decades: int) -> list[int]:
    """0, 10, 100 and so on, only every other one of them where there are many."""
    return [0, *(10**power for power in range(1, decades, 1 if decades <= 5 else 2))]


def _short(count: int) -> str:
    for size, letter in ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k")):
        if count >= size:
            return f"{count // size}{letter}"
    return str(count)


def _label(name: str, response: float, listeners: float, audience: int | None) -> str:
    told = [
        f"{name}: how many listen, over the response.",
        f"The point: a response of {response:.1f}, and {about(round(listeners))} listen.",
    ]
    if audience is None:
        told.append("There is no audience to see, so the curve only rises.")
    else:
        told.append(f"The curve levels off where the audience of {grouped(audience)} is used up.")
    return " ".join(told)
