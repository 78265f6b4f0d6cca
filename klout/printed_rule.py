"""The rule as it is printed on How it works: every figure is taken from the code that scores."""

from dataclasses import dataclass
from math import log

import language
from language import gettext as _
from language import gettext_noop as mark
from language import listed, ngettext
from networks.registry import PLATFORMS
from scoring import band, rule
from scoring.explanations import about, fraction, grouped
from scoring.tallies import Cell

SCALE = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
SHOWN_ACTS = (1, 2, 3, 5, rule.SATURATION_ACTS, 1_000)
# Followers and people who responded within the window, from quiet to widely heard.
LANDINGS = (
    (30, 0),
    (100, 3),
    (400, 10),
    (2_000, 40),
    (10_000, 150),
    (100_000, 1_000),
    (1_000_000, 8_000),
)
FOUND, CHOSEN, ASSUMED = mark("found on X"), mark("chosen"), mark("assumed")
# Where each constant is from: its kind, and the reason.
CARRIES = (
    FOUND,
    mark("best balance between judgements of people and bought followers, of 100 to 1,000"),
)
UNFOLLOWED = (FOUND, mark("best agreement with people that bought followers could not use"))
CURATION = (FOUND, mark("with lists the rule agrees with people better; on GitHub it is assumed"))
CORNER = (CHOSEN, mark("round, so that near the corner both sides count; tested in this form"))
HALF_LIFE = (CHOSEN, mark("open data with times and judgements do not exist"))
WINDOW = (CHOSEN, mark("three half-lives: what is older would count an eighth at most"))
ACTS = (CHOSEN, mark("so that a thousand reactions of one person are worth what ten are"))
STEPS = (CHOSEN, mark("coarse, so that a weight tells nothing about a person"))
PROFILE = (CHOSEN, mark("a profile can be bought, people who vouch for somebody hardly"))
EVERYBODY = (CHOSEN, mark("so that thousands of bought accounts do what a handful of people do"))
GRANTED = (CHOSEN, mark("so that an audience that nobody has answered yet is worth a little"))
HOSTS = (CHOSEN, mark("anybody can run a server that claims a million followers"))
WHOLE = (CHOSEN, mark("about as many as follow the most followed accounts; it never moves"))
LEFT_OUT = (CHOSEN, mark("a server may be down for weeks; figures older than a month say little"))
FRACTIONS = {2: mark("a half"), 4: mark("a quarter"), 8: mark("an eighth"), 16: mark("a sixteenth")}


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
class Constant:
    """A figure of the rule, and where it is from: found in data, chosen, or assumed."""

    name: str
    value: str
    origin: str
    reason: str


@dataclass(frozen=True)
class Version:
    """A version of the rule, and what it changed."""

    name: str
    changes: str


def versions() -> tuple[Version, ...]:
    """The versions of the rule in the reader's language."""
    return tuple(Version(one.name, _(one.changes)) for one in VERSIONS)


# The newest first; tests see to it that every version that scores is here.
VERSIONS = (Version("2026.1", mark("The first. There is nothing older to compare it with.")),)


@dataclass(frozen=True)
class Landing:
    """Where an account with these figures lands."""

    followers: str
    people: str
    listens: str
    score: str


@dataclass(frozen=True)
class PrintedRule:
    """Everything the page prints of one rule version."""

    name: str
    window: int
    half_life: int
    per_response: int
    unfollowed_at_most: int
    per_list: int
    full_reach: int
    per_tenfold: str
    most_acts: int
    unknown_worth: str
    unknown_at_most: str
    granted: str
    unknown_hosts_at_most: int
    left_out_after: int
    learning_days: int
    learning_margin: int
    curated: str
    scale: tuple[Pair, ...]
    saturation: tuple[Pair, ...]
    inputs: tuple[Input, ...]
    constants: tuple[Constant, ...]
    landings: tuple[Landing, ...]


def printed_rule() -> PrintedRule:
    """The rule in force, in the words and figures of the page."""
    return PrintedRule(
        name=rule.RULE_VERSION,
        window=rule.WINDOW_DAYS,
        half_life=rule.HALF_LIFE_DAYS,
        per_response=rule.LISTENERS_PER_RESPONSE,
        unfollowed_at_most=rule.UNFOLLOWED_AT_MOST // rule.ONE,
        per_list=rule.CURATION_FACTOR,
        full_reach=rule.WHOLE_REACH,
        per_tenfold=points_per_tenfold(),
        most_acts=rule.SATURATION_ACTS,
        unknown_worth=_(FRACTIONS[1 << rule.EVERYONE_SHIFT]),
        unknown_at_most=_(FRACTIONS[rule.ONE // rule.EVERYONE_AT_MOST]),
        granted=fraction(rule.GRANT / rule.ONE),
        unknown_hosts_at_most=rule.UNKNOWN_HOSTS_AT_MOST // rule.ONE,
        left_out_after=rule.LEFT_OUT_AFTER_DAYS,
        learning_days=band.LEARNING_DAYS,
        learning_margin=band.LEARNING_HUNDREDTHS // 100,
        curated=listed(sorted(PLATFORMS[key].label for key in rule.WITH_CURATION)),
        scale=tuple(
            Pair(grouped(reach), str(rule.hundredths_of(reach * rule.ONE) // 100))
            for reach in SCALE
        ),
        saturation=tuple(Pair(grouped(acts), _worth(acts)) for acts in SHOWN_ACTS),
        inputs=tuple(Input(name, _(meaning)) for name, meaning in rule.RULE_INPUTS),
        constants=constants(),
        landings=tuple(_landing(followers, people) for followers, people in LANDINGS),
    )


def constants() -> tuple[Constant, ...]:
    """Every constant of the rule with its origin."""
    carries = str(rule.LISTENERS_PER_RESPONSE)
    acts = _("up to {count}").format(count=rule.SATURATION_ACTS)
    everybody = _("{each} each, {most} in all").format(
        each=_(FRACTIONS[1 << rule.EVERYONE_SHIFT]),
        most=_(FRACTIONS[rule.ONE // rule.EVERYONE_AT_MOST]),
    )
    granted = _("{part} of a response").format(part=_(FRACTIONS[rule.ONE // rule.GRANT]))
    unfollowed = grouped(rule.UNFOLLOWED_AT_MOST // rule.ONE)
    hosts = _("{count} listeners").format(count=grouped(rule.UNKNOWN_HOSTS_AT_MOST // rule.ONE))
    return (
        _constant(mark("Listeners that one response carries"), carries, *CARRIES),
        _constant(mark("Listeners believed though none follow"), unfollowed, *UNFOLLOWED),
        _constant(mark("Curation: times C, plus 1"), str(rule.CURATION_FACTOR), *CURATION),
        _constant(mark("Sharpness of the corner (softmin)"), "2", *CORNER),
        _constant(mark("Half-life of a response"), _days(rule.HALF_LIFE_DAYS), *HALF_LIFE),
        _constant(mark("Window"), _days(rule.WINDOW_DAYS), *WINDOW),
        _constant(mark("Reactions of one person that count"), acts, *ACTS),
        _constant(mark("Steps of a weight"), _(FRACTIONS[rule.QUARTERS]), *STEPS),
        _constant(mark("Most that a profile weighs"), _(FRACTIONS[2]), *PROFILE),
        _constant(mark("Everybody, known or not"), everybody, *EVERYBODY),
        _constant(mark("Granted once to each member"), granted, *GRANTED),
        _constant(mark("All accounts on unknown servers"), hosts, *HOSTS),
        _constant(mark("Reach of a score of 100"), grouped(rule.WHOLE_REACH), *WHOLE),
        _constant(mark("Left out without a good read"), _days(rule.LEFT_OUT_AFTER_DAYS), *LEFT_OUT),
    )


def _constant(name: str, value: str, origin: str, reason: str) -> Constant:
    return Constant(_(name), value, _(origin), _(reason))


def _days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(count=grouped(count))


def _landing(followers: int, people: int) -> Landing:
    """An account of the simplest kind: settled people, once each, half a half-life ago."""
    weight = rule.weight_in_quarters(1_000)
    each = Cell(age=rule.HALF_LIFE_DAYS // 2, step=1, weight=weight, people=people)
    account = rule.AccountFigures(
        1, "mastodon", followers, None, people * each.worth, people * each.little
    )
    result = rule.score([account])
    return Landing(
        grouped(followers),
        grouped(people),
        about(result.reach // rule.ONE),
        str(result.hundredths // 100),
    )


def points_per_tenfold() -> str:
    """What ten times the reach adds, once a hundred listen."""
    return language.number(99 * log(10) / log(1 + rule.WHOLE_REACH), 1)


def _worth(acts: int) -> str:
    return language.number(rule.SATURATION[min(acts, rule.SATURATION_ACTS)] / rule.ONE, 2)
