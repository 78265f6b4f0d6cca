import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.models import Member
from tests.accounts.conftest import PASSWORD, is_signed_in, prove_it, sign_in

pytestmark = pytest.mark.django_db


def _code_of(secret: str, steps_ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_ahead))


@pytest.fixture
def secret(at_ada: Client, mailed: None) -> str:
    """The secret of the app that ada has set up."""
    prove_it(at_ada)
    form = at_ada.get("/account/2fa/totp/activate/").context["form"]
    at_ada.post("/account/2fa/totp/activate/", {"code": _code_of(form.secret)})
    return str(form.secret)


def test_the_code_is_shown_as_a_picture_without_inline_style(at_ada: Client) -> None:
    prove_it(at_ada)
    page = at_ada.get("/account/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert "data:image" not in page


def test_the_secret_is_sealed_in_the_database(secret: str) -> None:
    stored = Authenticator.objects.get(type="totp").data
    assert secret not in str(stored)


def test_a_wrong_code_sets_nothing_up(at_ada: Client) -> None:
    prove_it(at_ada)
    answer = at_ada.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_app_code_is_asked_for_after_the_password(secret: str, confirmed_ada: Member) -> None:
    client = Client()
    answer = sign_in(client, confirmed_ada.email, PASSWORD)
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert "Use a passkey" not in client.get("/account/2fa/authenticate/").content.decode()
    assert not is_signed_in(client)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(client)
    client.post("/account/2fa/authenticate/", {"code": _code_of(secret, steps_ahead=1)})
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_a_mail_tells_of_the_new_factor(mailoutbox: list[Any], secret: str) -> None:
    assert [mail.subject for mail in mailoutbox] == ["An authenticator app is in use"]


def test_a_recovery_code_works_once(secret: str, at_ada: Client, confirmed_ada: Member) -> None:
    codes = at_ada.get("/account/2fa/recovery-codes/").context["unused_codes"]
    for works in (True, False):
        client = Client()
        sign_in(client, confirmed_ada.email, PASSWORD)
        client.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert is_signed_in(client) is works


def test_recovery_codes_can_be_downloaded_and_made_anew(secret: str, at_ada: Client) -> None:
    before = at_ada.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert before[0] in at_ada.get("/account/2fa/recovery-codes/download/").content.decode()
    at_ada.post("/account/2fa/recovery-codes/generate/")
    after = at_ada.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert not set(before) & set(after)


def test_the_app_can_be_given_up(secret: str, at_ada: Client, confirmed_ada: Member) -> None:
    at_ada.post("/account/2fa/totp/deactivate/")
    client = Client()
    sign_in(client, confirmed_ada.email, PASSWORD)
    assert is_signed_in(client)


def test_an_unconfirmed_address_gets_no_second_factor(
    client: Client, ada: Member, mailed: None
) -> None:
    client.force_login(ada)
    client.get("/account/email/")  # the address gets its row
    answer = client.get("/account/2fa/totp/activate/", follow=True)
    assert "Confirm your e-mail address first." in answer.content.decode()
