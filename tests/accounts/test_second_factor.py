import time
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.apps import apps
from django.test import Client

from accounts import second_factors
from accounts.models import Member
from accounts.second_factors import BOND, is_stranger, sealer
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


def swap_secrets() -> None:
    """What somebody could do who writes into the database and has no key."""
    one, other = Authenticator.objects.filter(type="totp").order_by("pk")
    Authenticator.objects.filter(pk=one.pk).update(data=other.data)
    Authenticator.objects.filter(pk=other.pk).update(data=one.data)


def test_a_secret_that_was_put_into_somebody_elses_row_opens_nothing(
    secret: str, confirmed_ada: Member, mallory: Member, caplog: Any
) -> None:
    mallorys = generate_totp_secret()
    TOTP.activate(mallory, mallorys)
    codes = RecoveryCodes.activate(confirmed_ada).get_unused_codes()
    swap_secrets()
    client = Client()
    sign_in(client, confirmed_ada.email, PASSWORD)
    for code in (_code_of(mallorys), _code_of(mallorys, 1), _code_of(secret), _code_of(secret, 1)):
        answer = client.post("/account/2fa/authenticate/", {"code": code})
        assert "This code is not right" in answer.content.decode()
    assert f"member {confirmed_ada.pk} is not the one sealed for it" in caplog.text
    # Her other ways are as they were, and using one does not make the stranger at home.
    client.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert is_signed_in(client)
    Authenticator.objects.get(user=confirmed_ada, type="totp").save()
    assert is_stranger(Authenticator.objects.get(user=confirmed_ada, type="totp"))
    assert second_factors.rotate() == (1, 2)


@pytest.mark.parametrize("taken", ["the bond", "its own bond", "another kind"])
def test_a_secret_without_its_bond_opens_nothing(ada: Member, taken: str) -> None:
    TOTP.activate(ada, generate_totp_secret())
    row = Authenticator.objects.get()
    assert not is_stranger(row)
    data = dict(row.data)
    if taken == "the bond":
        del data[BOND]
    elif taken == "its own bond":
        data["secret"] = sealer().encrypt(generate_totp_secret().encode()).decode()
    else:
        row.type = "recovery_codes"
    Authenticator.objects.filter(pk=row.pk).update(data=data, type=row.type)
    assert is_stranger(Authenticator.objects.get())


def test_what_was_sealed_before_rows_were_bound_goes_on_working(ada: Member) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    Authenticator.objects.update(data={"secret": sealer().encrypt(secret.encode()).decode()})
    migration = import_module("accounts.migrations.0010_bound_second_factors")
    migration.bind(apps, None)
    assert Authenticator.objects.get().wrap().validate_code(_code_of(secret))
