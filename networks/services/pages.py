"""One page of what a connector read, put into rows.

Whatever is here twice, out of order or again after a crash leaves the same rows: every row has a
key of its own, and conflicts are passed over.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Subquery

from networks.connectors.base import Counts, Page, Person, SeenOutreach, SeenPost, SeenReaction
from networks.hashing import act_hash, person_hash
from networks.models import LinkedAccount, Outreach, Post, Reaction, Reading
from networks.services.stop_list import without_stopped
from networks.standing import standing
from networks.text import clip, safe_url

FIGURE_MAX = 10**12  # More people than there are; keeps sums in 64 bits.


@dataclass(frozen=True)
class Stored:
    """How many rows a page added, and whether a score can depend on any of them."""

    posts: int
    reactions: int
    outreach: int
    matters: bool


def store_rows(account: LinkedAccount, page: Page, known: frozenset[str], now: datetime) -> Stored:
    """Add what is new on a page, but nothing of people on the stop list.

    The caller holds the transaction and the account's row.
    """
    page = without_stopped(account.platform, page)
    is_new_reading = _store_reading(account, page.counts, now)
    posts = _store_posts(account, page.posts, now)
    reactions = _store_reactions(account, page.reactions, known, now)
    outreach = _store_outreach(account, page.outreach, now)
    if page.posts or page.reactions:
        _point_to_posts(account)
    return Stored(posts, reactions, outreach, bool(is_new_reading or reactions or outreach))


def _store_reading(account: LinkedAccount, counts: Counts | None, now: datetime) -> bool:
    """The first good reading of a UTC day stands."""
    today = now.astimezone(UTC).date()
    if counts is None or account.readings.filter(read_on=today).exists():
        return False
    reading = Reading(
        account=account,
        read_on=today,
        read_at=now,
        followers=_figure(counts.followers),
        curation=_figure(counts.curation),
        posts=_figure(counts.posts),
    )
    Reading.objects.bulk_create([reading], ignore_conflicts=True)
    return True


def _store_posts(account: LinkedAccount, seen: tuple[SeenPost, ...], now: datetime) -> int:
    rows = {
        post.remote_id: Post(
            account=account,
            remote_id=post.remote_id,
            url=safe_url(post.url),
            excerpt=clip(post.excerpt, 280),
            tags=[clip(tag, 100) for tag in post.tags[:50]],
            posted_at=min(post.posted_at, now),
        )
        for post in seen
        if _fits(post.remote_id)
    }
    there = account.posts.filter(remote_id__in=rows).values_list("remote_id", flat=True)
    for remote_id in there:
        del rows[remote_id]
    Post.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return len(rows)


def _store_reactions(
    account: LinkedAccount, seen: tuple[SeenReaction, ...], known: frozenset[str], now: datetime
) -> int:
    rows: dict[int, Reaction] = {}
    for reaction in seen:
        key = act_hash(account.platform, reaction.key)
        rows.setdefault(key, _reaction(account, key, reaction, known, now))
    there = account.reactions.filter(act_hash__in=rows).values_list("act_hash", flat=True)
    for key in there:
        del rows[key]
    Reaction.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return len(rows)


def _reaction(
    account: LinkedAccount, key: int, seen: SeenReaction, known: frozenset[str], now: datetime
) -> Reaction:
    post = seen.post_remote_id or ""
    return Reaction(
        account=account,
        act_hash=key,
        responder_hash=person_hash(account.platform, seen.responder.key),
        kind=seen.kind,
        standing=standing_if_known(seen.responder, account.platform, known, now),
        post_remote_id=post if _fits(post) else "",
        happened_at=min(seen.happened_at, now),
        recorded_at=now,
    )


def standing_if_known(person: Person, platform: str, known: frozenset[str], now: datetime) -> int:
    """A profile is worth what its own host is: nothing where that host is not known."""
    return standing(person, platform, now) if person.host in known else 0


def _store_outreach(account: LinkedAccount, seen: tuple[SeenOutreach, ...], now: datetime) -> int:
    rows = {
        act.key: Outreach(
            account=account,
            act_key=act.key,
            target_hash=person_hash(account.platform, act.target.key),
            target_handle=clip(act.target.handle, 255),
            target_name=clip(act.target.name, 255),
            target_host=clip(act.target.host, 255),
            target_url=safe_url(act.target.url),
            kind=act.kind,
            url=safe_url(act.url),
            happened_at=min(act.happened_at, now),
            recorded_at=now,
        )
        for act in reversed(seen)
        if _fits(act.key, 300)
    }
    there = account.outreach.filter(act_key__in=rows).values_list("act_key", flat=True)
    for key in there:
        del rows[key]
    Outreach.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return len(rows)


def _point_to_posts(account: LinkedAccount) -> None:
    """Reactions may come before the post they are about, on this page or an earlier one."""
    post = Post.objects.filter(
        account_id=OuterRef("account_id"), remote_id=OuterRef("post_remote_id")
    ).values("pk")
    waiting = account.reactions.filter(post=None).exclude(post_remote_id="")
    waiting.filter(Exists(post)).update(post_id=Subquery(post[:1]))


def _fits(key: str, most: int = 255) -> bool:
    return 0 < len(key) <= most and "\x00" not in key


def _figure(figure: int | None) -> int | None:
    return None if figure is None or figure < 0 else min(figure, FIGURE_MAX)
