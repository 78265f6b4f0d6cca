"""Coordinates of the pictures of K; the templates only write them down. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

# The path of a K: a line that winds from hand to hand, in the units of its viewBox.
PER_ROW = 5
STEP = 68
ROW = 62
RADIUS = 19
EDGE = 28
# The bow at the end of a row, outside the last hand of it.
BOW = ROW // 2


@dataclass(frozen=True)
class Node:
    """A hand in a picture: where, and what is written in it."""

    x: float
    y: float
    initials: str
    is_named: bool
    is_you: bool


@dataclass(frozen=True)
class PathPicture:
    width: int
    height: int
    line: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Hand:
    """What a picture needs to know of a hand."""

    initials: str
    is_named: bool = True
    is_you: bool = False


def path_picture(hands: Sequence[Hand]) -> PathPicture:
    """Hands along a line that winds to and fro, five in a row; the last one is where it is."""
    places = [_place(index) for index in range(len(hands))]
    rows = (len(hands) - 1) // PER_ROW + 1
    widest = min(len(hands), PER_ROW)
    return PathPicture(
        width=2 * EDGE + STEP * (widest - 1) + (BOW if rows > 1 else 0) * 2,
        height=2 * EDGE + ROW * (rows - 1),
        line=_line(places, shift=BOW if rows > 1 else 0),
        nodes=tuple(
            Node(x + (BOW if rows > 1 else 0), y, hand.initials, hand.is_named, hand.is_you)
            for (x, y), hand in zip(places, hands, strict=True)
        ),
    )


def _place(index: int) -> tuple[int, int]:
    row, column = divmod(index, PER_ROW)
    column = PER_ROW - 1 - column if row % 2 else column
    return EDGE + STEP * column, EDGE + ROW * row


def _line(places: Sequence[tuple[int, int]], shift: int) -> str:
    """The path as an SVG `d`: straight along a row, a half circle into the next."""
    (x, y), *others = places
    parts = [f"M{x + shift} {y}"]
    for before, (x, y) in zip(places, others, strict=False):
        if y == before[1]:
            parts.append(f"H{x + shift}")
        else:
            # Right-hand ends bow to the right (sweep 1), left-hand ones to the left.
            sweep = 1 if x > EDGE else 0
            parts.append(f"A{BOW} {BOW} 0 0 {sweep} {x + shift} {y}")
    return "".join(parts)


# The map: the member in the middle, then two rings.
SIZE = 440
INNER = 108
OUTER = 188


@dataclass(frozen=True)
class Spoke:
    """A line of the map from one hand to the next."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class MapPicture:
    size: int
    spokes: tuple[Spoke, ...]
    nodes: tuple[Node, ...]


def map_picture(you: Hand, branches: Sequence[tuple[Hand, Sequence[Hand]]]) -> MapPicture:
    """Whom a member gave to on the inner ring, and whom those passed it on to on the outer one."""
    leaves = sum(max(1, len(twigs)) for _, twigs in branches)
    middle = SIZE / 2
    spokes: list[Spoke] = []
    nodes: list[Node] = [Node(middle, middle, you.initials, you.is_named, is_you=True)]
    at = 0
    for hand, twigs in branches:
        room = max(1, len(twigs))
        x, y = _on_ring(INNER, at + (room - 1) / 2, leaves)
        spokes.append(Spoke(middle, middle, x, y))
        nodes.append(Node(x, y, hand.initials, hand.is_named, hand.is_you))
        for place, twig in enumerate(twigs):
            far_x, far_y = _on_ring(OUTER, at + place, leaves)
            spokes.append(Spoke(x, y, far_x, far_y))
            nodes.append(Node(far_x, far_y, twig.initials, twig.is_named, twig.is_you))
        at += room
    return MapPicture(SIZE, tuple(spokes), tuple(nodes))


def _on_ring(radius: float, at: float, of: int) -> tuple[float, float]:
    """The `at`-th of `of` places on a circle, the first one at the top, clockwise."""
    turn = 2 * pi * at / of - pi / 2
    return round(SIZE / 2 + radius * cos(turn), 1), round(SIZE / 2 + radius * sin(turn), 1)
