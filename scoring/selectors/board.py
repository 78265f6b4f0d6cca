"""All that the dashboard shows of the score, in one question to the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from accounts.models import Member
from networks.models import Reaction
from networks.registry import PLATFORMS
from scoring import charts
from scoring.explanations import count_of
from scoring.models import Contribution, Night, Score
from scoring.rule import WINDOW_DAYS
from scoring.seen import Seen
from scoring.selectors.figures import preference
from scoring.selectors.histories import (
    HISTORY_DAYS,
    history_of,
    responders_by_platform,
    week_in_words,
)
from scoring.selectors.moments import MOMENTS_SHOWN
from scoring.selectors.scores import ScoreView, newest_first, view_of, was_read

# The last Monday lies up to six days before today, and its chart reaches as far back.
FETCHED_DAYS = HISTORY_DAYS + 7
WEEK = timedelta(days=7)
READ = [state for state in Contribution.State if state != Contribution.State.NOT_READ]
PARTS = [field.attname for field in Contribution._meta.concrete_fields]


@dataclass(frozen=True)
class PostOfMany:
    """One of the posts that most people responded to within the window of the score."""

    platform_label: str
    url: str
    excerpt: str
    posted_on: date
    people: int
    reactions: int

    @property
    def told(self) -> str:
        """What a mark on the chart says of it."""
        return count_of(self.people, "person responded", "people responded")


@dataclass(frozen=True)
class Board:
    """The newest score that may be seen; the sentence on the week before it; its 90 days.

    `chart` is None where no chart is to be seen.
    """

    score: ScoreView
    week: str
    chart: charts.TrendChart | None
    posts: tuple[PostOfMany, ...]
    night_is_running: bool


def board(member: Member, today: date, seen: Seen) -> Board | None:
    """For a day in UTC. None: no account was read, or there is no score that may be seen."""
    rows = _rows(member, today, seen)
    newest = [row for row in rows if row.parts is not None]
    row = max(newest, key=lambda one: preference(one.rule, one.on), default=None)
    if row is None:
        return None
    parts = [_contribution(values) for values in row.parts]
    posts = sorted((_post(values) for values in row.posts), key=_most_people_first)
    return Board(
        score=view_of(row, seen, parts),
        week=week_in_words((one["platform"], one["people"]) for one in row.week),
        chart=_chart(rows, row.on, posts, today, seen) if seen.band else None,
        posts=tuple(posts),
        night_is_running=row.night_is_running,
    )


def _most_people_first(post: PostOfMany) -> tuple[int, int, date]:
    """The order of `moments`, so that marks lead to their rows."""
    return -post.people, -post.reactions, post.posted_on


def _chart(
    rows: Iterable[Score], newest: date, posts: Iterable[PostOfMany], today: date, seen: Seen
) -> charts.TrendChart | None:
    """Up to yesterday at least: nights that were missed are dashed, the coming one is not."""
    until = newest if seen.is_weekly else max(newest, today - timedelta(days=1))
    days = history_of(rows, HISTORY_DAYS, until)
    return charts.trend(
        days.days,
        until=until,
        others=days.others,
        changes=days.changes,
        moments=[charts.Moment(post.posted_on, post.told) for post in posts],
        number=seen.number,
    )


def _rows(member: Member, today: date, seen: Seen) -> list[Any]:
    """The scores that may be seen, the oldest first; the newest with what stands behind it."""
    scores = Score.objects.filter(member=member)
    newest = Subquery(newest_first(scores, seen).values("on")[:1])
    first = seen.until - timedelta(days=FETCHED_DAYS)

    def of_the_newest(rows: "QuerySet[Any, Any]", *names: str) -> Case:
        found = ArraySubquery(rows.values(json=JSONObject(**{name: name for name in names})))
        return Case(When(on=newest, then=found), default=None)

    return list(
        scores.filter(Exists(was_read(member)), Q(on__gt=first) | Q(on=newest), on__lte=seen.until)
        .annotate(
            parts=of_the_newest(_parts(), *PARTS),
            week=of_the_newest(_week(member), "platform", "people"),
            night_is_running=Exists(Night.objects.filter(on=today, finished_at=None)),
            posts=of_the_newest(_posts(), "platform", "url", "excerpt", "posted_at", "people", "acts"),
        )
        .order_by("on")
    )


def _parts() -> QuerySet[Contribution]:
    return Contribution.objects.filter(score=OuterRef("pk")).order_by("-tenths", "-reach", "id")


def _week(member: Member) -> "QuerySet[Any, Any]":
    """Who responded within the seven days before the score."""
    reactions = Reaction.objects.filter(
        account__member=member,
        happened_at__gte=_before(OuterRef("on"), WEEK),
        happened_at__lt=OuterRef("on"),
    )
    return responders_by_platform(reactions).annotate(platform=F("account__platform"))


def _posts() -> "QuerySet[Any, Any]":
    """As `moments` chooses them: in the window of each account, recorded before the cut-off."""
    ends_on = F("account__contributions__effective_on")
    return (
        Reaction.objects.filter(
            ~Q(responder_hash=F("account__person_hash")),
            account__contributions__score=OuterRef("pk"),
            account__contributions__state__in=READ,
            post__isnull=False,
            happened_at__gte=_before(ends_on, timedelta(days=WINDOW_DAYS)),
            happened_at__lt=ends_on,
            recorded_at__lte=OuterRef("cut_off_at"),
        )
        .values(
            "post",
            platform=F("account__platform"),
            url=F("post__url"),
            excerpt=F("post__excerpt"),
            posted_at=F("post__posted_at"),
        )
        .annotate(people=Count("responder_hash", distinct=True), acts=Count("pk"))
        .order_by("-people", "-acts", "-post")[:MOMENTS_SHOWN]
    )


def _before(midnight: Expression | F, by: timedelta) -> ExpressionWrapper:
    """A date stands for the midnight (UTC) at which it begins."""
    return ExpressionWrapper(
        midnight - Value(by, output_field=DurationField()), output_field=DateTimeField()
    )


def _contribution(values: dict[str, Any]) -> Contribution:
    """The row, as JSON brought it."""
    on = values["effective_on"]
    return Contribution(**values | {"effective_on": on and date.fromisoformat(on)})


def _post(values: dict[str, Any]) -> PostOfMany:
    return PostOfMany(
        platform_label=PLATFORMS[values["platform"]].label,
        url=values["url"],
        excerpt=values["excerpt"],
        # JSON gives moments in UTC, as every connection of ours is.
        posted_on=date.fromisoformat(values["posted_at"][:10]),
        people=values["people"],
        reactions=values["acts"],
    )
