"""Real graphs from the files of `data/`: who did how much to whose words.

a,b,Apprentice|Journeyer|Master     Advogato: a certificate is 1, 3 or 10 reactions
a,b,rating,time                     Bitcoin-OTC: a rating above 0 is as many reactions
a b {'weight': w}                   Congress: the strongest tie is 10 reactions, others less
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEVEL_ACTS = {"Apprentice": 1, "Journeyer": 3, "Master": 10}
MOST_ACTS = 10


@dataclass(frozen=True)
class Graph:
    """`acts[(i, j)]`: how often node i reacted to the words of node j, from 1 to 10."""

    names: tuple[str, ...]
    acts: dict[tuple[int, int], int]

    @property
    def responders(self) -> list[int]:
        """How many reacted to each node."""
        counts = [0] * len(self.names)
        for _, target in self.acts:
            counts[target] += 1
        return counts


def read_graph(path: Path) -> Graph:
    """ValueError, naming the line, for a file that is none of the formats above."""
    with path.open() as file:
        text = [(n, line.strip()) for n, line in enumerate(file, 1)]
    lines = [(n, line) for n, line in text if line and not line.startswith("#")]
    weighed = list(_weighed(lines))
    if not weighed:
        raise ValueError(f"{path.name}: nobody reacts to anybody in it")
    names = tuple(sorted({name for a, b, _ in weighed for name in (a, b)}))
    place = {name: number for number, name in enumerate(names)}
    acts: dict[tuple[int, int], int] = {}
    for a, b, weight in weighed:
        if a != b:
            pair = (place[a], place[b])
            acts[pair] = max(acts.get(pair, 0), weight)
    return Graph(names, acts)


def read_levels(edges: Path) -> dict[str, str] | None:
    """What the site itself said of people (Advogato), from the file beside the edges."""
    path = edges.with_name(edges.name.replace("-certs", "-actual"))
    if path == edges or not path.exists():
        return None
    with path.open() as file:
        rows = [line.strip().split(",") for line in file if not line.startswith("#")]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _weighed(lines: list[tuple[int, str]]) -> Iterator[tuple[str, str, int]]:
    if lines and "{" in lines[0][1]:
        yield from _by_share(lines)
        return
    for number, line in lines:
        parts = line.split(",")
        if len(parts) < 3:
            raise ValueError(f"line {number}: {line!r} is no edge")
        weight = LEVEL_ACTS.get(parts[2]) or int(float(parts[2]))
        if weight > 0:
            yield parts[0], parts[1], min(weight, MOST_ACTS)


def _by_share(lines: list[tuple[int, str]]) -> Iterator[tuple[str, str, int]]:
    ties = []
    for number, line in lines:
        try:
            a, b, _, weight = line.rstrip("}").split(" ", 3)
            ties.append((a, b, float(weight)))
        except ValueError as error:
            raise ValueError(f"line {number}: {line!r} is no edge") from error
    strongest = max(share for *_, share in ties)
    for one, other, share in ties:
        yield one, other, max(1, round(MOST_ACTS * share / strongest))
