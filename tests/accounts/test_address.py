from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Member
from accounts.services import forget_unconfirmed
from tests.accounts.conftest import PASSWORD, SIGN_UP, code_in, prove_it, sign_in

pytestmark = pytest.mark.django_db

NEW = "ada.lind@example.com"


def _change_to(client: Client, email: str) -> Any:
    prove_it(client)
    return client.post("/account/email/", {"email": email, "action_add": ""})


def test_a_new_address_takes_the_place_of_the_old_when_confirmed(
    at_ada: Client, confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    _change_to(at_ada, NEW)
    confirmed_ada.refresh_from_db()
    assert confirmed_ada.email == "ada@example.com"
    at_ada.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "action": "verify"})
    confirmed_ada.refresh_from_db()
    assert confirmed_ada.email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(NEW, True)]
    assert mailoutbox[1].to == ["ada@example.com"]
    assert mailoutbox[1].subject == "Your address was changed"


def test_changing_the_address_asks_for_the_password_first(at_ada: Client) -> None:
    answer = at_ada.post("/account/email/", {"email": NEW, "action_add": ""})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")


def test_the_address_of_somebody_else_cannot_be_taken(
    at_ada: Client, confirmed_ada: Member, grace: Member, mailoutbox: list[Any]
) -> None:
    EmailAddress.objects.create(user=grace, email=grace.email, verified=True, primary=True)
    _change_to(at_ada, grace.email)
    at_ada.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "action": "verify"})
    confirmed_ada.refresh_from_db()
    assert confirmed_ada.email == "ada@example.com"


def test_an_address_squatted_by_an_unconfirmed_sign_up_is_told_and_freed_after_a_day(
    at_ada: Client, confirmed_ada: Member, mailed: None, mailoutbox: list[Any]
) -> None:
    Client().post("/account/signup/", SIGN_UP | {"email": NEW})
    cache.clear()  # ten seconds pass: that often an address gets a code
    _change_to(at_ada, NEW)
    code = {"code": code_in(mailoutbox[1]), "action": "verify"}
    assert "another account" in at_ada.post("/account/confirm-email/", code).content.decode()
    forget_unconfirmed(timezone.now() + timedelta(hours=25))
    at_ada.post("/account/confirm-email/", code)
    confirmed_ada.refresh_from_db()
    assert confirmed_ada.email == NEW


def test_the_first_confirmation_ends_sessions_that_came_before(
    ada: Member, mailoutbox: list[Any], settings: Any
) -> None:
    earlier, owner = Client(), Client()
    sign_in(earlier, ada.email, PASSWORD)
    settings.MAIL_IS_CONFIGURED = True
    sign_in(owner, ada.email, PASSWORD)
    owner.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "action": "verify"})
    assert owner.get("/settings/").status_code == 200
    assert earlier.get("/settings/").status_code == 302
