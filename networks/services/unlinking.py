"""Unlinking an account: consent is taken back at the server, and what was read is deleted."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.audit import Event, record
from accounts.audit_models import AuditEntry
from language import gettext as _
from networks import consents
from networks.connectors.base import ConnectorError
from networks.consent_models import Consent
from networks.crypto import SealError
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.services import pictures, revocations, spending, vault
from networks.services.door import connector_of
from networks.services.linking import told
from networks.topics.counting import count_topics

logger = logging.getLogger(__name__)


def unlink(account: LinkedAccount, now: datetime, by: AuditEntry.By = AuditEntry.By.MEMBER) -> str:
    """Revoke at the server and delete here; returns what happened, for whoever did it."""
    account_id = account.pk
    was_revoked = _revoke(account)
    is_proven = PLATFORMS[account.platform].proof
    with transaction.atomic():
        # Locked first: a poll that stores a page now waits, and then finds nothing to add to.
        LinkedAccount.objects.select_for_update().filter(pk=account_id).first()
        spending.forget_reserved(account, now)
        consents.end(account, now, Consent.Ended.WITHDRAWN)
        record(account.member, Event.NETWORK_UNLINKED, now, detail=told(account), by=by)
        account.delete()
        pictures.settle(account.member_id)
        count_topics([account.member_id], now)
        # What is left of the member's score is another one now.
        LinkedAccount.objects.filter(member=account.member_id).update(changed_at=now)
    logger.info("unlinked account %s at %s", account_id, account.host)
    gone = _("{handle} is unlinked, and everything read from it is deleted here.")
    return f"{gone.format(handle=account.handle)} {_next(account.host, is_proven, was_revoked)}"


def _next(host: str, is_proven: bool, was_revoked: bool) -> str:
    if is_proven:
        return _("You may take our lines out of your page now.")
    if was_revoked:
        return _("{host} no longer lets us in.").format(host=host)
    return _(
        "We could not tell {host}: please take our access back there yourself, in its settings "
        "under authorised apps."
    ).format(host=host)


def leave(account: LinkedAccount, now: datetime) -> None:
    """The same for somebody who leaves, without waiting for anybody: the server is told later."""
    with transaction.atomic():
        LinkedAccount.objects.select_for_update().filter(pk=account.pk).first()
        account.refresh_from_db(fields=["credentials"])
        revocations.ask_for(account, now)
        spending.forget_reserved(account, now)
        consents.end(account, now, Consent.Ended.WITHDRAWN)
        # What is many goes first, in one statement each.
        for rows in (account.reactions, account.outreach, account.posts):
            rows.all().delete()
        account.delete()


def wait_for_consent(account: LinkedAccount, now: datetime) -> None:
    """Give our access back, and read nothing more until its member gives consent again."""
    with transaction.atomic():
        LinkedAccount.objects.select_for_update().filter(pk=account.pk).first()
        account.refresh_from_db(fields=["credentials"])
        revocations.ask_for(account, now)
        consents.end(account, now, Consent.Ended.WITHDRAWN)
        LinkedAccount.objects.filter(pk=account.pk).update(
            credentials="",
            state=LinkedAccount.State.NEEDS_CONSENT,
            findable=False,
            introduced_at=now,
            last_problem="linked_unproved",
            last_problem_at=now,
            next_poll_at=None,
            polling_until=None,
            polling_by=None,
        )


def _revoke(account: LinkedAccount) -> bool:
    if account.app is None or not account.credentials:
        return False
    try:
        app = vault.registration_of(account.app)
        # As they are now: a poll may have renewed them a moment ago.
        account.refresh_from_db(fields=["credentials"])
        credentials = vault.credentials_of(account)
        connector_of(account.platform).revoke(account.host, app, credentials)
    except (ConnectorError, SealError) as error:
        logger.info("could not revoke at %s: %s", account.host, type(error).__name__)
        return False
    return True
