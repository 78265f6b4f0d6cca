"""Pictures of linked accounts: noted when read, fetched when due, chosen by the member.

Nobody's browser asks a platform for a picture: it is fetched through the door, made anew and
served from here. Nobody sees it before its member chose it.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import Member
from networks.connectors.base import ConnectorError
from networks.models import LinkedAccount
from networks.picture_models import DIGEST_LENGTH, AccountPicture, PictureChoice
from networks.pictures import ACCEPT, Made, NotAPicture, remade
from networks.services.door import door
from networks.text import safe_url

logger = logging.getLogger(__name__)

# A picture may change behind the same address.
LOOK_AGAIN = timedelta(days=7)
LEASE = timedelta(seconds=45)
CLAIMED_AT_ONCE = 50
TRIES = 5


def note_address(account: LinkedAccount, address: str, now: datetime) -> None:
    """The platform says where the picture is; a new address is fetched soon.

    Without an address what is known stays: a page that costs money may not have asked.
    """
    address = safe_url(address)
    if not address:
        return
    known = AccountPicture.objects.filter(account=account)
    if known.filter(address=address).exists():
        return
    fresh = {"address": address, "due_at": now, "tries": 0}
    AccountPicture.objects.update_or_create(account=account, defaults=fresh)


def claim_due(now: datetime) -> list[int]:
    """Ids of accounts whose picture is due, claimed: the next try is pushed ahead first."""
    with transaction.atomic():
        due = (
            AccountPicture.objects.select_for_update(skip_locked=True, of=["self"])
            .filter(due_at__lte=now, account__member__takes_part=True)
            .order_by("due_at")
            .only("account_id", "tries")[:CLAIMED_AT_ONCE]
        )
        claimed = list(due)
        for picture in claimed:
            picture.tries += 1
            picture.due_at = now + LEASE * 2**picture.tries if picture.tries < TRIES else None
        AccountPicture.objects.bulk_update(claimed, ["tries", "due_at"])
    return [picture.pk for picture in claimed]


def fetch(account_id: int, now: datetime) -> None:
    """Fetch one picture and make it anew. A failure leaves what was there; it is tried again."""
    found = AccountPicture.objects.filter(pk=account_id).values_list("address", flat=True).first()
    if found is None:
        return
    try:
        answer = door().get(found, headers={"Accept": ACCEPT})
        if answer.status != 200:
            raise NotAPicture(f"status {answer.status}")
        made = remade(answer.body)
    except NotAPicture as error:
        logger.info("no picture of account %s: %s", account_id, error)
    except ConnectorError as error:
        logger.info("picture of account %s not fetched: %s", account_id, error.code)
    else:
        _keep(account_id, found, made, now)


def _keep(account_id: int, address: str, made: Made, now: datetime) -> None:
    """What was fetched counts only if the account still has its picture there."""
    with transaction.atomic():
        kept = AccountPicture.objects.filter(pk=account_id, address=address).update(
            large=made.large,
            small=made.small,
            digest=_digest(account_id, made),
            fetched_at=now,
            due_at=now + LOOK_AGAIN,
            tries=0,
        )
        if kept:
            settle(LinkedAccount.objects.values_list("member_id", flat=True).get(pk=account_id))


def _digest(account_id: int, made: Made) -> str:
    """With a key, and different for each account: nobody can ask whether a face is here."""
    value = f"{account_id}:{made.large.hex()}"
    found = salted_hmac("networks.pictures", value, settings.SECRET_KEY, algorithm="sha256")
    return found.hexdigest()[:DIGEST_LENGTH]


def choose(member: Member, account_id: int | None) -> bool:
    """Let this account's picture stand for the member, or none; whether it is theirs."""
    with transaction.atomic():
        if account_id is None:
            PictureChoice.objects.filter(member=member).delete()
        elif LinkedAccount.objects.filter(pk=account_id, member=member).exists():
            PictureChoice.objects.update_or_create(
                member=member, defaults={"account_id": account_id}
            )
        else:
            return False
        settle(member.pk)
    return True


def settle(member_id: int) -> None:
    """Write beside the member which picture stands for them, so that no page has to look."""
    chosen = AccountPicture.objects.filter(account__picture_choice__member=member_id)
    digest = chosen.values_list("digest", flat=True).first() or ""
    Member.objects.filter(pk=member_id).update(picture=digest)
