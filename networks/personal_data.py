"""What this app knows about a member, for them to take along, and how it forgets them."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.exports.rows import Rows, rows_of
from accounts.models import Member
from accounts.personal_data_contract import InRows, ReachesOut
from networks.consent_models import Consent
from networks.models import LinkedAccount, Reaction, Webmention
from networks.services.unlinking import leave, wait_for_consent
from networks.sonobuoy import personal_data as sonobuoy
from networks.topics import personal_data as topics

ACCOUNT = (
    "platform",
    "host",
    "remote_id",
    "handle",
    "name",
    "url",
    "state",
    "findable",
    "on_profile",
    "linked_at",
    "opened_at",
    "last_read_at",
    "first_read_done_at",
    "last_problem",
    "last_problem_at",
)
POST = ("remote_id", "url", "excerpt", "tags", "phrases", "posted_at")
OUTREACH = ("kind", "target_handle", "target_name", "target_url", "url", "happened_at")
READING = ("read_on", "read_at", "followers", "curation", "posts")
WEBMENTION = ("received_at", "outcome")
CONSENT = (
    *("platform", "handle", "words", "scopes", "findable", "given_at", "ended_at", "ended_by"),
)
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


class NetworksData(InRows, ReachesOut):
    """Reactions are told as counts: who reacted is nothing that members hold about others."""

    name = "networks"

    def export_rows(self, member: Member) -> dict[str, object]:
        return {
            "linked_accounts": Rows(lambda: (_exported(account) for account in _accounts(member))),
            "consents": rows_of(
                Consent.objects.filter(member=member).order_by("given_at", "pk"), *CONSENT
            ),
            "sonobuoy": sonobuoy.of_member(member),
            "topics": topics.of_member(member),
        }

    def withdraw(self, member: Member, now: datetime) -> None:
        """Nothing more is read until the member gives consent again; what was read stays."""
        for account in _accounts(member):
            wait_for_consent(account, now)

    def erase(self, member: Member, now: datetime) -> None:
        """Unlink everything; its servers are told later, by `revoke_due`.

        What the member did to others' words stays counted there.
        The hashes that stand for the member there become random ones, so that nobody's score
        moves and nobody, with our key or without, finds them again.
        """
        with transaction.atomic():
            for account in _accounts(member):
                _forget_hash(account.person_hash, member)
        for account in _accounts(member):
            leave(account, now)
        sonobuoy.erase(member)
        topics.erase(member)


def _accounts(member: Member) -> QuerySet[LinkedAccount]:
    return LinkedAccount.objects.filter(member=member).select_related("site")


def _exported(account: LinkedAccount) -> dict[str, object]:
    reactions = account.reactions.values("kind").annotate(n=Count("pk")).order_by("kind")
    return {
        **{field: getattr(account, field) for field in ACCOUNT},
        "posts": rows_of(account.posts.order_by("posted_at"), *POST),
        "outreach": rows_of(account.outreach.order_by("happened_at"), *OUTREACH),
        "readings": rows_of(account.readings.order_by("read_on"), *READING),
        "polls": rows_of(account.polls.order_by("started_at"), *POLL),
        "webmentions": rows_of(account.webmentions.order_by("received_at"), *WEBMENTION),
        "proof": _site(account),
        **sonobuoy.of_account(account),
        "reactions_received": {row["kind"]: row["n"] for row in reactions},
    }


def _site(account: LinkedAccount) -> dict[str, object] | None:
    site = getattr(account, "site", None)
    return {field: getattr(site, field) for field in SITE} if site else None


def _forget_hash(person_hash: int, member: Member) -> None:
    """One random hash for each other member, so that their distinct people stay distinct."""
    theirs = Reaction.objects.filter(responder_hash=person_hash).exclude(account__member=member)
    others = list(theirs.order_by().values_list("account__member", flat=True).distinct())
    for other in others:
        # By accounts, not through them: a join would read all reactions for each of them once more.
        accounts = LinkedAccount.objects.filter(member=other)
        same = Reaction.objects.filter(responder_hash=person_hash, account__in=accounts)
        same.update(responder_hash=_random_hash())
    mentions = Webmention.objects.filter(responder_hash=person_hash)
    for mention in mentions.exclude(account__member=member):
        mention.responder_hash = _random_hash()
        mention.save(update_fields=["responder_hash"])


def _random_hash() -> int:
    """A random signed 64-bit integer, like those of `hashing`."""
    return secrets.randbits(64) - 2**63


provider = NetworksData()
