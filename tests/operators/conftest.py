"""An operator, signed in, with a second factor where the pages want one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import Member
from tests.accounts.conftest import prove_it, sign_in

PASSWORD = "correct horse 9"


@pytest.fixture(autouse=True)
def without_redis(settings: Any) -> None:
    """The health page says so, and goes on."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.fixture
def olga(db: None) -> Member:
    """The operator."""
    return Member.objects.create_user(
        "olga@example.com", PASSWORD, name="Olga Operator", is_staff=True, is_superuser=True
    )


@pytest.fixture
def at_olga(client: Client, olga: Member) -> Client:
    sign_in(client, olga.email, PASSWORD)
    prove_it(client, PASSWORD)
    TOTP.activate(olga, generate_totp_secret())
    assert Authenticator.objects.filter(user=olga).exists()
    return client
