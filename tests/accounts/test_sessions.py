from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Member
from accounts.sessions import BEGAN
from accounts.tasks import forget_what_is_over
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(confirmed_ada: Member) -> Client:
    """A second browser of ada."""
    client = Client(headers={"user-agent": "A Telephone"})
    sign_in(client, confirmed_ada.email, PASSWORD)
    return client


def _phone_session() -> UserSession:
    return UserSession.objects.get(user_agent="A Telephone")


def test_every_browser_is_listed(at_ada: Client, phone: Client) -> None:
    page = at_ada.get("/account/sessions/").content.decode()
    assert "A Telephone" in page
    assert "this one" in page


def test_one_other_browser_is_signed_out(at_ada: Client, phone: Client) -> None:
    at_ada.post(f"/settings/sessions/{_phone_session().pk}/end/")
    assert not is_signed_in(phone)
    assert is_signed_in(at_ada)


def test_all_others_are_signed_out(at_ada: Client, phone: Client) -> None:
    at_ada.post("/account/sessions/")
    assert not is_signed_in(phone)
    assert is_signed_in(at_ada)


def test_a_stranger_neither_sees_nor_ends_it(
    at_ada: Client, phone: Client, mallory: Member, client: Client
) -> None:
    stranger = Client()
    stranger.force_login(mallory)
    assert "A Telephone" not in stranger.get("/account/sessions/").content.decode()
    answer = stranger.post(f"/settings/sessions/{_phone_session().pk}/end/")
    assert answer.status_code == 404
    assert is_signed_in(phone)


def test_ending_a_session_takes_a_post(at_ada: Client, phone: Client) -> None:
    assert at_ada.get(f"/settings/sessions/{_phone_session().pk}/end/").status_code == 405


def test_a_session_ends_after_ninety_days_however_often_one_comes(at_ada: Client, settings) -> None:
    assert timedelta(days=90) == settings.SESSION_LASTS
    assert is_signed_in(at_ada)
    session = at_ada.session
    session[BEGAN] = int((timezone.now() - timedelta(days=90, minutes=1)).timestamp())
    session.save()
    assert not is_signed_in(at_ada)
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_what_is_over_is_forgotten(at_ada: Client, phone: Client) -> None:
    Session.objects.filter(pk=phone.session.session_key).update(expire_date=timezone.now())
    forget_what_is_over()
    assert not UserSession.objects.filter(user_agent="A Telephone").exists()
    assert is_signed_in(at_ada)
    assert Session.objects.count() == 1
