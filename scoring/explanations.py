"""Sentences about a score. Pure: figures in, plain English out, exact and never advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.rule import (
    EVERYONE_AT_MOST,
    GRANT,
    LISTENERS_PER_RESPONSE,
    ONE,
    UNFOLLOWED_AT_MOST,
    UNKNOWN_HOSTS_AT_MOST,
    WINDOW_DAYS,
    WITH_CURATION,
    WITHOUT_AUDIENCE,
)

COUNTED, UNKNOWN_HOST, NOT_READ, NO_READING = "counted", "unknown_host", "not_read", "no_reading"

WEIGHT_LABELS = ("no weight of their own", "one quarter", "one half", "three quarters", "full")

# What people do there with somebody they want to hear from: one person, several people.
AUDIENCE_VERBS = {"youtube": ("subscribes", "subscribe")}
CURATION_WORDS = {"github": "{} starred", "x": "on {} lists"}


@dataclass(frozen=True)
class AccountDay:
    """What is stored of one linked account and one day; reach, response and pot in 2^-20.

    `pot`: what everybody who responded adds to the account that has the grant.
    """

    platform: str
    platform_label: str
    handle: str
    state: str
    tenths: int
    reach: int
    audience: int | None
    curation: int | None
    response: int
    granted: bool
    acts: int
    people: int
    effective_on: date | None
    pot: int = 0

    @property
    def listeners(self) -> int:
        return round(self.reach / ONE)


def grouped(count: int) -> str:
    """12345 as 12,345."""
    return f"{count:,}"


def about(count: int) -> str:
    """A number of people to three digits, as nobody counts listeners one by one: 38,200."""
    digits = len(str(abs(count)))
    return grouped(round(count, 3 - digits) if digits > 3 else count)


def points(tenths: int) -> str:
    """Tenths of a point as text: 274 is 27.4."""
    return f"{tenths // 10}.{tenths % 10}"


def signed(tenths: int) -> str:
    """A change of tenths with its sign: +1.2, −0.3, 0.0."""
    sign = {1: "+", -1: "\u2212"}.get((tenths > 0) - (tenths < 0), "")
    return f"{sign}{points(abs(tenths))}"


def day(on: date, beside: date | None = None) -> str:
    """3 Oct, with the year where it is not the year of the day it stands beside."""
    text = f"{on.day} {on:%b}"
    return text if beside is None or beside.year == on.year else f"{text} {on.year}"


def count_of(count: int, one: str, several: str) -> str:
    return f"{grouped(count)} {one if count == 1 else several}"


def account_sentence(figures: AccountDay, on: date) -> str:
    """The line under the bar: what was heard on one account."""
    if figures.state == NOT_READ:
        since = figures.effective_on
        return f"Not read since {day(since, on)}, left out" if since else "Not read, left out"
    heard = _heard(figures)
    if figures.state == UNKNOWN_HOST:
        return f"{heard}. Its server is not a known one, so it counts for little"
    if figures.state == NO_READING:
        return f"{heard}. How many follow was not read yet"
    return heard


def _heard(figures: AccountDay) -> str:
    listeners = figures.listeners
    parts = [count_of(figures.people, "person responded", "people responded")]
    if figures.audience is not None:
        parts.append(count_of(figures.audience, *_audience_verbs(figures.platform)))
    if figures.curation is not None and figures.platform in CURATION_WORDS:
        parts.append(CURATION_WORDS[figures.platform].format(grouped(figures.curation)))
    verb = "listens" if listeners == 1 else "listen"
    return f"{about(listeners)} {verb}. {', '.join(parts)}"


def _audience_verbs(platform: str) -> tuple[str, str]:
    return AUDIENCE_VERBS.get(platform, ("follows", "follow"))


def limit_sentence(figures: AccountDay) -> str:
    """What limits what on one account: the audience or the response."""
    if figures.state == NOT_READ:
        return "An account that could not be read for 30 days is left out until it can be."
    if figures.platform in WITHOUT_AUDIENCE:
        return (
            f"A {figures.platform_label.lower()} shows no audience, so those who responded count "
            "alone, by weight."
        )
    audience = figures.audience or 0
    responding = LISTENERS_PER_RESPONSE * figures.response // ONE
    granted = GRANT + figures.pot if figures.granted else 0
    carried = LISTENERS_PER_RESPONSE * (figures.response + granted) // ONE
    if not carried:
        return "Nobody with a weight of their own responded here, so the audience does not count."
    sides = f"{grouped(audience)} in the audience, and responses that carry {grouped(carried)}"
    if audience > 2 * carried:
        return f"Your audience is larger than what responds: {sides}."
    if responding > 2 * audience:
        return (
            f"More responds than the audience holds: {sides}. Who responds listens, whether they "
            f"follow or not; {grouped(UNFOLLOWED_AT_MOST // ONE)} at most are believed unseen."
        )
    return f"Audience and response are in step: {sides}."


def curation_sentence(figures: AccountDay) -> str:
    """Whether lists or stars came into it; empty where the platform has none."""
    if figures.platform not in WITH_CURATION:
        return ""
    if figures.curation is None:
        return f"{figures.platform_label} did not tell how often you were put on lists or starred."
    return f"Put on lists or starred {count_of(figures.curation, 'time', 'times')}."


def grant_sentence(figures: AccountDay) -> str:
    """Where the one-time grant went; empty for the other accounts."""
    if not figures.granted:
        return ""
    return (
        "What everybody is granted once is placed here, where it adds most: "
        f"{GRANT / ONE:g} of a response to begin with, and a little for everybody who responded, "
        f"at most {EVERYONE_AT_MOST / ONE:g} in all."
    )


def by_weight(people: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """How many people of each weight, where there are any."""
    return tuple(pair for pair in zip(WEIGHT_LABELS, people, strict=True) if pair[1])


def window(effective_on: date | None) -> str:
    """The first and the last day whose reactions counted; the account's own clock ends it."""
    if effective_on is None:
        return "none"
    first, last = (effective_on - timedelta(days=days) for days in (WINDOW_DAYS, 1))
    return f"{day(first)} to {day(last)}"


def freshness(effective_on: date | None, on: date) -> str:
    """How old the last good read is; an account's clock stands still since then."""
    if effective_on is None:
        return "never"
    if effective_on >= on:
        return "that same day"
    age = count_of((on - effective_on).days, "day", "days")
    return f"{day(effective_on, on)}, {age} before"


def unknown_host_sentence() -> str:
    return (
        "A server that few have heard of could claim any figure. All accounts on such servers "
        f"together count for at most {grouped(UNKNOWN_HOSTS_AT_MOST // ONE)} listeners."
    )


def notes(figures: AccountDay) -> tuple[str, ...]:
    """Everything there is to say about one account, for the page that says it all."""
    if figures.state == NOT_READ:
        return (limit_sentence(figures),)
    said = [
        limit_sentence(figures),
        curation_sentence(figures),
        grant_sentence(figures),
        unknown_host_sentence() if figures.state == UNKNOWN_HOST else "",
    ]
    return tuple(sentence for sentence in said if sentence)


def week_sentence(responders: Sequence[tuple[str, int]]) -> str:
    """The sentence on the week: how many people on which platform, most first."""
    heard = [(label, people) for label, people in responders if people]
    if not heard:
        return "A quiet week: nobody responded on the networks we read."
    label, people = max(heard, key=lambda pair: pair[1])
    total = sum(count for _, count in heard)
    if len(heard) == 1 or people == total:
        who = count_of(people, "person", "people")
        return f"{who} answered or passed on what you wrote on {label} this week."
    everywhere = count_of(total, "person", "people")
    return (
        f"Your conversations on {label} carried you this week: {grouped(people)} of {everywhere} "
        "who answered or passed on what you wrote did so there."
    )
