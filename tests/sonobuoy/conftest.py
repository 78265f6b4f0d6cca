"""Accounts with a rhythm, and good reads of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import Member
from networks.connectors.base import Credentials
from networks.models import LinkedAccount, Poll
from networks.services.vault import seal_credentials
from networks.sonobuoy import listening
from tests.factories import make_account, make_post
from tests.networks.conftest import server  # noqa: F401

DAY = timedelta(days=1)
# The last post of `lively` accounts is as long ago.
SILENT = 10


@pytest.fixture
def lively(now: datetime) -> Callable[..., LinkedAccount]:
    """An account with a post every other day for eighty days, and none for the last ten."""

    def make(member: Member, silent: float = SILENT, **fields: object) -> LinkedAccount:
        begun = now - 100 * DAY
        defaults = {"linked_at": begun, "first_read_done_at": begun, "listen_at": now}
        account = make_account(member, now, **(defaults | fields))
        for n in range(40):
            make_post(account, now - (silent + 2 * n) * DAY)
        Poll.objects.bulk_create(_good(account, now - n * DAY) for n in range(100))
        account.credentials = seal_credentials(account, Credentials("a-token"))
        account.save()
        return account

    return make


def _good(account: LinkedAccount, at: datetime) -> Poll:
    return Poll(account=account, started_at=at, finished_at=at, outcome=Poll.Outcome.GOOD)


def read(account: LinkedAccount, at: datetime) -> None:
    """A good read at that moment, as polling leaves it, and what follows from it."""
    _good(account, at).save()
    LinkedAccount.objects.filter(pk=account.pk).update(
        last_read_at=at, listen_at=at, last_problem="", failures=0
    )
    account.refresh_from_db()
    hear(at)


def read_daily(account: LinkedAccount, begin: datetime, days: int) -> datetime:
    """Good reads on so many days after `begin`; returns the moment of the last."""
    for n in range(1, days + 1):
        read(account, begin + n * DAY)
    return begin + days * DAY


def hear(at: datetime) -> int:
    """What the due task does at that moment."""
    made = 0
    while ids := listening.claim_due(at):
        made += listening.listen(ids, at)
    return made
