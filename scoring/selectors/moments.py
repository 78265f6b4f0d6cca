"""The posts that most people responded to, and what those responses added to the score.

What a post added is the score less what the rule makes of the same day without the reactions to
that post. Somebody who also reacted to another post still counts then, perhaps a little less; so
what several posts added need not add up to what all of them did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networks.models import Post
from scoring.explanations import grouped, points, signed
from scoring.laws import Law
from scoring.lifted import Lifted
from scoring.models import Contribution, Score
from scoring.rule import SATURATION_ACTS, STANDING_PER_QUARTER, WINDOW_DAYS, AccountFigures
from scoring.tallies import Cell, decode

MOMENTS_SHOWN = 5

# How the responders of each post count with it and without it, as (age, step, weight of their
# standing) and how many of them there are; who counts no more without it has nulls there. Then
# the same of all responders, without a post.
CELLS_SQL = """
    WITH counted AS (
        SELECT r.account_id, r.post_id, r.responder_hash, r.standing,
               w.ends_on - 1 - (r.happened_at AT TIME ZONE 'UTC')::date AS age
        FROM unnest(%(accounts)s::bigint[], %(ends)s::date[]) AS w (account_id, ends_on)
        JOIN networks_linkedaccount a ON a.id = w.account_id
        JOIN networks_reaction r ON r.account_id = a.id AND r.responder_hash <> a.person_hash
            AND r.happened_at >= (w.ends_on - %(window)s)::timestamp AT TIME ZONE 'UTC'
            AND r.happened_at < w.ends_on::timestamp AT TIME ZONE 'UTC'
            AND r.recorded_at <= %(cut_off)s
    ), chosen AS (
        SELECT account_id, post_id, count(DISTINCT responder_hash) AS people, count(*) AS acts
        FROM counted WHERE post_id IS NOT NULL
        GROUP BY account_id, post_id ORDER BY people DESC, acts DESC, post_id DESC LIMIT %(shown)s
    ), responders AS (
        SELECT DISTINCT c.account_id, c.post_id, c.responder_hash, t.people, t.acts
        FROM chosen t JOIN counted c ON c.account_id = t.account_id AND c.post_id = t.post_id
    ), people AS (
        SELECT account_id, min(age) AS age, least(count(*), %(most)s) AS step,
               max(standing) / %(quarter)s AS weight
        FROM counted GROUP BY account_id, responder_hash
    ), both_ways AS (
        SELECT p.account_id, p.post_id, p.people, p.acts AS reactions,
               min(c.age) AS age, least(count(*), %(most)s) AS step,
               max(c.standing) / %(quarter)s AS weight,
               min(c.age) FILTER (WHERE is_other) AS other_age,
               least(count(*) FILTER (WHERE is_other), %(most)s) AS other_step,
               max(c.standing) FILTER (WHERE is_other) / %(quarter)s AS other_weight
        FROM responders p
        JOIN counted c ON c.account_id = p.account_id AND c.responder_hash = p.responder_hash
        CROSS JOIN LATERAL (SELECT c.post_id IS DISTINCT FROM p.post_id AS is_other) o
        GROUP BY p.account_id, p.post_id, p.responder_hash, p.people, p.acts
    )
    SELECT account_id, post_id, people, reactions, age, step, weight, other_age, other_step,
           other_weight, count(*)
    FROM both_ways GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    UNION ALL
    SELECT account_id, NULL, 0, 0, age, step, weight, NULL, NULL, NULL, count(*)
    FROM people GROUP BY 1, 5, 6, 7
"""


@dataclass(frozen=True)
class Moment:
    """One post: how many people responded to it, and the tenths of a point that added.

    `tenths` is None where no points are to be seen.
    """

    platform_label: str
    url: str
    excerpt: str
    posted_at: datetime
    people: int
    reactions: int
    tenths: int | None

    @property
    def added(self) -> str:
        if self.tenths is None:
            return ""
        return signed(self.tenths) if self.tenths else _("under {points}").format(points=points(1))

    @property
    def told(self) -> str:
        """What a mark on a chart says of it."""
        told = ngettext("{count} person responded", "{count} people responded", self.people)
        return told.format(count=grouped(self.people))

    @property
    def posted_on(self) -> date:
        return self.posted_at.astimezone(UTC).date()


@dataclass(frozen=True)
class _People:
    """So many responders of one post who count alike, with it and without it."""

    counted: Cell
    other: Cell | None


@dataclass
class _Found:
    """A post as it is put together from the answer, row by row."""

    account_id: int
    people: int
    reactions: int
    responders: list[_People]


def moments(
    score: Score, rows: Sequence[Contribution], figures: Sequence[AccountFigures], law: Law
) -> tuple[Moment, ...]:
    """The few posts in the window of a score with most people, most first."""
    places = {row.account_id: place for place, row in enumerate(rows) if row.account_id}
    found, standings = _found(score, rows)
    posts = Post.objects.in_bulk(list(found)) if found else {}
    told = []
    for key, post in posts.items():
        place = places[found[key].account_id]
        lifted = Lifted(standings[found[key].account_id], decode(rows[place].tally))
        tenths = _without(figures, place, found[key], lifted, law)
        told.append(_moment(post, found[key], rows[place], tenths))
    return tuple(sorted(told, key=lambda one: (-one.people, -one.reactions, one.posted_at)))


def _moment(post: Post, found: _Found, row: Contribution, tenths: int) -> Moment:
    return Moment(
        platform_label=row.platform_label,
        url=post.url,
        excerpt=post.excerpt,
        posted_at=post.posted_at,
        people=found.people,
        reactions=found.reactions,
        tenths=tenths,
    )


def _without(
    figures: Sequence[AccountFigures], place: int, found: _Found, lifted: Lifted, law: Law
) -> int:
    """What the score has more than it would have without the reactions to the post."""
    response = everyone = 0
    for people in found.responders:
        for counted, other in lifted.both_ways(people.counted, people.other):
            response += counted.worth - (other.worth if other else 0)
            everyone += counted.little - (other.little if other else 0)
    account = figures[place]
    less = replace(
        account,
        response=max(0, account.response - response),
        everyone=max(0, account.everyone - everyone),
    )
    instead = [*figures[:place], less, *figures[place + 1 :]]
    return law.score(figures).hundredths // 10 - law.score(instead).hundredths // 10


def _found(
    score: Score, rows: Sequence[Contribution]
) -> tuple[dict[int, _Found], dict[int, list[Cell]]]:
    """The posts by id, and all responders of each account by what their standing weighs."""
    asked = [(row.account_id, row.effective_on) for row in rows if _is_counted(row)]
    found: dict[int, _Found] = {}
    standings: dict[int, list[Cell]] = {}
    for account, post, people, reactions, age, step, weight, *other, count in _answer(score, asked):
        counted = Cell(age, step, weight, count)
        if post is None:
            standings.setdefault(account, []).append(counted)
            continue
        one = found.setdefault(post, _Found(account, people, reactions, []))
        other_age, other_step, other_weight = other
        is_other = other_age is not None
        beside = Cell(other_age, other_step, other_weight, count) if is_other else None
        one.responders.append(_People(counted, beside))
    return found, standings


def _answer(score: Score, asked: Sequence[tuple[int | None, date | None]]) -> list[Any]:
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            CELLS_SQL,
            {
                "accounts": [account for account, _ in asked],
                "ends": [on for _, on in asked],
                "window": WINDOW_DAYS,
                "cut_off": score.cut_off_at,
                "shown": MOMENTS_SHOWN,
                "most": SATURATION_ACTS,
                "quarter": STANDING_PER_QUARTER,
            },
        )
        return list(cursor.fetchall())


def _is_counted(row: Contribution) -> bool:
    return bool(row.account_id and row.effective_on and row.state != Contribution.State.NOT_READ)
