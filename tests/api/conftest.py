"""Members whom the API may speak of, and a key of ada's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.api_models import ApiPresence
from accounts.models import Member, Profile
from accounts.scopes import Scope
from networks.models import LinkedAccount
from networks.topic_models import Topic
from tests.factories import make_account, make_outreach, make_reaction, make_score


@pytest.fixture
def now() -> datetime:
    """Views read the clock themselves."""
    return timezone.now()


@pytest.fixture
def grace(db: None, now: datetime) -> Member:
    """Visible in the API, on X as @grace with the id 1234, at 62.34 now and 60.10 a week ago."""
    grace = Member.objects.create_user("grace@example.com", "correct horse 2", name="Grace Hopper")
    make_visible(grace, now)
    account = make_x(grace, now, "grace", "1234")
    make_score(grace, now, [account], hundredths=6234, low_hundredths=6000, high_hundredths=6500)
    week_ago = now - timedelta(days=7)
    values = {"hundredths": 6010, "low_hundredths": 6000, "high_hundredths": 6500}
    make_score(grace, week_ago, [account], **values)
    return grace


def make_visible(member: Member, now: datetime) -> ApiPresence:
    Profile.objects.create(member=member, published_at=now, shows_score=True)
    return ApiPresence.objects.create(member=member, is_visible=True, changed_at=now)


def make_x(member: Member, now: datetime, name: str, number: str, **fields: Any) -> LinkedAccount:
    values = {"platform": "x", "host": "x.com", "handle": f"@{name}", "remote_id": number}
    return make_account(member, now, **(values | fields))


@pytest.fixture
def key(ada: Member, now: datetime) -> str:
    return api_keys.make_key(ada, "a program", [Scope.LOOK_UP], now)


@pytest.fixture
def ask(client: Client, key: str) -> Callable[..., Any]:
    """Ask with ada's key; the JSON of a 200, else the answer."""

    def ask(path: str, **query: str) -> Any:
        answer = client.get(path, {"key": key} | query)
        assert "application/json" in answer["Content-Type"]
        return answer.json() if answer.status_code == 200 else answer

    return ask


@pytest.fixture
def kloutid(grace: Member) -> str:
    return str(grace.api_presence.kloutid)


def make_topics(member: Member, now: datetime, many: int) -> None:
    """So many topics of the member, shown on their profile; the first has most people."""
    Profile.objects.filter(member=member).update(shows_topics=True)
    for number in range(many):
        Topic.objects.create(
            member=member,
            key=f"topic{number}",
            name=f"topic {number}",
            people=many - number,
            posts=1,
            from_words=False,
            counted_at=now,
        )


def make_acquaintances(account: LinkedAccount, now: datetime, many: int) -> None:
    """So many visible members: the later, the more often they and `account` reached out."""
    for number in range(many):
        other = Member.objects.create_user(f"{number}@example.com", "x", name=f"Other {number}")
        theirs = make_x(other, now, f"other{number}", str(number))
        make_score(other, now, [theirs])
        make_visible(other, now)
        for act in range(number + 1):
            yesterday = now - timedelta(days=1, minutes=act)
            make_outreach(account, yesterday, target_hash=theirs.person_hash)
            make_reaction(account, yesterday, responder_hash=theirs.person_hash)
