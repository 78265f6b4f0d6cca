"""Ada in the states in which others may meet her."""

from datetime import datetime

import pytest
from django.utils import timezone

from accounts import sharing
from accounts.models import Member
from accounts.sharing_models import Badge, Profile
from networks.models import LinkedAccount
from tests.factories import make_account, make_score


@pytest.fixture
def now() -> datetime:
    """Pages read the clock themselves, so their tests begin at the present."""
    return timezone.now()


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    """What was last good is kept in a folder of this test."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def scored(ada: Member, now: datetime) -> LinkedAccount:
    """Ada's account, to which a score of today belongs: 31, likely 29 to 33."""
    account = make_account(ada, now, handle="@ada@known.example", url="https://known.example/@ada")
    make_score(ada, now, accounts=[account])
    return account


def publish(member: Member, now: datetime, name: str = "ada", **choices: object) -> Profile:
    """A public profile at a name, with these choices."""
    sharing.take_name(member, name, now)
    chosen = {"about": "", "shows_score": True, "shows_topics": False, "is_indexed": False}
    sharing.choose_profile(
        member, sharing.ProfileChoices(is_public=True, **(chosen | choices)), now
    )
    return Profile.objects.get(member=member)


def badge_of(member: Member, now: datetime) -> str:
    """The address of a new badge."""
    sharing.make_badge(member, now)
    return Badge.objects.get(member=member).address
