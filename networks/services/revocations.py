"""Taking access back for somebody who left: their erasure does not wait for any server.

The sealed token stays in a row of its own, which names nobody, until its server has been told; it
is tried for a day, and then forgotten.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from networks.connectors.base import ConnectorError, RateLimited
from networks.consent_models import Revocation
from networks.crypto import SealError
from networks.hashing import account_hash
from networks.models import LinkedAccount
from networks.services import vault
from networks.services.door import connector_of

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=1)
CLAIMED_AT_ONCE = 20
FIRST_WAIT = timedelta(minutes=1)
# Whatever a server says: after this the token is deleted here, and its server must forget it.
TRIED_FOR = timedelta(days=1)


def ask_for(account: LinkedAccount, now: datetime) -> None:
    """Have the account's access taken back soon. The caller deletes the account."""
    if account.app is None or not account.credentials:
        return
    try:
        credentials = vault.credentials_of(account)
    except SealError:
        # Nobody can read that token any more, so nobody can use it.
        return
    place = f"revocation:{secrets.token_hex(16)}"
    Revocation.objects.create(
        platform=account.platform,
        host=account.host,
        app=account.app,
        credentials=vault.seal_at(place, credentials),
        place=place,
        account_hash=_hash_of(account),
        asked_at=now,
        due_at=now,
    )


def call_off(account: LinkedAccount) -> None:
    """Linked anew: some servers hand out the same token again, and it must go on working."""
    Revocation.objects.filter(account_hash=_hash_of(account)).delete()


def _hash_of(account: LinkedAccount) -> int:
    return account_hash(account.platform, account.host, account.remote_id)


def revoke_due(now: datetime) -> int:
    """Tell the servers that are due to be told; returns how many have been told."""
    told = 0
    while claimed := _claimed(now):
        told += sum(_tell(one, now) for one in claimed)
    return told


def _claimed(now: datetime) -> list[Revocation]:
    Revocation.objects.filter(asked_at__lte=now - TRIED_FOR).delete()
    due = Revocation.objects.filter(due_at__lte=now).order_by("due_at").select_related("app")
    with transaction.atomic():
        rows = list(due.select_for_update(of=("self",), skip_locked=True)[:CLAIMED_AT_ONCE])
        Revocation.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + CLAIM)
    return rows


def _tell(row: Revocation, now: datetime) -> bool:
    try:
        app = vault.registration_of(row.app)
        credentials = vault.open_at(row.place, row.credentials)
        connector_of(row.platform).revoke(row.host, app, credentials)
    except SealError:
        Revocation.objects.filter(pk=row.pk).delete()
        return False
    except ConnectorError as error:
        logger.info("could not revoke at %s yet: %s", row.host, type(error).__name__)
        wait = now + FIRST_WAIT * 2**row.tries
        until = max(wait, error.until) if isinstance(error, RateLimited) else wait
        Revocation.objects.filter(pk=row.pk).update(due_at=until, tries=row.tries + 1)
        return False
    Revocation.objects.filter(pk=row.pk).delete()
    return True
