"""All that the dashboard shows of the score, in one question to the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import ngettext

from accounts.models import Member
from networks.registry import PLATFORMS
from scoring import charts
from scoring.explanations import grouped
from scoring.models import Contribution, Night, Score
from scoring.rule import WINDOW_DAYS
from scoring.seen import Seen
from scoring.selectors.figures import preference
from scoring.selectors.histories import (
    HISTORY_DAYS,
    history_of,
    week_in_words,
)
from scoring.selectors.moments import MOMENTS_SHOWN
from scoring.selectors.scores import ScoreView, view_of
from scoring.selectors.tonight import LATELY, Tonight, tonight_of

# The last Monday lies up to six days before today, and its chart reaches as far back.
FETCHED_DAYS = HISTORY_DAYS + 7

# Every score, and with the newest one (`Seen.newest_first` in SQL) the last nights, what each
# account was, who responded within the seven days before it, and the posts that `moments` would
# choose. Not by the
# ORM, which takes several times as long to write this as PostgreSQL to answer it.
_BOARD = """
WITH seen AS (
    SELECT * FROM scoring_score WHERE member_id = %(member)s AND "on" <= %(until)s
), newest AS (
    SELECT max("on") AS "on" FROM seen WHERE NOT %(mondays)s OR extract(isodow FROM "on") = 1
)
SELECT seen.*,
    CASE WHEN seen."on" = newest."on" THEN coalesce((
        SELECT json_agg(n ORDER BY n."on" DESC, n.id DESC) FROM (
            SELECT id, "on", rule, started_at, finished_at, problem, phases
            FROM scoring_night ORDER BY "on" DESC, id DESC LIMIT %(lately)s) n), '[]')
        END AS nights,
    CASE WHEN seen."on" = newest."on" THEN coalesce((
        SELECT json_agg(c ORDER BY c.tenths DESC, c.reach DESC, c.id)
        FROM scoring_contribution c WHERE c.score_id = seen.id), '[]') END AS parts,
    CASE WHEN seen."on" = newest."on" THEN coalesce((
        SELECT json_agg(w) FROM (
            SELECT a.platform, count(DISTINCT r.responder_hash) AS people
            FROM networks_reaction r JOIN networks_linkedaccount a ON a.id = r.account_id
            WHERE a.member_id = seen.member_id
                AND r.happened_at >= (seen."on" - 7)::timestamp AT TIME ZONE 'UTC'
                AND r.happened_at < seen."on"::timestamp AT TIME ZONE 'UTC'
            GROUP BY a.platform ORDER BY people DESC, a.platform) w), '[]') END AS week,
    CASE WHEN seen."on" = newest."on" THEN coalesce((
        SELECT json_agg(m) FROM (
            SELECT a.platform, post.url, post.excerpt, post.posted_at,
                count(DISTINCT r.responder_hash) AS people, count(*) AS acts
            FROM scoring_contribution c
            JOIN networks_linkedaccount a ON a.id = c.account_id
            JOIN networks_reaction r ON r.account_id = a.id AND r.responder_hash <> a.person_hash
                AND r.happened_at
                    >= (c.effective_on - %(window)s)::timestamp AT TIME ZONE 'UTC'
                AND r.happened_at < c.effective_on::timestamp AT TIME ZONE 'UTC'
                AND r.recorded_at <= seen.cut_off_at
            JOIN networks_post post ON post.id = r.post_id
            WHERE c.score_id = seen.id AND c.state <> %(not_read)s
            GROUP BY a.platform, post.id
            ORDER BY people DESC, acts DESC, post.id DESC LIMIT %(shown)s) m), '[]') END AS posts
FROM seen CROSS JOIN newest
WHERE (seen."on" > %(first)s OR seen."on" = newest."on") AND EXISTS (
    SELECT FROM networks_linkedaccount
    WHERE member_id = %(member)s AND first_read_done_at IS NOT NULL)
ORDER BY seen."on"
"""


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
        told = ngettext("{count} person responded", "{count} people responded", self.people)
        return str(told.format(count=grouped(self.people)))


@dataclass(frozen=True)
class Board:
    """The newest score that may be seen; the sentence on the week before it; its 90 days.

    `chart` is None where no chart is to be seen.
    """

    score: ScoreView
    week: str
    chart: charts.TrendChart | None
    posts: tuple[PostOfMany, ...]
    tonight: Tonight


def board(member: Member, now: datetime, seen: Seen) -> Board | None:
    """None: no account was read, or there is no score that may be seen."""
    today = now.astimezone(UTC).date()
    rows = _rows(member, seen)
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
        tonight=tonight_of([_night(values) for values in row.nights], now),
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


def _rows(member: Member, seen: Seen) -> list[Any]:
    """The scores that may be seen, the oldest first; the newest with what stands behind it."""
    values = {
        "member": member.pk,
        "until": seen.until,
        "first": seen.until - timedelta(days=FETCHED_DAYS),
        "mondays": seen.is_weekly,
        "window": WINDOW_DAYS,
        "not_read": Contribution.State.NOT_READ,
        "shown": MOMENTS_SHOWN,
        "lately": LATELY,
    }
    return list(Score.objects.raw(_BOARD, values))


def _contribution(values: dict[str, Any]) -> Contribution:
    """The row, as JSON brought it."""
    on = values["effective_on"]
    return Contribution(**values | {"effective_on": on and date.fromisoformat(on)})


def _night(values: dict[str, Any]) -> Night:
    """The row, as JSON brought it."""
    moments = {name: values[name] for name in ("started_at", "finished_at")}
    parsed = {name: at and datetime.fromisoformat(at) for name, at in moments.items()}
    return Night(**values | parsed | {"on": date.fromisoformat(values["on"])})


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
