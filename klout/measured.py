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

from language import gettext as _
from language import gettext_noop as mark
from language import number

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "how-it-works" / "measured.json"

PARTS = (
    mark("1 in 10 below"),
    mark("a quarter below"),
    mark("half below"),
    mark("a quarter above"),
    mark("1 in 10 above"),
)
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
# Scores of 1,048 unknown people as Klout gave them, rounded.
KLOUT_SCORES = (14, 23, 41, 50, 58)
# This rule, with lists, on the 728 people of the PeerIndex data that it may be built on.
KNOWN_ON_X = (32, 39, 46, 57, 69)

# AUC on the people of PeerIndex that were kept back, by whoever kept them, for the first form of
# the rule; the sampling error is 0.025.
HELD_BACK = (
    (mark("The rule, with lists"), 0.833),
    (mark("The rule, without lists"), 0.818),
    (mark("Followers alone, on a log scale"), 0.808),
    (mark("The best fitted weights, none negative"), 0.835),
    (mark("A machine-learned model nobody can print"), 0.847),
)

# What is done, by the kind that `attack` calls it.
ATTACKS = {
    "ring": mark("{fakes} new accounts react to one member and to each other"),
    "loop": mark("The same, and the member answers fifty of them"),
    "join": mark("{fakes} fakes sign up here, link new accounts and react"),
    "fooled": mark(
        "{fakes} fakes, and {fooled} members drawn by lot were fooled into answering one"
    ),
    "repeat": mark("One person reacts {fakes} times"),
    "reshares": mark("{fakes} reshares from bought accounts"),
    "followers": mark("10,000 bought followers"),
    "bought": mark("10,000 followers, 8,000 reshares and 8,000 likes, all bought"),
    "accounts": mark("Fifty empty accounts linked, each with 10,000 bought followers"),
    "host": mark("A server that invents followers and {fakes} responders"),
    "pod": mark("{fakes} real members agree to react to each other"),
    "curation": mark("{fakes} bought lists or stars"),
    "genuine": mark("{fakes} genuine people respond, nothing bought"),
}


@dataclass(frozen=True)
class Line:
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Lands:
    """Where real people landed: the scores at five places, lowest first."""

    parts: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def median(self) -> int:
        return KLOUT_SCORES[2]

    @property
    def tenth(self) -> int:
        return KLOUT_SCORES[4]


def lands() -> Lands:
    """In the reader's language."""
    return Lands(
        parts=tuple(_(part) for part in PARTS),
        lines=(
            Line(_("Klout, as it was"), KLOUT_SCORES),
            Line(_("This rule, people on X"), KNOWN_ON_X),
        ),
    )


def held_back() -> tuple[tuple[str, str], ...]:
    """What was compared, and its AUC, in the reader's language."""
    return tuple((_(name), number(auc, 3)) for name, auc in HELD_BACK)


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


def measured() -> Measured | None:
    """The stored results, in the reader's language; None where a checkout has none."""
    results = _results()
    return None if results is None else _measured(results)


@cache
def _results() -> Mapping[str, Any] | None:
    if not RESULTS.exists():
        return None
    found: Mapping[str, Any] = json.loads(RESULTS.read_text())
    return found


def _measured(results: Mapping[str, Any]) -> Measured:
    judged = results["judgement"]
    with_lists, without = judged["with_curation"], judged["without_curation"]
    attacks: Sequence[Mapping[str, Any]] = results["attacks"]
    return Measured(
        auc=number(with_lists["auc"], 3),
        auc_without=number(without["auc"], 3),
        auc_followers=number(with_lists["auc_followers"], 3),
        error=number(with_lists["standard_error"], 3),
        pairs=with_lists["pairs"],
        attacks=tuple(_attack(one) for one in attacks),
        defeats=tuple(told for one in attacks for told in _defeats(one)),
    )


def _attack(one: Mapping[str, Any]) -> Attack:
    attack = ATTACKS[one["kind"]]
    words = _(attack).format(fakes=number(one["fakes"]), fooled=one["fooled"])
    before, after = one["percentile_before"], one["percentile_after"]
    if one["profile"] == "polished":
        words = _("{attack}, with profiles as of genuine people").format(attack=words)
    return Attack(
        words=words,
        graph=GRAPHS.get(one["graph"], one["graph"]),
        points=number(one["points_median"], 1),
        most=number(one["points_most"], 1),
        percentiles=_("{before} to {after}").format(before=round(before), after=round(after)),
        bar=_(one["bar"]) if one.get("bar") else "",
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
    for name, (in_vain, enough) in DEFEATS.items():
        key = f"{name}_to_the_top_decile"
        if key in one:
            found, tried = one[key], number(one[f"{key}_tried"])
            if found is None:
                told.append(_(in_vain).format(tried=tried))
            else:
                told.append(_(enough).format(found=number(found), tried=tried))
    return told


DEFEATS = {
    "fakes": (
        mark("Not with {tried} fakes."),
        mark("With {found} fakes (up to {tried} were tried)."),
    ),
    "fooled": (
        mark("Not with {tried} fooled members."),
        mark("With {found} fooled members (up to {tried} were tried)."),
    ),
}
