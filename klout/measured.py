"""Figures on How it works that were measured, not worked out.

What `manage.py measure` found is kept in RESULTS; the page takes its figures from there and from
nowhere else. What other people measured is typed in here,
with what it was measured on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "how-it-works" / "measured.json"

PARTS = ("1 in 10 below", "a quarter below", "half below", "a quarter above", "1 in 10 above")
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
# Scores of 1,048 unknown people as Klout gave them, rounded.
KLOUT_SCORES = (14, 23, 41, 50, 58)
# This rule, with lists, on the 728 people of the PeerIndex data that it may be built on.
KNOWN_ON_X = (32, 39, 46, 57, 69)

# AUC on the people of PeerIndex that were kept back, by whoever kept them, for the first form of
# the rule; the sampling error is 0.025.
HELD_BACK = (
    ("The rule, with lists", "0.833"),
    ("The rule, without lists", "0.818"),
    ("Followers alone, on a log scale", "0.808"),
    ("The best fitted weights, none negative", "0.835"),
    ("A machine-learned model nobody can print", "0.847"),
)

# What is done, by the kind that `attack` calls it.
ATTACKS = {
    "ring": "{fakes} new accounts react to one member and to each other",
    "loop": "The same, and the member answers fifty of them",
    "join": "{fakes} fakes sign up here, link new accounts and react",
    "fooled": "{fakes} fakes, and {fooled} members drawn by lot were fooled into answering one",
    "repeat": "One person reacts {fakes} times",
    "reshares": "{fakes} reshares from bought accounts",
    "followers": "10,000 bought followers",
    "bought": "10,000 followers, 8,000 reshares and 8,000 likes, all bought",
    "accounts": "Fifty empty accounts linked, each with 10,000 bought followers",
    "host": "A server that invents followers and {fakes} responders",
    "pod": "{fakes} real members agree to react to each other",
    "curation": "{fakes} bought lists or stars",
    "genuine": "{fakes} genuine people respond, nothing bought",
}


@dataclass(frozen=True)
class Line:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Lands:
    """Where real people landed: the scores at five places, lowest first."""

    parts: tuple[str, ...] = PARTS
    lines: tuple[Line, ...] = (
        Line("Klout, as it was", KLOUT_SCORES),
        Line("This rule, people on X", KNOWN_ON_X),
    )

    @property
    def median(self) -> int:
        return KLOUT_SCORES[2]

    @property
    def tenth(self) -> int:
        return KLOUT_SCORES[4]


@dataclass(frozen=True)
class Attack:
    """One attack as it was measured: points for the middle target and the most for any."""

    words: str
    graph: str
    points: str
    most: str
    percentiles: str
    bar: str


@dataclass(frozen=True)
class Measured:
    """What the commands found; the AUCs with and without lists."""

    auc: str
    auc_without: str
    auc_followers: str
    error: str
    pairs: int
    attacks: tuple[Attack, ...]
    defeats: tuple[str, ...]


@cache
def measured() -> Measured | None:
    """The stored results; None where a checkout has none."""
    if not RESULTS.exists():
        return None
    return _measured(json.loads(RESULTS.read_text()))


def _measured(results: Mapping[str, Any]) -> Measured:
    judged = results["judgement"]
    with_lists, without = judged["with_curation"], judged["without_curation"]
    attacks: Sequence[Mapping[str, Any]] = results["attacks"]
    return Measured(
        auc=f"{with_lists['auc']:.3f}",
        auc_without=f"{without['auc']:.3f}",
        auc_followers=f"{with_lists['auc_followers']:.3f}",
        error=f"{with_lists['standard_error']:.3f}",
        pairs=with_lists["pairs"],
        attacks=tuple(_attack(one) for one in attacks),
        defeats=tuple(told for one in attacks for told in _defeats(one)),
    )


def _attack(one: Mapping[str, Any]) -> Attack:
    words = ATTACKS[one["kind"]].format(fakes=f"{one['fakes']:,}", fooled=one["fooled"])
    before, after = one["percentile_before"], one["percentile_after"]
    polished = ", with profiles as of genuine people" if one["profile"] == "polished" else ""
    return Attack(
        words=words + polished,
        graph=GRAPHS.get(one["graph"], one["graph"]),
        points=f"{one['points_median']:.1f}",
        most=f"{one['points_most']:.1f}",
        percentiles=f"{before:.0f} to {after:.0f}",
        bar=one.get("bar", ""),
    )


GRAPHS = {
    "konect.out.advogato": "Advogato",
    "advogato.org-certs.txt": "Advogato",
    "soc-sign-bitcoinotc.csv": "Bitcoin OTC",
    "congress.edgelist": "Congress",
}


def _defeats(one: Mapping[str, Any]) -> list[str]:
    """How many fakes or fooled members it takes to lift a middle member to the top tenth."""
    told = []
    for name, what in (("fakes", "fakes"), ("fooled", "fooled members")):
        key = f"{name}_to_the_top_decile"
        if key in one:
            tried = f"{one[f'{key}_tried']:,}"
            found = one[key]
            told.append(
                f"Not with {tried} {what}."
                if found is None
                else f"With {found:,} {what} (up to {tried} were tried)."
            )
    return told
