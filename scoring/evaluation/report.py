"""What an attack came to: one dictionary of figures, and whether its published bar holds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from language import gettext_noop as mark
from scoring.evaluation import attacks
from scoring.evaluation.attacks import Target, Wanted, World

# What each kind may bring at most (points, or percentile points), as published and printed.
BARS = {
    "ring": mark("at most 1 point"),
    "loop": mark("at most 1 point"),
    "join": mark("at most 1 point"),
    "fooled": mark("at most 27 percentile points"),
    "repeat": mark("no more than 10 reactions of the same person"),
    "reshares": mark("under 3 points"),
    "followers": mark("under 3 points for the median account"),
    "bought": mark("at most 5 points for the median account, 12 for the 95th percentile"),
    "accounts": mark("at most 5 points over one such account"),
    "host": mark("never above what 1,000 listeners give"),
    "genuine": mark("at least 5 points for the median account"),
}
MOST_FAKES, MOST_FOOLED = 4_096, 256


def run(edges: Path, profiles: Path, wanted: Wanted, *, decile: bool = True) -> dict[str, object]:
    """Load the graph, attack, and sum up. Wants empty tables."""
    world = attacks.load(edges, profiles, wanted)
    return summed_up(world, edges, decile=decile)


def summed_up(world: World, edges: Path, *, decile: bool) -> dict[str, object]:
    targets = attacks.targets_of(world)
    attacks.attack(world, targets)
    points = [target.points for target in targets]
    found: dict[str, object] = {
        "kind": world.wanted.kind,
        "graph": edges.name,
        "people": len(world.accounts),
        "fakes": world.wanted.fakes,
        "fooled": world.wanted.fooled,
        "profile": world.wanted.profile,
        "seed": world.wanted.seed,
        "targets": len(targets),
        "score_before": _mean(target.before / 100 for target in targets),
        "score_after": _mean(target.after / 100 for target in targets),
        "points_median": round(float(np.median(points)), 2),
        "points_p95": round(float(np.percentile(points, 95)), 2),
        "points_most": max(points),
        "percentile_before": _mean(target.percentile_before for target in targets),
        "percentile_after": _mean(target.percentile_after for target in targets),
    }
    holds = _holds(world, targets, found)
    if world.wanted.profile != "polished" and holds is not None:
        found |= {"bar": BARS[world.wanted.kind], "holds": holds}
    if (auc := attacks.utility(world, edges)) is not None:
        found["auc"] = auc
    if decile and world.wanted.kind in ("loop", "fooled"):
        kind, most = (
            ("loop", MOST_FAKES) if world.wanted.kind == "loop" else ("fooled", MOST_FOOLED)
        )
        middle = sorted(targets, key=lambda one: one.before)[len(targets) // 2]
        name = "fakes_to_the_top_decile" if kind == "loop" else "fooled_to_the_top_decile"
        found[name] = attacks.to_the_top_decile(world, replace(middle), kind, most)
        found[f"{name}_tried"] = most
    return found


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 2)


def _holds(world: World, targets: Sequence[Target], found: dict[str, object]) -> bool | None:
    """Whether the bar of this kind holds; None where there is none."""
    points = [target.points for target in targets]
    kind = world.wanted.kind
    if kind in ("ring", "loop", "join"):
        return max(points) <= 1
    if kind == "fooled":
        gains = [one.percentile_after - one.percentile_before for one in targets]
        return float(np.mean(gains)) <= 27
    if kind == "repeat":
        return points == _with_ten(world, targets)
    if kind == "reshares":
        return max(points) < 3
    if kind == "followers":
        return float(np.median(points)) < 3
    if kind == "bought":
        return float(np.median(points)) <= 5 and float(np.percentile(points, 95)) <= 12
    if kind == "accounts":
        over = np.array(points) - np.array(attacks.one_account(world, targets))
        found["points_over_one"] = round(float(over.max()), 2)
        return bool(over.max() <= 5)
    if kind == "host":
        allowed = [attacks.thousand_listeners(target) for target in targets]
        found["points_of_1000_listeners"] = round(float(np.median(allowed)), 2)
        return all(one <= most for one, most in zip(points, allowed, strict=True))
    if kind == "genuine":
        return float(np.median(points)) >= 5
    return None


def _with_ten(world: World, targets: Sequence[Target]) -> list[float]:
    """The points of the same attack with ten reactions instead of N."""
    again, asked = [replace(target) for target in targets], world.wanted
    world.wanted = replace(asked, fakes=10)
    attacks.attack(world, again)
    world.wanted = asked
    return [target.points for target in again]
