"""A key of ada's that may do everything, and short ways to ask with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.api_models import ApiKey
from accounts.models import Member
from accounts.scopes import OF_V3
from klout.api import quota
from tests.factories import make_account, make_score

PREFIX = "/api/v3"
Ask = Callable[..., Any]


@pytest.fixture
def now() -> datetime:
    """Views read the clock themselves."""
    return timezone.now()


@pytest.fixture
def grace(db: None) -> Member:
    """A friend who has published nothing."""
    return Member.objects.create_user("grace@example.com", "correct horse 2", name="Grace Oduya")


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test asks faster than a program may."""
    monkeypatch.setattr(quota, "PER_SECOND", 10_000)


@pytest.fixture
def key(ada: Member, now: datetime) -> str:
    return api_keys.make_key(ada, "a program", list(OF_V3), now)


@pytest.fixture
def ask(client: Client, key: str, unhurried: None) -> Ask:
    """Ask with ada's key, or with another; a body is sent as JSON."""

    def ask(path: str, body: Any = None, *, method: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {options.pop('key', key)}"}
        headers |= options.pop("headers", {})
        verb = method or ("get" if body is None else "post")
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(client, verb)(f"{PREFIX}{path}", headers=headers, **options)

    return ask


@pytest.fixture
def scored(ada: Member, now: datetime) -> Member:
    """Ada, on two networks and at 62.34."""
    accounts = [make_account(ada, now) for _ in range(2)]
    values = {"hundredths": 6234, "low_hundredths": 5900, "high_hundredths": 6600}
    make_score(ada, now, accounts, **values)
    for back in range(1, 4):
        make_score(ada, now - timedelta(days=back), **values)
    return ada


def key_with(member: Member, *scopes: str) -> str:
    return api_keys.make_key(member, "another", list(scopes), timezone.now())


def revoke_all(member: Member) -> None:
    ApiKey.objects.filter(member=member).update(revoked_at=timezone.now())
