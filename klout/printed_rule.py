"""The rule as it is printed on How it works: every figure is taken from the code that scores."""

from dataclasses import dataclass
from math import log

from networks.registry import PLATFORMS
from scoring import band, rule

SCALE = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
SHOWN_ACTS = (1, 2, 3, 5, rule.SATURATION_ACTS, 1_000)
FRACTIONS = {2: "a half", 4: "a quarter", 8: "an eighth", 16: "a sixteenth"}


@dataclass(frozen=True)
class Pair:
    """One column of a small table: a given figure, and what it comes to."""

    given: str
    comes_to: str


@dataclass(frozen=True)
class Input:
    name: str
    meaning: str


@dataclass(frozen=True)
class PrintedRule:
    """Everything the page prints of one rule version."""

    name: str
    window: int
    half_life: int
    per_response: int
    per_list: int
    full_reach: int
    per_tenfold: str
    most_acts: int
    unknown_worth: str
    unknown_at_most: str
    unknown_hosts_at_most: int
    left_out_after: int
    learning_days: int
    learning_margin: int
    curated: str
    scale: tuple[Pair, ...]
    saturation: tuple[Pair, ...]
    inputs: tuple[Input, ...]


def printed_rule() -> PrintedRule:
    """The rule in force, in the words and figures of the page."""
    return PrintedRule(
        name=rule.RULE_VERSION,
        window=rule.WINDOW_DAYS,
        half_life=rule.HALF_LIFE_DAYS,
        per_response=rule.LISTENERS_PER_RESPONSE,
        per_list=rule.CURATION_FACTOR,
        full_reach=rule.WHOLE_REACH,
        per_tenfold=points_per_tenfold(),
        most_acts=rule.SATURATION_ACTS,
        unknown_worth=FRACTIONS[1 << rule.EVERYONE_SHIFT],
        unknown_at_most=FRACTIONS[rule.ONE // rule.EVERYONE_AT_MOST],
        unknown_hosts_at_most=rule.UNKNOWN_HOSTS_AT_MOST // rule.ONE,
        left_out_after=rule.LEFT_OUT_AFTER_DAYS,
        learning_days=band.LEARNING_DAYS,
        learning_margin=band.LEARNING_HUNDREDTHS // 100,
        curated=" and ".join(sorted(PLATFORMS[key].label for key in rule.WITH_CURATION)),
        scale=tuple(
            Pair(f"{reach:,}", str(rule.hundredths_of(reach * rule.ONE) // 100)) for reach in SCALE
        ),
        saturation=tuple(Pair(f"{acts:,}", _worth(acts)) for acts in SHOWN_ACTS),
        inputs=tuple(Input(name, meaning) for name, meaning in rule.RULE_INPUTS),
    )


def points_per_tenfold() -> str:
    """What ten times the reach adds, once a hundred listen."""
    return f"{99 * log(10) / log(1 + rule.WHOLE_REACH):.1f}"


def _worth(acts: int) -> str:
    return f"{rule.SATURATION[min(acts, rule.SATURATION_ACTS)] / rule.ONE:.2f}"
