"""Unlinking an account: consent is taken back at the server, and what was read is deleted."""

import logging
from datetime import datetime

from django.db import transaction

from language import gettext as _
from networks.connectors.base import ConnectorError
from networks.crypto import SealError
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.services import spending, vault
from networks.services.door import connector_of

logger = logging.getLogger(__name__)


def unlink(account: LinkedAccount, now: datetime) -> str:
    """Revoke at the server and delete here; returns what happened, for the member."""
    account_id = account.pk
    was_revoked = _revoke(account)
    is_proven = PLATFORMS[account.platform].proof
    with transaction.atomic():
        # Locked first: a poll that stores a page now waits, and then finds nothing to add to.
        LinkedAccount.objects.select_for_update().filter(pk=account_id).first()
        spending.forget_reserved(account, now)
        account.delete()
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
