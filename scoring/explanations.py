"""Sentences about a score. Pure: figures in, the reader's language out, exact and never advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import language
from language import DAY_MONTH, DAY_MONTH_YEAR, gettext_noop, ngettext
from language import gettext as _
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

WEIGHT_LABELS = (
    gettext_noop("no weight of their own"),
    gettext_noop("one quarter"),
    gettext_noop("one half"),
    gettext_noop("three quarters"),
    gettext_noop("full"),
)


@dataclass(frozen=True)
class AccountDay:
    """What is stored of one linked account and one day; reach, response and pot in 2^-20.

    `clock_on`: it rested, and all of this is as it was at that midnight.
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
    clock_on: date | None = None

    @property
    def listeners(self) -> int:
        return round(self.reach / ONE)


def grouped(count: int) -> str:
    """12345 as 12,345."""
    return language.number(count)


def about(count: int) -> str:
    """A number of people to three digits, as nobody counts listeners one by one: 38,200."""
    digits = len(str(abs(count)))
    return grouped(round(count, 3 - digits) if digits > 3 else count)


def points(tenths: int) -> str:
    """Tenths of a point as text: 274 is 27.4."""
    return language.number(tenths / 10, 1)


def signed(tenths: int) -> str:
    """A change of tenths with its sign: +1.2, −0.3, 0.0."""
    sign = {1: "+", -1: "\u2212"}.get((tenths > 0) - (tenths < 0), "")
    return f"{sign}{points(abs(tenths))}"


def day(on: date, beside: date | None = None) -> str:
    """3 Oct, with the year where it is not the year of the day it stands beside."""
    is_near = beside is None or beside.year == on.year
    return language.day(on, DAY_MONTH if is_near else DAY_MONTH_YEAR)


def account_sentence(figures: AccountDay, on: date) -> str:
    """The line under the bar: what was heard on one account."""
    if figures.state == NOT_READ:
        since = figures.effective_on
        if not since:
            return _("Not read, left out")
        return _("Not read since {day}, left out").format(day=day(since, on))
    heard = _heard(figures)
    if figures.clock_on:
        told = _("Resting since {day}. {heard}")
        heard = told.format(day=day(figures.clock_on, on), heard=heard)
    if figures.state == UNKNOWN_HOST:
        told = _("{heard}. Its server is not a known one, so it counts for little")
        return told.format(heard=heard)
    if figures.state == NO_READING:
        return _("{heard}. How many follow was not read yet").format(heard=heard)
    return heard


def _heard(figures: AccountDay) -> str:
    listeners, people = figures.listeners, figures.people
    listen = ngettext("{count} listens", "{count} listen", listeners)
    responded = ngettext("{count} person responded", "{count} people responded", people)
    parts = [responded.format(count=grouped(people)), _audience(figures), _curation(figures)]
    return _("{listeners}. {parts}").format(
        listeners=listen.format(count=about(listeners)), parts=", ".join(filter(None, parts))
    )


def _audience(figures: AccountDay) -> str:
    count = figures.audience
    if count is None:
        return ""
    if figures.platform == "youtube":
        told = ngettext("{count} subscribes", "{count} subscribe", count)
    else:
        told = ngettext("{count} follows", "{count} follow", count)
    return told.format(count=grouped(count))


def _curation(figures: AccountDay) -> str:
    count = figures.curation
    if count is None or figures.platform not in WITH_CURATION:
        return ""
    if figures.platform == "github":
        return ngettext("{count} starred", "{count} starred", count).format(count=grouped(count))
    return ngettext("on {count} list", "on {count} lists", count).format(count=grouped(count))


def limit_sentence(figures: AccountDay) -> str:
    """What limits what on one account: the audience or the response."""
    if figures.state == NOT_READ:
        return _("An account that could not be read for 30 days is left out until it can be.")
    if figures.platform in WITHOUT_AUDIENCE:
        return _(
            "{platform}: there is no audience to see, so those who responded count alone, by "
            "weight."
        ).format(platform=figures.platform_label)
    audience = figures.audience or 0
    responding = LISTENERS_PER_RESPONSE * figures.response // ONE
    granted = GRANT + figures.pot if figures.granted else 0
    carried = LISTENERS_PER_RESPONSE * (figures.response + granted) // ONE
    if not carried:
        return _(
            "Nobody with a weight of their own responded here, so the audience does not count."
        )
    sides = {"audience": grouped(audience), "carried": grouped(carried)}
    if audience > 2 * carried:
        return _(
            "Your audience is larger than what responds: {audience} in the audience, and responses "
            "that carry {carried}."
        ).format(**sides)
    if responding > 2 * audience:
        return _(
            "More responds than the audience holds: {audience} in the audience, and responses that "
            "carry {carried}. Who responds listens, whether they follow or not; {most} at most are "
            "believed unseen."
        ).format(**sides, most=grouped(UNFOLLOWED_AT_MOST // ONE))
    return _(
        "Audience and response are in step: {audience} in the audience, and responses that carry "
        "{carried}."
    ).format(**sides)


def curation_sentence(figures: AccountDay) -> str:
    """Whether lists or stars came into it; empty where the platform has none."""
    if figures.platform not in WITH_CURATION:
        return ""
    times = figures.curation
    if times is None:
        told = _("{platform} did not tell how often you were put on lists or starred.")
        return told.format(platform=figures.platform_label)
    return ngettext(
        "Put on lists or starred {count} time.", "Put on lists or starred {count} times.", times
    ).format(count=grouped(times))


def rest_sentence(figures: AccountDay) -> str:
    """That all of an account stood still; empty where it did not rest."""
    if not figures.clock_on:
        return ""
    return _(
        "It rested on this day. Its clock stands still, so all of this is as it was at the "
        "midnight at which {day} began."
    ).format(day=day(figures.clock_on))


def grant_sentence(figures: AccountDay) -> str:
    """Where the one-time grant went; empty for the other accounts."""
    if not figures.granted:
        return ""
    return _(
        "What everybody is granted once is placed here, where it adds most: {first} of a response "
        "to begin with, and a little for everybody who responded, at most {most} in all."
    ).format(first=fraction(GRANT / ONE), most=fraction(EVERYONE_AT_MOST / ONE))


def fraction(value: float) -> str:
    """0.25 as 0.25 and 1.0 as 1: as many decimals as it has."""
    return language.number(value, len(f"{value:g}".partition(".")[2]))


def by_weight(people: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """How many people of each weight, where there are any."""
    return tuple(
        (_(label), count) for label, count in zip(WEIGHT_LABELS, people, strict=True) if count
    )


def window(effective_on: date | None) -> str:
    """The first and the last day whose reactions counted; the account's own clock ends it."""
    if effective_on is None:
        return _("none")
    first, last = (effective_on - timedelta(days=days) for days in (WINDOW_DAYS, 1))
    return _("{first} to {last}").format(first=day(first), last=day(last))


def freshness(effective_on: date | None, on: date) -> str:
    """How old the last good read is; an account's clock stands still since then."""
    if effective_on is None:
        return _("never")
    if effective_on >= on:
        return _("that same day")
    age = (on - effective_on).days
    told = ngettext("{day}, {count} day before", "{day}, {count} days before", age)
    return told.format(day=day(effective_on, on), count=grouped(age))


def unknown_host_sentence() -> str:
    return _(
        "A server that few have heard of could claim any figure. All accounts on such servers "
        "together count for at most {most} listeners."
    ).format(most=grouped(UNKNOWN_HOSTS_AT_MOST // ONE))


def notes(figures: AccountDay) -> tuple[str, ...]:
    """Everything there is to say about one account, for the page that says it all."""
    if figures.state == NOT_READ:
        return (limit_sentence(figures),)
    said = [
        rest_sentence(figures),
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
        return _("A quiet week: nobody responded on the networks we read.")
    label, people = max(heard, key=lambda pair: pair[1])
    total = sum(count for _label, count in heard)
    if people == total:
        return ngettext(
            "{count} person answered or passed on what you wrote on {platform} this week.",
            "{count} people answered or passed on what you wrote on {platform} this week.",
            people,
        ).format(count=grouped(people), platform=label)
    return _(
        "Your conversations on {platform} carried you this week: {count} of {total} people who "
        "answered or passed on what you wrote did so there."
    ).format(platform=label, count=grouped(people), total=grouped(total))
