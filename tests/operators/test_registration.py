"""Open, by invitation, or closed; one invitation makes one account; the first operator."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import registration
from accounts.models import Member
from accounts.operator_models import Invitation, StaffAct
from accounts.services import forget_unconfirmed
from tests.accounts.conftest import SIGN_UP
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(settings: Any) -> None:
    settings.REGISTRATION = "invited"


def sign_up(client: Client, email: str = "ada@example.com") -> Any:
    return client.post("/account/signup/", SIGN_UP | {"email": email})


def test_closed_means_nobody_and_the_pages_say_so(client: Client, settings: Any) -> None:
    settings.REGISTRATION = "closed"
    assert "No new members are taken on here at present" in client.get("/").content.decode()
    assert "Sign-up is closed" in client.get("/account/signup/").content.decode()
    assert "Sign-up is closed" in sign_up(client).content.decode()
    client.post("/account/signup/passkey/", SIGN_UP)
    assert not Member.objects.exists()


def test_without_an_invitation_nobody_signs_up(client: Client, invited: None) -> None:
    assert "taken on by invitation" in client.get("/").content.decode()
    assert "By invitation" in sign_up(client).content.decode()
    assert not Member.objects.exists()


def test_an_invitation_makes_one_account(client: Client, invited: None, olga: Member) -> None:
    token = registration.invite(olga, timezone.now(), "for ada")
    assert token not in str(Invitation.objects.values())
    assert client.get(f"/invitation/{token}/").headers["Location"] == "/account/signup/"
    assert sign_up(client).headers["Location"] == "/dashboard/"
    made = Invitation.objects.get()
    assert made.used_by == Member.objects.get(email="ada@example.com")
    other = Client()
    page = other.get(f"/invitation/{token}/")
    assert page.status_code == 404
    assert "This invitation is over" in page.content.decode()
    sign_up(other, "grace@example.com")
    assert not Member.objects.filter(email="grace@example.com").exists()


def test_a_passkey_needs_an_invitation_as_well(client: Client, invited: None, olga: Member) -> None:
    client.get(f"/invitation/{registration.invite(olga, timezone.now())}/")
    client.post("/account/signup/passkey/", SIGN_UP)
    assert Invitation.objects.get().used_by == Member.objects.get(email="ada@example.com")


@pytest.mark.parametrize("over", ["expired", "taken back", "unknown"])
def test_an_invitation_that_is_over_lets_nobody_in(
    client: Client, invited: None, olga: Member, over: str
) -> None:
    now = timezone.now()
    token = registration.invite(olga, now)
    client.get(f"/invitation/{token}/")
    if over == "expired":
        Invitation.objects.update(made_at=now - timedelta(days=9), expires_at=now)
    elif over == "taken back":
        assert registration.take_back(olga, Invitation.objects.get().pk, now)
    else:
        Invitation.objects.all().delete()
    sign_up(client)
    assert not Member.objects.filter(email="ada@example.com").exists()
    assert client.get(f"/invitation/{token}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_with_one_invitation_at_once_one_gets_in(invited: None, olga: Member) -> None:
    token = registration.invite(olga, timezone.now())
    clients = [Client() for _ in range(5)]
    for client in clients:
        client.get(f"/invitation/{token}/")
    at_once(
        *[
            lambda client=client, number=number: sign_up(client, f"m{number}@example.com")
            for number, client in enumerate(clients)
        ]
    )
    assert Member.objects.exclude(pk=olga.pk).count() == 1
    assert Invitation.objects.get().used_by == Member.objects.exclude(pk=olga.pk).get()


def test_a_sign_up_that_nobody_confirmed_gives_its_invitation_back(
    client: Client, invited: None, olga: Member
) -> None:
    token = registration.invite(olga, timezone.now())
    client.get(f"/invitation/{token}/")
    sign_up(client)
    Member.objects.filter(email="ada@example.com").update(last_login=None)
    forget_unconfirmed(timezone.now() + timedelta(hours=25))
    assert registration.is_valid(token, timezone.now())


def test_the_page_shows_the_link_once(at_olga: Client) -> None:
    page = at_olga.post("/admin/invitations/", {"note": "for ada"}).content.decode()
    assert "http://localhost:8000/invitation/" in page
    again = at_olga.get("/admin/invitations/").content.decode()
    assert "http://localhost:8000/invitation/" not in again
    assert "for ada" in again
    at_olga.post(f"/admin/invitations/{Invitation.objects.get().pk}/take-back/")
    assert Invitation.objects.get().taken_back_at
    assert set(StaffAct.objects.values_list("what", flat=True)) == {"invited", "took_back"}


def make_admin(monkeypatch: Any, *arguments: str, **told: str) -> str:
    for name in ("ADMIN_EMAIL", "ADMIN_NAME", "ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    out = StringIO()
    call_command("make_admin", *arguments, stdout=out)
    return out.getvalue()


GOOD = {"ADMIN_EMAIL": "olga@example.com", "ADMIN_PASSWORD": "a sentence nobody knows"}


def test_the_first_operator_is_made_once_and_never_silently_twice(monkeypatch: Any) -> None:
    assert "is an operator now" in make_admin(monkeypatch, **GOOD)
    olga = Member.objects.get()
    assert olga.is_staff
    assert olga.check_password("a sentence nobody knows")
    assert StaffAct.objects.get().what == "made_staff"
    more = GOOD | {"ADMIN_EMAIL": "otto@example.com"}
    with pytest.raises(CommandError, match="There is an operator already"):
        make_admin(monkeypatch, **more)
    assert Member.objects.count() == 1
    make_admin(monkeypatch, "--another", **more)
    assert Member.objects.filter(is_staff=True).count() == 2


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"ADMIN_PASSWORD": "short"}, "too short"),
        ({"ADMIN_PASSWORD": "password1234"}, "too common"),
        ({"ADMIN_PASSWORD": "olga@example.com"}, "too similar"),
        ({"ADMIN_EMAIL": "nobody"}, "no e-mail address"),
        ({"ADMIN_PASSWORD": ""}, "Nobody is here to type a password"),
    ],
)
def test_what_is_weak_or_wrong_makes_nobody(
    monkeypatch: Any, told: dict[str, str], refused: str
) -> None:
    with pytest.raises(CommandError, match=refused):
        make_admin(monkeypatch, **(GOOD | told))
    assert not Member.objects.exists()


def test_an_address_that_is_taken_is_told(monkeypatch: Any, ada: Member, now: datetime) -> None:
    with pytest.raises(CommandError, match="belongs to a member already"):
        make_admin(monkeypatch, **(GOOD | {"ADMIN_EMAIL": "ADA@example.com"}))
    ada.refresh_from_db()
    assert not ada.is_staff
