"""A member's own score, and what it is made of."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from klout.api.terms import USE
from klout.api.v3.shapes.base import CURSOR, NEXT, Shape, told
from scoring.charts.trend import DayScore
from scoring.seen import Seen
from scoring.selectors import (
    AccountDetail,
    ContributionView,
    DetailedScore,
    Moment,
    ScoreView,
)

SHOWN = (
    "How its owner chose to see it: `daily`, `weekly` (the number of the last Monday), `band` "
    "(only the likely range) or `hidden`. What they chose not to see is null."
)
NUMBER = "From 1 to 100, with two decimals."
USE_MEANS = "What a score is not for. It goes wherever the number goes."


class Score(Shape):
    """One day's score."""

    on: date = told("The day (UTC) at whose beginning it stands.", "2026-11-02")
    rule: str = told("The version of the published rule.", "2026.1")
    score: float | None = told(NUMBER, 62.34)
    low: int | None = told("The likely range begins here.", 59)
    high: int | None = told("The likely range ends here.", 66)
    listens: int = told("About how many people listen.", 1840)
    days_of_data: int = told("On how many days it rests.", 120)
    still_learning: bool = told("Under 28 days of data; then the range is wide.", False)
    followers_as_of_today: bool = told(
        "Computed later, for a day of the past, with the followers of the day it was computed on.",
        False,
    )
    cut_off_at: datetime = told("What was recorded later is not in it.", "2026-11-02T03:10:00Z")
    computed_at: datetime = told("When it was computed.", "2026-11-02T03:12:40Z")
    shown: str = told(SHOWN, "daily")
    use: str = told(USE_MEANS, USE)

    @classmethod
    def of(cls, view: ScoreView, seen: Seen) -> "Score":
        return cls(**_fields(view, seen))


def _fields(view: ScoreView, seen: Seen) -> dict[str, Any]:
    return {
        "on": view.on,
        "rule": view.rule,
        "score": in_points(view.hundredths),
        "low": view.low,
        "high": view.high,
        "listens": view.listens,
        "days_of_data": view.days_of_data,
        "still_learning": view.still_learning,
        "followers_as_of_today": view.followers_as_of_today,
        "cut_off_at": view.cut_off_at,
        "computed_at": view.computed_at,
        "shown": seen.choice,
        "use": USE,
    }


def in_points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


class Weight(Shape):
    """So many people who count so much."""

    label: str = told("How much each of them counts, in words.", "one half")
    people: int = told("How many there are.", 12)


class Supposition(Shape):
    """What the score would have been."""

    words: str = told("Had it been so.", "with 1,000 followers more")
    score: float = told("Then the score would have been this, with one decimal.", 62.9)


class Part(Shape):
    """What one linked account added."""

    platform: str = told("The network's short name.", "mastodon")
    network: str = told("What the network is called.", "Mastodon")
    handle: str = told("What the member is called there.", "@ada@example.org")
    state: str = told("`counted`, `unknown_host`, `not_read` or `no_reading`.", "counted")
    points: float | None = told("What it added, in tenths that add up to the score.", 41.2)
    share: float = told("Its part of all that was added, from 0 to 1.", 0.67)
    listens: int = told("About how many people listen there.", 1210)
    responded: int = told("How many people responded within 90 days.", 37)
    reactions: int = told("How often they did.", 112)
    followers: int | None = told("As last read; null where the network has none.", 2045)
    lists: int | None = told("How often put on lists or starred; null where nobody does.", None)
    by_weight: list[Weight] = told("Those who responded, by how much they count.", [])
    read_on: date | None = told("The day of the last good read that counts.", "2026-11-01")
    freshness: str = told("How fresh that is, in words.", "")
    sentence: str = told("Why it added that, in a sentence.", "37 people responded to you.")
    notes: list[str] = told("What else is to be said about it.", [])
    suppositions: list[Supposition] = told("What would have been; empty with no number.", [])

    @classmethod
    def of(cls, account: AccountDetail) -> "Part":
        added: ContributionView = account.added
        return cls(
            platform=added.platform,
            network=added.platform_label,
            handle=added.handle,
            state=added.state,
            points=None if added.tenths is None else added.tenths / 10,
            share=round(added.share, 4),
            listens=added.listens,
            responded=added.responded,
            reactions=added.acts,
            followers=added.followers,
            lists=added.curation,
            by_weight=[Weight(label=label, people=people) for label, people in added.by_weight],
            read_on=added.effective_on,
            freshness=account.freshness,
            sentence=added.sentence,
            notes=list(added.notes),
            suppositions=[
                Supposition(words=one.words, score=one.tenths / 10) for one in account.suppositions
            ],
        )


class Explanation(Score):
    """A score, and each point of it traced to where it came from."""

    begin: float = told(
        "What everybody has to begin with; the points of the parts come on top.", 1.0
    )
    parts: list[Part] = told("One for each linked account, the largest first.", [])

    @classmethod
    def of_details(cls, found: DetailedScore, seen: Seen) -> "Explanation":
        parts = [Part.of(account) for account in found.accounts]
        return cls(**_fields(found.score, seen), begin=1.0, parts=parts)


class OtherRule(Shape):
    """The same day by another version of the rule."""

    rule: str = told("The version.", "2026.2")
    score: float | None = told(NUMBER, 61.8)


class Day(Shape):
    """The score of one day, by the rule that was in force on it."""

    on: date = told("The day (UTC).", "2026-11-02")
    rule: str = told("The version of the rule.", "2026.1")
    score: float | None = told(NUMBER, 62.34)
    low: int = told("The likely range begins here.", 59)
    high: int = told("The likely range ends here.", 66)
    computed_later: bool = told("Computed for a day of the past.", False)
    other_rules: list[OtherRule] = told("By other versions, if any scored it.", [])

    @classmethod
    def of(cls, day: Sequence[DayScore], seen: Seen) -> "Day":
        first, *others = day
        return cls(
            on=first.on,
            rule=first.rule,
            score=in_points(first.hundredths) if seen.number else None,
            low=first.likely.low,
            high=first.likely.high,
            computed_later=first.backfilled,
            other_rules=[
                OtherRule(rule=one.rule, score=in_points(one.hundredths)) for one in others
            ]
            if seen.number
            else [],
        )


class History(Shape):
    """Scores day by day, the newest first. A day without a score is not in it."""

    items: list[Day] = told("The days.", [])
    next_cursor: str | None = told(NEXT, CURSOR)
    shown: str = told(SHOWN, "daily")
    use: str = told(USE_MEANS, USE)


class PostOfMany(Shape):
    """A post that many people responded to."""

    network: str = told("Where it is.", "Mastodon")
    url: str = told(
        "Its address; empty where the network gives none.", "https://example.org/@ada/1"
    )
    excerpt: str = told("How it begins.", "A shell that is open only to you is still open.")
    posted_at: datetime = told("When it was posted.", "2026-10-28T09:00:00Z")
    people: int = told("How many people responded to it.", 21)
    reactions: int = told("How often they did.", 34)
    added: float | None = told("What that added to the score, in tenths of a point.", 0.4)

    @classmethod
    def of(cls, moment: Moment) -> "PostOfMany":
        return cls(
            network=moment.platform_label,
            url=moment.url,
            excerpt=moment.excerpt,
            posted_at=moment.posted_at,
            people=moment.people,
            reactions=moment.reactions,
            added=None if moment.tenths is None else moment.tenths / 10,
        )


class Moments(Shape):
    """The few posts of the last 90 days that most people responded to."""

    items: list[PostOfMany] = told("At most five, the one with most people first.", [])
    shown: str = told(SHOWN, "daily")
    use: str = told(USE_MEANS, USE)
