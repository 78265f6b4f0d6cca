"""Members in the states in which a page may meet them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Member
from networks.models import LinkedAccount
from tests.factories import make_account, make_outreach, make_score


@pytest.fixture
def now() -> datetime:
    """Pages read the clock themselves, so their tests begin at the present."""
    return timezone.now()


@pytest.fixture
def listening(ada: Member, now: datetime) -> LinkedAccount:
    """Ada's linked account with a score of today."""
    account = make_account(ada, now, handle="@ada@known.example")
    make_score(ada, now, accounts=[account])
    return account


def reach_out_to_people(account: LinkedAccount, people: int, now: datetime) -> None:
    for person in range(people):
        make_outreach(account, now - timedelta(days=2, minutes=person), target_name=f"P {person}")
