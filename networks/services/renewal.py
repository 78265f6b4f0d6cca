"""Fresh credentials for an account whose access token ends.

Refresh tokens may be good for one use only. So the row of the account is locked while the platform
is asked, and whoever comes second takes what the first one got. A process that dies between the
platform's answer and our commit costs the member a new consent; nothing else is lost.
"""

from datetime import datetime, timedelta

from django.db import transaction

from networks.connectors.base import AccessRevoked, ConnectorError, Credentials
from networks.models import LinkedAccount
from networks.services import vault
from networks.services.door import connector_of

# A token that ends within this time is renewed before it is used.
ENDS_SOON = timedelta(minutes=2)


def ends_soon(credentials: Credentials, now: datetime) -> bool:
    return credentials.expires_at is not None and credentials.expires_at <= now + ENDS_SOON


def renewed(account_id: int, old: Credentials, now: datetime) -> Credentials:
    """The credentials that come after `old`, stored before they are returned.

    Raises AccessRevoked where there are none, SealError where they do not open, and what the
    connector raises.
    """
    with transaction.atomic():
        account = (
            LinkedAccount.objects.select_for_update(of=("self",))
            .select_related("app")
            .filter(pk=account_id)
            .first()
        )
        if account is None or account.app is None:
            raise AccessRevoked("the account is gone")
        current = vault.credentials_of(account)
        if current != old:
            return current
        try:
            fresh = connector_of(account.platform).refresh(
                account.host, vault.registration_of(account.app), current, now
            )
        except ConnectorError as error:
            problem = error
        else:
            account.credentials = vault.seal_credentials(account, fresh)
            account.save(update_fields=["credentials"])
            return fresh
    # Out here, or what the door noted meanwhile, such as a wait, would be taken back as well.
    raise problem
