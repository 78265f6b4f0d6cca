"""What this app knows about a member, for them to take along, and how it forgets them."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import Member
from networks.models import LinkedAccount, Reaction, Webmention
from networks.services.unlinking import unlink
from networks.sonobuoy import personal_data as sonobuoy

ACCOUNT = (
    "platform",
    "host",
    "remote_id",
    "handle",
    "name",
    "url",
    "state",
    "findable",
    "linked_at",
    "opened_at",
    "last_read_at",
    "first_read_done_at",
    "last_problem",
    "last_problem_at",
)
POST = ("remote_id", "url", "excerpt", "tags", "posted_at")
OUTREACH = ("kind", "target_handle", "target_name", "target_url", "url", "happened_at")
READING = ("read_on", "read_at", "followers", "curation", "posts")
WEBMENTION = ("received_at", "outcome")
SITE = ("endpoint", "seen_at", "lost_at", "look_at")
POLL = (
    "started_at",
    "finished_at",
    "outcome",
    "problem",
    "pages",
    "posts",
    "reactions",
    "outreach",
    "set_aside",
)


class NetworksData:
    """Reactions are told as counts: who reacted is nothing that members hold about others."""

    name = "networks"

    def export(self, member: Member) -> dict[str, object]:
        return {
            "linked_accounts": [_exported(account) for account in _accounts(member)],
            "sonobuoy": sonobuoy.of_member(member),
        }

    def erase(self, member: Member, now: datetime) -> None:
        """Unlink everything. What the member did to others' words stays counted there.

        The hashes that stand for the member there become random ones, so that nobody's score
        moves and nobody, with our key or without, finds them again.
        """
        with transaction.atomic():
            for account in _accounts(member):
                _forget_hash(account.person_hash, member)
        for account in _accounts(member):
            unlink(account, now)
        sonobuoy.erase(member)


def _accounts(member: Member) -> QuerySet[LinkedAccount]:
    return LinkedAccount.objects.filter(member=member)


def _exported(account: LinkedAccount) -> dict[str, object]:
    reactions = account.reactions.values("kind").annotate(n=Count("pk")).order_by("kind")
    return {
        **{field: getattr(account, field) for field in ACCOUNT},
        "posts": _rows(account.posts.order_by("posted_at"), POST),
        "outreach": _rows(account.outreach.order_by("happened_at"), OUTREACH),
        "readings": _rows(account.readings.order_by("read_on"), READING),
        "polls": _rows(account.polls.order_by("started_at"), POLL),
        "webmentions": _rows(account.webmentions.order_by("received_at"), WEBMENTION),
        **_site(account),
        **sonobuoy.of_account(account),
        "reactions_received": {row["kind"]: row["n"] for row in reactions},
    }


def _site(account: LinkedAccount) -> dict[str, object]:
    site = getattr(account, "site", None)
    return {"proof": {field: getattr(site, field) for field in SITE}} if site else {}


def _rows(rows: QuerySet[Any], fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return list(rows.values(*fields))


def _forget_hash(person_hash: int, member: Member) -> None:
    """One random hash for each other member, so that their distinct people stay distinct."""
    theirs = Reaction.objects.filter(responder_hash=person_hash).exclude(account__member=member)
    others = list(theirs.order_by().values_list("account__member", flat=True).distinct())
    for other in others:
        theirs.filter(account__member=other).update(responder_hash=_random_hash())
    mentions = Webmention.objects.filter(responder_hash=person_hash)
    for mention in mentions.exclude(account__member=member):
        mention.responder_hash = _random_hash()
        mention.save(update_fields=["responder_hash"])


def _random_hash() -> int:
    """A random signed 64-bit integer, like those of `hashing`."""
    return secrets.randbits(64) - 2**63


provider = NetworksData()
