"""The topics of members, counted anew: run again, late or twice, the rows are the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.models import Member
from networks.models import Post, Reaction
from networks.registry import PLATFORMS
from networks.topic_models import Topic
from networks.topics.phrases import phrases

WINDOW = timedelta(days=90)
TOPICS_AT_MOST = 10
# What no tag says must stand in two posts, and two people must have responded.
LEAST_OF_WORDS = 2
MEMBERS_AT_ONCE = 500
POSTS_AT_ONCE = 500
# Any number of our own: two runs wait for each other.
LOCK = 8_264_001

# Distinct people, whatever and however often they did. The member's other accounts are nobody.
COUNT_SQL = r"""
WITH answered AS (
    SELECT account.member_id, post.id AS post_id, reaction.responder_hash,
           post.tags <> '[]' AS is_tagged,
           CASE WHEN post.tags <> '[]' THEN post.tags ELSE coalesce(post.phrases, '[]') END AS said
    FROM networks_linkedaccount account
    JOIN networks_reaction reaction ON reaction.account_id = account.id
    JOIN networks_post post ON post.id = reaction.post_id
    WHERE account.member_id = ANY(%(members)s)
      AND reaction.happened_at > %(since)s AND reaction.happened_at <= %(now)s
      AND NOT EXISTS (
          SELECT FROM networks_linkedaccount own
          WHERE own.member_id = account.member_id AND own.person_hash = reaction.responder_hash
      )
), named AS (
    SELECT member_id, post_id, responder_hash, is_tagged, lower(said.name) AS name,
           regexp_replace(lower(said.name), '[\s_-]+', '', 'g') AS key
    FROM answered CROSS JOIN LATERAL jsonb_array_elements_text(said) AS said(name)
), spelled AS (
    SELECT DISTINCT ON (member_id, key) member_id, key, name
    FROM named WHERE key <> '' AND length(name) <= 60
    GROUP BY member_id, key, name
    ORDER BY member_id, key, count(DISTINCT post_id) DESC, name
), counted AS (
    SELECT member_id, key, count(DISTINCT responder_hash) AS people,
           count(DISTINCT post_id) AS posts, NOT bool_or(is_tagged) AS from_words
    FROM named GROUP BY member_id, key
), hidden AS (
    SELECT member_id, key, true AS is_hidden FROM networks_topic WHERE hidden_at IS NOT NULL
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY member_id, is_hidden ORDER BY people DESC, posts DESC, key
    ) AS place
    FROM counted JOIN spelled USING (member_id, key) LEFT JOIN hidden USING (member_id, key)
    WHERE NOT from_words OR (posts >= %(least)s AND people >= %(least)s)
)
INSERT INTO networks_topic (member_id, key, name, people, posts, from_words, counted_at)
SELECT member_id, key, name, people, posts, from_words, %(now)s
FROM ranked WHERE is_hidden OR place <= %(most)s
ORDER BY member_id, key
ON CONFLICT (member_id, key) DO UPDATE SET
    name = excluded.name, people = excluded.people, posts = excluded.posts,
    from_words = excluded.from_words, counted_at = excluded.counted_at
RETURNING id
"""


def count_all(now: datetime) -> None:
    """Count the topics of everybody who takes part, some hundred members at a time."""
    for members in _batches():
        count_topics(members, now)


def count_topics(members: Sequence[int], now: datetime) -> None:
    """Count the topics of these members from what was responded in the 90 days before `now`."""
    _take_phrases(members, now)
    values: dict[str, Any] = {
        "members": list(members),
        "since": now - WINDOW,
        "now": now,
        "least": LEAST_OF_WORDS,
        "most": TOPICS_AT_MOST,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(COUNT_SQL, values)
        counted = [row[0] for row in cursor.fetchall()]
        gone = Topic.objects.filter(member__in=members).exclude(pk__in=counted)
        gone.filter(hidden_at=None).delete()
        gone.update(people=0, posts=0, counted_at=now)


def _batches() -> Iterator[list[int]]:
    """Ids of members, in order; whoever comes or goes meanwhile is met or not."""
    last = 0
    while True:
        found = Member.objects.filter(takes_part=True, pk__gt=last).order_by("pk")
        ids = list(found.values_list("pk", flat=True)[:MEMBERS_AT_ONCE])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _take_phrases(members: Sequence[int], now: datetime) -> None:
    """Once for each post that somebody responded to and that has no tags."""
    answered = Reaction.objects.filter(post=OuterRef("pk"), happened_at__gt=now - WINDOW)
    waiting = Post.objects.filter(
        Exists(answered),
        account__member__in=members,
        account__platform__in=[key for key, one in PLATFORMS.items() if one.tells_own_words],
        tags=[],
        phrases__isnull=True,
    ).only("pk", "excerpt")
    while posts := list(waiting[:POSTS_AT_ONCE]):
        for post in posts:
            post.phrases = list(phrases(post.excerpt))
        Post.objects.bulk_update(posts, ["phrases"])
