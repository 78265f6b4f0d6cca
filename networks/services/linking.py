"""Linking an account: to the consent page and back, consent again, findable."""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.audit import Event, record
from accounts.models import Member
from language import gettext as _
from language import gettext_noop, listed
from networks import consents, oauth
from networks.budgets import month_of, spender_of
from networks.connectors.base import (
    Connector,
    ConnectorError,
    Credentials,
    Destination,
    Identity,
    Person,
)
from networks.crypto import SealError, seal
from networks.hashing import person_hash
from networks.known_hosts import is_known
from networks.models import InstanceApp, LinkAttempt, LinkedAccount
from networks.problems import problem
from networks.registry import PLATFORMS
from networks.services import revocations, spending, vault
from networks.services.door import connector_of, missing_options
from networks.services.errors import PAUSED, LinkError
from networks.spending import needs_budget, no_money_to_link
from networks.standing import standing
from networks.text import clip, safe_url

logger = logging.getLogger(__name__)

ATTEMPT_LASTS = timedelta(minutes=10)
ATTEMPTS_PER_HOUR = 10
# Servers forget an application that nobody gave consent to (Mastodon: after a day).
REGISTRATION_IS_FRESH = timedelta(hours=12)

NOT_VALID = gettext_noop(
    "This way back from the consent page does not count: it is older than ten minutes, was used "
    "already, or began in another browser or for another server. Nothing was linked or changed. "
    "Please start again from here."
)


def redirect_uri(platform: str, host: str) -> str:
    """Each server has its own, so that no server can pass off another's answer (RFC 9700, 4.4)."""
    return f"{settings.BASE_URL}{reverse('link_callback', args=[platform, host])}"


def start_link(
    member: Member,
    session_key: str,
    platform: str,
    typed: str,
    findable: bool,
    now: datetime,
) -> str:
    """Begin a walk to a consent page; returns its address. Raises LinkError."""
    if sentence := needs_sentence(platform):
        raise LinkError(sentence)
    try:
        destination = connector_of(platform).find(typed)
    except ValueError as error:
        raise LinkError(str(error)) from error
    attempt = LinkAttempt(member=member, findable=findable, started_at=now)
    return _begin(attempt, session_key, platform, destination)


def start_relink(account: LinkedAccount, session_key: str, now: datetime) -> str:
    """The same for consent again. Raises LinkError."""
    attempt = LinkAttempt(
        member=account.member, findable=account.findable, started_at=now, relink_of=account
    )
    destination = Destination(account.host, account.remote_id)
    return _begin(attempt, session_key, account.platform, destination)


def needs_sentence(platform: str) -> str:
    """What the operator has to set before a platform can be linked here; empty where nothing."""
    missing = listed([option.variable for option in missing_options(platform)])
    label = PLATFORMS[platform].label
    if PLATFORMS[platform].needs_https and not _can_be_looked_at():
        return _(
            "{platform} speaks only to sites that it can reach over https. Whoever runs the site "
            "can change that by setting BASE_URL to such an address."
        ).format(platform=label)
    if not missing:
        return needs_budget(platform)
    return _(
        "{platform} knows no application of this site yet. Whoever runs the site can change that "
        "by setting {variables}."
    ).format(platform=label, variables=missing)


def _can_be_looked_at() -> bool:
    """Over https; or not at all, where the only one who looks is the member on this machine."""
    site = urlsplit(settings.BASE_URL)
    return site.scheme == "https" or site.hostname in ("localhost", "127.0.0.1")


def _begin(attempt: LinkAttempt, session_key: str, platform: str, destination: Destination) -> str:
    if sentence := no_money_to_link(platform, attempt.started_at):
        raise LinkError(sentence)
    host = destination.host
    connector = connector_of(platform)
    state, verifier = oauth.new_state(), oauth.new_verifier()
    write_attempt(attempt, session_key, state)
    try:
        app = _app_at(connector, platform, host, attempt.started_at)
        consent = connector.ask_consent(
            destination,
            vault.registration_of(app),
            app.redirect_uri,
            state,
            oauth.challenge(verifier),
        )
    except ConnectorError as error:
        logger.info("no way to the consent page of %s: %s %s", host, error.code, error)
        raise LinkError(problem(error.code).while_linking(host)) from error
    attempt.app, attempt.kept = app, vault.seal_kept(attempt, verifier, consent)
    attempt.save(update_fields=["app", "kept"])
    return consent.url


def write_attempt(attempt: LinkAttempt, session_key: str, state: str) -> None:
    """Two at the same instant may both pass the count; the limit is against floods, not for law."""
    now = attempt.started_at
    if attempt.member.paused_at:
        raise LinkError(str(PAUSED))
    attempts = LinkAttempt.objects.filter(member=attempt.member_id)
    if attempts.filter(started_at__gt=now - timedelta(hours=1)).count() >= ATTEMPTS_PER_HOUR:
        raise LinkError(
            _(
                "You have tried {count} times within the hour. Nothing was linked or changed. "
                "Please try again in an hour."
            ).format(count=ATTEMPTS_PER_HOUR)
        )
    attempts.filter(started_at__lt=now - timedelta(days=1)).delete()
    attempt.state_hash = oauth.fingerprint(state)
    attempt.session_hash = oauth.fingerprint(session_key)
    attempt.save()


def _app_at(connector: Connector, platform: str, host: str, now: datetime) -> InstanceApp:
    """Our registration at `host`: the one we have if the server still knows it, else a new one."""
    uri = redirect_uri(platform, host)
    ours = InstanceApp.objects.filter(platform=platform, host=host, redirect_uri=uri).first()
    if ours and _still_registered(connector, ours, now):
        return ours
    registration = connector.register(host, uri)
    app = InstanceApp(
        platform=platform,
        host=host,
        redirect_uri=uri,
        client_id=registration.client_id,
        scopes=registration.scopes,
        registered_at=now,
    )
    app.client_secret = seal(registration.client_secret, place=vault.place_of_secret(app))
    return _keep_one(app, replaces=ours)


def _still_registered(connector: Connector, app: InstanceApp, now: datetime) -> bool:
    try:
        registration = vault.registration_of(app)
    except SealError:
        return False
    is_fresh = now - app.registered_at < REGISTRATION_IS_FRESH
    if is_fresh and PLATFORMS[app.platform].registers_itself:
        return True
    return connector.is_registered(app.host, registration)


def _keep_one(app: InstanceApp, *, replaces: InstanceApp | None) -> InstanceApp:
    """Of two registrations made at once the first one stored is used by both."""
    if replaces is None:
        InstanceApp.objects.bulk_create([app], ignore_conflicts=True)
    else:
        InstanceApp.objects.filter(pk=replaces.pk, client_id=replaces.client_id).update(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=app.scopes,
            registered_at=app.registered_at,
        )
    return InstanceApp.objects.get(
        platform=app.platform, host=app.host, redirect_uri=app.redirect_uri
    )


def finish_link(
    member: Member,
    session_key: str,
    state: str,
    code: str,
    now: datetime,
    error: str = "",
    *,
    platform: str,
    host: str,
    issuer: str = "",
) -> LinkedAccount:
    """Take the answer of the consent page of `host` and link the account. Raises LinkError."""
    attempt, app = _use_attempt(member, session_key, state, now)
    kept = _kept(attempt)
    expected = kept.issuer or host
    is_from_there = oauth.speaks_for(issuer, expected, is_required=kept.needs_issuer)
    if (app.platform, app.host) != (platform, host) or not is_from_there:
        raise LinkError(_(NOT_VALID))
    if error == "access_denied":
        raise LinkError(
            _("You said no at {host}, and that is fine. Nothing was linked or changed.").format(
                host=host
            )
        )
    if error or not code:
        raise LinkError(problem("code_refused").while_linking(host))
    credentials, identity = _ask_who(app, code, kept, now)
    _pay_for_look(app, identity, now)
    account = keep_account(attempt, platform, host, app, credentials, identity, now)
    logger.info("linked account %s at %s", account.pk, host)
    return account


def _use_attempt(
    member: Member, session_key: str, state: str, now: datetime
) -> tuple[LinkAttempt, InstanceApp]:
    """Use up the one attempt that this state began here; the second of two at once gets none."""
    attempts = LinkAttempt.objects.filter(
        state_hash=oauth.fingerprint(state),
        member=member,
        session_hash=oauth.fingerprint(session_key),
        app__isnull=False,
    )
    fresh = attempts.filter(used_at=None, started_at__gt=now - ATTEMPT_LASTS)
    if not fresh.update(used_at=now):
        raise LinkError(_(NOT_VALID))
    attempt = attempts.select_related("app", "relink_of").get()
    if attempt.app is None:
        raise LinkError(_(NOT_VALID))
    return attempt, attempt.app


def _kept(attempt: LinkAttempt) -> vault.Kept:
    try:
        return vault.kept_of(attempt)
    except SealError as error:
        raise LinkError(_(NOT_VALID)) from error


def _ask_who(
    app: InstanceApp, code: str, kept: vault.Kept, now: datetime
) -> tuple[Credentials, Identity]:
    connector = connector_of(app.platform)
    try:
        credentials = connector.exchange(
            app.host,
            vault.registration_of(app),
            app.redirect_uri,
            code,
            kept.verifier,
            kept.kept,
            now,
        )
        return credentials, connector.identify(app.host, credentials)
    except SealError as error:
        raise LinkError(problem("code_refused").while_linking(app.host)) from error
    except ConnectorError as error:
        logger.info("no link at %s: %s %s", app.host, error.code, error)
        if error.code == "app_forgotten":
            # Old enough to be looked at again before the next walk.
            InstanceApp.objects.filter(pk=app.pk, client_id=app.client_id).update(
                registered_at=app.registered_at - REGISTRATION_IS_FRESH
            )
        raise LinkError(problem(error.code).while_linking(app.host)) from error


def _pay_for_look(app: InstanceApp, identity: Identity, now: datetime) -> None:
    """Seeing whose consent it is costs money on some platforms, whatever comes of it."""
    price = PLATFORMS[app.platform].price
    if price is not None:
        account = LinkedAccount(platform=app.platform, host=app.host, remote_id=identity.remote_id)
        spender = spender_of(account, month_of(now))
        spending.pay_for_look(app.platform, spender, price.look, now)


@transaction.atomic
def keep_account(
    attempt: LinkAttempt,
    platform: str,
    host: str,
    app: InstanceApp | None,
    credentials: Credentials,
    identity: Identity,
    now: datetime,
) -> LinkedAccount:
    """Link, or renew, the account that gave consent, or was proven (then there is no `app`).

    The fresh token is not revoked where the answer is no: a server may hand out the token that
    another member's link already uses (Mastodon does), and revoking would cut that one off.
    """
    account, is_new = LinkedAccount.objects.select_for_update().get_or_create(
        platform=platform,
        host=host,
        remote_id=identity.remote_id,
        defaults={
            "member": attempt.member,
            "handle": clip(identity.person.handle, 255),
            "person_hash": person_hash(platform, identity.person.key),
            "served_by": clip(identity.served_by or host, 255),
            "findable": attempt.findable,
            "linked_at": now,
        },
    )
    _check_owner(account, attempt, identity)
    if attempt.relink_of is None:
        account.findable = attempt.findable
    show_as(account, identity, now)
    account.app = app
    account.credentials = vault.seal_credentials(account, credentials)
    account.state = LinkedAccount.State.ACTIVE
    account.failures, account.last_problem, account.last_problem_at = 0, "", None
    account.next_poll_at = account.introduced_at = now
    # A poll that still runs with the old credentials has no say any more.
    account.polling_until = account.polling_by = None
    account.save(update_fields=[*SHOWN, *RENEWED])
    revocations.call_off(account)
    consents.give(account, now)
    event = Event.NETWORK_LINKED if is_new else Event.NETWORK_RENEWED
    record(attempt.member, event, now, detail=told(account))
    return account


def told(account: LinkedAccount) -> str:
    """An account as the audit trail names it."""
    return f"{account.handle} ({account.platform_label})"


def _check_owner(account: LinkedAccount, attempt: LinkAttempt, identity: Identity) -> None:
    """Raises LinkError where the consent is for an account that this attempt is not about."""
    wanted, handle = attempt.relink_of, identity.person.handle
    if account.member_id != attempt.member_id:
        raise LinkError(
            _(
                "{handle} is already linked by another member. Nothing was changed. If it is "
                "yours, unlink it there first."
            ).format(handle=handle)
        )
    if wanted and wanted.pk != account.pk:
        raise LinkError(
            _(
                "You gave consent as {handle}, but the account to renew is {wanted}. Nothing was "
                "changed. Sign in at {host} as {wanted} and try again, or link the other account "
                "as a new one."
            ).format(handle=handle, wanted=wanted.handle, host=wanted.host)
        )


RENEWED = [
    "app",
    "credentials",
    "state",
    "findable",
    "failures",
    "last_problem",
    "last_problem_at",
    "next_poll_at",
    "polling_until",
    "polling_by",
]
SHOWN = [
    "handle",
    "name",
    "url",
    "person_hash",
    "served_by",
    "standing",
    "opened_at",
    "introduced_at",
]


def show_as(account: LinkedAccount, identity: Identity, now: datetime) -> None:
    """Take over how the account is called today; who it belongs to stays with its remote id."""
    person = identity.person
    handle = clip(person.handle, 255)
    if handle != account.handle:
        account.introduced_at = now
    account.handle = handle
    account.name = clip(person.name, 255)
    account.url = safe_url(person.url)
    account.person_hash = person_hash(account.platform, person.key)
    account.served_by = clip(identity.served_by or account.host, 255)
    is_vouched_for = _is_vouched_for(account, person)
    account.standing = standing(person, account.platform, now) if is_vouched_for else 0
    account.opened_at = person.created_at


def _is_vouched_for(account: LinkedAccount, person: Person) -> bool:
    """A place that was proven shows no profile; it is worth what is known of its own host."""
    is_proven = PLATFORMS[account.platform].proof
    return not is_proven or is_known(account.platform, person.host)


@transaction.atomic
def set_findable(account: LinkedAccount, findable: bool, now: datetime) -> None:
    account.findable, account.introduced_at = findable, now
    account.save(update_fields=["findable", "introduced_at"])
    event = Event.FINDABLE if findable else Event.NOT_FINDABLE
    record(account.member, event, now, detail=told(account))
