"""Webmentions: taken in at once, looked at later, counted, changed and taken away.

Whoever sends one is told nothing but that it was taken in. A row keeps the address of its source
only until we have looked; what stays is a keyed hash that tells when the same comes again.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from networks.address_guard import parse_url
from networks.connectors.base import ConnectorError, Page, RateLimited, SeenReaction
from networks.connectors.blog.addresses import MAX_ADDRESS, Site, domain_of, page_id, site_of
from networks.connectors.blog.feed import person_at
from networks.connectors.blog.mention import Mention, look_at_source
from networks.hashing import act_hash, mention_hash, person_hash
from networks.known_hosts import known_hosts
from networks.models import LinkedAccount, ProvenSite, Reaction, Webmention
from networks.services.door import door
from networks.services.pages import standing_if_known, store_rows
from networks.services.stop_list import stopped_among

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
PER_BLOG_AND_HOUR = 100
PER_DOMAIN_AND_HOUR = 30
# The same one sent again sooner than this changes nothing.
AGAIN_AFTER = timedelta(minutes=10)
CLAIM = timedelta(seconds=45)
CLAIMED_AT_ONCE = 50
TRIES = 4
FIRST_WAIT = timedelta(minutes=5)
REFUSED_STAY = timedelta(days=1)


class NoSuchEndpoint(Exception):
    """There is no blog that takes Webmentions there."""


class NotTaken(Exception):
    """A Webmention that cannot be taken in; `sentence` is for whoever writes sending software."""

    def __init__(self, sentence: str, *, is_flood: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_flood = is_flood


def receive(endpoint: str, source: str, target: str, now: datetime) -> None:
    """Take one in, to be looked at soon. Raises NoSuchEndpoint, NotTaken."""
    site = _open_site(endpoint)
    domain = _checked(site_of(f"https://{site.account.remote_id}"), source, target)
    responder = person_hash(site.account.platform, domain)
    if stopped_among([responder]):
        # Whoever sends it is told the same as everybody.
        return
    with transaction.atomic():
        # One at a time per domain that sends and per blog, or a flood slips through the counts.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [responder])
        if not ProvenSite.objects.select_for_update().filter(pk=site.pk).exists():
            raise NoSuchEndpoint
        _take(site.account, source, target, responder, now)


def _open_site(endpoint: str) -> ProvenSite:
    site = (
        ProvenSite.objects.select_related("account")
        .filter(
            endpoint=endpoint,
            account__state=LinkedAccount.State.ACTIVE,
            account__member__takes_part=True,
        )
        .first()
    )
    if site is None:
        raise NoSuchEndpoint
    return site


def _checked(site: Site, source: str, target: str) -> str:
    """The domain of the source. Raises NotTaken."""
    for name, address in (("source", source), ("target", target)):
        if not address or len(address) > MAX_ADDRESS or not address.isprintable():
            raise NotTaken(f"{name} is missing, or is no address on the web.")
    try:
        parse_url(source, door().development_hosts)
    except ConnectorError:
        raise NotTaken("source is not an https address of a public server.") from None
    domain = domain_of(source)
    if not domain:
        raise NotTaken("source is not an https address of a public server.")
    if page_id(source) == page_id(target):
        raise NotTaken("source and target are the same page.")
    if not site.holds(target):
        raise NotTaken("target is not on the site that takes Webmentions here.")
    return domain


def _take(account: LinkedAccount, source: str, target: str, responder: int, now: datetime) -> None:
    key = mention_hash(source, target)
    waiting = {"source": source, "target": target, "received_at": now, "due_at": now, "tries": 0}
    same = account.webmentions.filter(mention_hash=key)
    known = same.first()
    if known and (known.due_at or known.received_at > now - AGAIN_AFTER):
        return
    lately = Webmention.objects.filter(received_at__gt=now - HOUR)
    if lately.filter(account=account).count() >= PER_BLOG_AND_HOUR:
        raise NotTaken("Too many for this blog within the hour.", is_flood=True)
    if lately.filter(responder_hash=responder).count() >= PER_DOMAIN_AND_HOUR:
        raise NotTaken("Too many from this domain within the hour.", is_flood=True)
    if known:
        same.update(**waiting)
    else:
        Webmention.objects.create(
            account=account, mention_hash=key, responder_hash=responder, **waiting
        )


def claim_webmentions(now: datetime, limit: int = CLAIMED_AT_ONCE) -> list[int]:
    """Take up to `limit` that are due; they are due again after a while."""
    over = Webmention.objects.filter(
        outcome=Webmention.Outcome.REFUSED, due_at=None, received_at__lt=now - REFUSED_STAY
    )
    over.delete()
    due = Webmention.objects.filter(due_at__lte=now, account__member__takes_part=True).order_by(
        "due_at"
    )
    with transaction.atomic():
        ids = list(
            due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[
                :limit
            ]
        )
        Webmention.objects.filter(pk__in=ids).update(due_at=now + CLAIM)
    return ids


def verify_webmention(webmention_id: int, now: datetime) -> None:
    """Look at the source of one, and count it, change it or take it away. May run twice."""
    found = Webmention.objects.select_related("account").filter(pk=webmention_id).first()
    if found is None or found.due_at is None:
        return
    try:
        seen = look_at_source(door(), found.source, found.target, now)
    except RateLimited as error:
        _wait(found, error.until)
    except ConnectorError as error:
        logger.info("webmention %s: %s %s", webmention_id, error.code, error.detail)
        _try_again(found, now)
    else:
        _settle(found, seen, now)


def _wait(found: Webmention, until: datetime) -> None:
    Webmention.objects.filter(
        pk=found.pk, received_at=found.received_at, due_at__isnull=False
    ).update(due_at=until)


def _try_again(found: Webmention, now: datetime) -> None:
    """Longer waits each time; after the last try what was counted stays counted."""
    tries = found.tries + 1
    again = {"tries": tries, "due_at": now + FIRST_WAIT * 4**tries}
    if tries >= TRIES:
        is_new = found.outcome == Webmention.Outcome.WAITING
        outcome = Webmention.Outcome.REFUSED if is_new else found.outcome
        again = {"due_at": None, "source": "", "target": "", "outcome": outcome}
    Webmention.objects.filter(
        pk=found.pk, received_at=found.received_at, due_at__isnull=False
    ).update(**again)


@transaction.atomic
def _settle(found: Webmention, seen: Mention | None, now: datetime) -> None:
    """Store what was seen, unless the account is gone or somebody else has settled it."""
    account = LinkedAccount.objects.select_for_update().filter(pk=found.account_id).first()
    mine = Webmention.objects.select_for_update().filter(
        pk=found.pk, received_at=found.received_at, due_at__isnull=False
    )
    if account is None or not mine.exists():
        return
    if seen and stopped_among([person_hash(account.platform, seen.domain)]):
        _take_away(account, found, now)
        mine.delete()
        return
    if seen is None:
        outcome = _take_away(account, found, now)
    else:
        outcome = Webmention.Outcome.COUNTED
        _count(account, found, seen, now)
    fields = {"responder_hash": person_hash(account.platform, seen.domain)} if seen else {}
    mine.update(source="", target="", due_at=None, outcome=outcome, **fields)


def _take_away(account: LinkedAccount, found: Webmention, now: datetime) -> Webmention.Outcome:
    gone, _ = _reaction(account, found).delete()
    if gone:
        _stamp(account, now)
        return Webmention.Outcome.GONE
    was_there = found.outcome in (Webmention.Outcome.COUNTED, Webmention.Outcome.GONE)
    return Webmention.Outcome.GONE if was_there else Webmention.Outcome.REFUSED


def _count(account: LinkedAccount, found: Webmention, seen: Mention, now: datetime) -> None:
    """A new reaction, or what has changed of the one there is; when it happened stays."""
    known = known_hosts(account.platform)
    reaction = SeenReaction(
        key=_act_key(found),
        kind=seen.kind,
        responder=person_at(seen.domain),
        happened_at=min(seen.said_at or found.received_at, found.received_at),
        post_remote_id=page_id(found.target),
    )
    old = _reaction(account, found)
    changed = {
        "kind": seen.kind,
        "responder_hash": person_hash(account.platform, seen.domain),
        "standing": standing_if_known(reaction.responder, account.platform, known, now),
    }
    if old.filter(**changed).exists():
        return
    if not old.update(**changed):
        store_rows(account, Page({}, reactions=(reaction,)), known, now)
    _stamp(account, now)


def _stamp(account: LinkedAccount, now: datetime) -> None:
    """A score depends on it, once there is one."""
    if account.first_read_done_at:
        LinkedAccount.objects.filter(pk=account.pk).update(changed_at=now)


def _act_key(found: Webmention) -> str:
    return f"webmention:{found.mention_hash}"


def _reaction(account: LinkedAccount, found: Webmention) -> QuerySet[Reaction]:
    return account.reactions.filter(act_hash=act_hash(account.platform, _act_key(found)))
