"""Linking a place by what stands on it, and looking from time to time whether it still does.

There is no consent page and no secret: the member puts one line into their page that only they
can have been given. It is looked at again every week. A line that is gone is told to the owner,
and after two weeks without it nothing more is read.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import Member, random_address
from language import gettext as _
from networks import oauth
from networks.connectors.base import ConnectorError, Permanent
from networks.connectors.blog.connector import PROOF_FILE, PROOF_NAME
from networks.connectors.proof import Claim, Look
from networks.crypto import SealError
from networks.hashing import own_address, proof_token
from networks.models import LinkAttempt, LinkedAccount, ProvenSite
from networks.problems import GRACE, problem
from networks.services import vault
from networks.services.door import prover_of
from networks.services.errors import LinkError
from networks.services.linking import keep_account, write_attempt

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(days=7)
LOOK_AGAIN_AFTER = timedelta(days=1)
CLAIM = timedelta(seconds=45)
CLAIMED_AT_ONCE = 50
A_FEED = (
    '<link rel="alternate" type="application/rss+xml" href="/feed.xml"> '
    "(application/atom+xml, application/feed+json)"
)
_MISSING = ("site_gone", "not_a_page")


@dataclass(frozen=True)
class Lines:
    """What a member may put where, to be copied as it is. Any one of them is enough."""

    link: str
    meta: str
    file_address: str
    file_text: str


@dataclass(frozen=True)
class Report:
    """Nothing is linked yet: what was found at a place, what was missing, what to copy there."""

    name: str
    found: tuple[str, ...]
    missing: tuple[str, ...]
    lines: Lines


def own_line(member: Member) -> str:
    """The line that shows any page to be this member's."""
    return f'<link rel="me" href="{_own_address(member)}">'


def prove_site(
    member: Member, session_key: str, platform: str, typed: str, findable: bool, now: datetime
) -> LinkedAccount | Report:
    """Look at a place and link it if it shows that it is the member's. Raises LinkError."""
    prover = prover_of(platform)
    try:
        destination = prover.find(typed)
    except ValueError as error:
        raise LinkError(str(error)) from error
    attempt = LinkAttempt(member=member, findable=findable, started_at=now)
    write_attempt(attempt, session_key, oauth.new_state())
    try:
        look = prover.look(destination.login)
        claim = _claim(member, look)
        how = prover.proof(look, claim)
        if not (how and look.feeds):
            return _report(look, claim, how)
        credentials = prover.credentials(look, now)
    except ConnectorError as error:
        logger.info("no look at %s: %s %s", destination.host, error.code, error)
        if error.code == "no_feed":
            return _report(look, claim, how, unreadable=True)
        raise LinkError(problem(error.code).while_linking(destination.host)) from error
    with transaction.atomic():
        account = keep_account(attempt, platform, look.host, None, credentials, look.identity, now)
        ProvenSite.objects.update_or_create(
            account=account,
            defaults={"seen_at": now, "lost_at": None, "look_at": now + LOOK_EVERY},
            create_defaults={
                "endpoint": random_address(),
                "seen_at": now,
                "look_at": now + LOOK_EVERY,
            },
        )
    logger.info("proven account %s at %s by its %s", account.pk, look.host, how)
    return account


def claim_sites(now: datetime, limit: int = CLAIMED_AT_ONCE) -> list[int]:
    """Take up to `limit` sites that are to be looked at again; they are due again after a while."""
    due = ProvenSite.objects.filter(
        look_at__lte=now,
        account__state=LinkedAccount.State.ACTIVE,
        account__member__takes_part=True,
    ).order_by("look_at")
    with transaction.atomic():
        locked = due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        ids = list(locked[:limit])
        ProvenSite.objects.filter(pk__in=ids).update(look_at=now + CLAIM)
    return ids


def look_again(site_id: int, now: datetime) -> None:
    """Whether the proof of one site still stands. What cannot be looked at is not lost."""
    site = ProvenSite.objects.select_related("account__member").filter(pk=site_id).first()
    if site is None or site.account.state != LinkedAccount.State.ACTIVE:
        return
    if not site.account.member.takes_part:
        return
    try:
        stands = _still_stands(site.account)
    except (ConnectorError, SealError) as error:
        logger.info("no look at account %s: %s", site.account_id, type(error).__name__)
        ProvenSite.objects.filter(pk=site_id).update(look_at=now + LOOK_AGAIN_AFTER)
        return
    if stands:
        ProvenSite.objects.filter(pk=site_id).update(
            seen_at=now, lost_at=None, look_at=now + LOOK_EVERY
        )
    else:
        _note_loss(site, now)


def _still_stands(account: LinkedAccount) -> bool:
    prover = prover_of(account.platform)
    address = vault.credentials_of(account).extra["address"]
    try:
        look = prover.look(address)
    except Permanent as error:
        if error.code in _MISSING:
            return False
        raise
    is_same = look.identity.remote_id == account.remote_id
    return is_same and bool(prover.proof(look, _claim(account.member, look)))


@transaction.atomic
def _note_loss(site: ProvenSite, now: datetime) -> None:
    lost_at = site.lost_at or now
    is_over = now >= lost_at + GRACE
    look_at = None if is_over else now + LOOK_AGAIN_AFTER
    # Unless the member has shown it again meanwhile.
    mine = ProvenSite.objects.filter(pk=site.pk, seen_at=site.seen_at)
    if mine.update(lost_at=lost_at, look_at=look_at) and is_over:
        LinkedAccount.objects.filter(pk=site.account_id).update(
            state=LinkedAccount.State.NEEDS_CONSENT,
            last_problem="proof_gone",
            last_problem_at=now,
            next_poll_at=None,
        )


def _own_address(member: Member) -> str:
    return f"{settings.BASE_URL}{reverse('me', args=[own_address(member.address)])}"


def _claim(member: Member, look: Look) -> Claim:
    return Claim(_own_address(member), proof_token(member.address, look.identity.remote_id))


def _report(look: Look, claim: Claim, how: str, *, unreadable: bool = False) -> Report:
    found = [_("Your page, at {address}.").format(address=look.address)]
    missing = []
    if how:
        found.append(_("The line that shows that it is yours."))
    else:
        missing.append(_no_line(look))
    if unreadable:
        missing.append(
            _(
                "A feed that we can read. The page names {address}, but what is there is not RSS, "
                "Atom or JSON Feed."
            ).format(address=look.feeds[0])
        )
    elif look.feeds:
        found.append(_("Your feed, at {address}.").format(address=look.feeds[0]))
    else:
        missing.append(
            _("A feed. We looked in the page for a line like {line}.").format(line=A_FEED)
        )
    return Report(look.identity.person.handle, tuple(found), tuple(missing), _lines(look, claim))


def _no_line(look: Look) -> str:
    told = _("A line that shows that the site is yours: we found none of the three below.")
    other = [text for text in sorted(look.claims) if "/" in text][:3]
    if not other:
        return told
    elsewhere = _("Its rel=me links lead elsewhere: {addresses}.")
    return f"{told} {elsewhere.format(addresses=', '.join(other))}"


def _lines(look: Look, claim: Claim) -> Lines:
    scheme, _, rest = look.address.partition("://")
    return Lines(
        link=f'<link rel="me" href="{claim.address}">',
        meta=f'<meta name="{PROOF_NAME}" content="{claim.token}">',
        file_address=f"{scheme}://{rest.partition('/')[0]}{PROOF_FILE}",
        file_text=claim.token,
    )
