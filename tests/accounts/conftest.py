"""Visitors and members at the account pages; `mailed` turns on a mail server."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Member

PASSWORD = "correct horse 1"
SIGN_UP = {
    "name": "Ada Lind",
    "email": "ada@example.com",
    "password1": "a sentence that nobody knows",
    "is_old_enough": "on",
}


@pytest.fixture
def mailed(settings: Any) -> None:
    """A mail server is configured; what is sent is in `mailoutbox`."""
    settings.MAIL_IS_CONFIGURED = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def confirmed_ada(ada: Member) -> Member:
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    return ada


@pytest.fixture
def at_ada(client: Client, confirmed_ada: Member) -> Client:
    """A browser in which ada signed in with her password."""
    sign_in(client, confirmed_ada.email, PASSWORD)
    return client


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def prove_it(client: Client, password: str = PASSWORD) -> None:
    """Show once more that it is us, before something sensitive."""
    answer = client.post("/account/reauthenticate/", {"password": password})
    assert answer.status_code == 302


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/settings/").status_code == 200)


def code_in(mail: Any) -> str:
    found = re.search(r"^([A-Z0-9-]{6,12})$", mail.body, re.MULTILINE)
    assert found, mail.body
    return found[1]


def link_in(mail: Any) -> str:
    found = re.search(r"http://localhost:8000(/account/password/reset/key/\S+)", mail.body)
    assert found, mail.body
    return found[1]
