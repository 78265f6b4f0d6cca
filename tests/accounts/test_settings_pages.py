"""The settings: every change says what was changed; wrong input changes nothing."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member
from accounts.zones import zone_named, zone_names
from networks.sonobuoy.selectors import wishes_of
from tests.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_of_ada(client: Client, ada: Member) -> Client:
    client.force_login(ada)
    return client


def test_a_new_name_is_said(settings_of_ada: Client) -> None:
    answer = settings_of_ada.post("/settings/", {"name": "Ada L."}, follow=True)
    assert "You are called Ada L. from now on." in answer.content.decode()


def test_each_choice_is_said_by_its_name(settings_of_ada: Client) -> None:
    chosen = {"language": "", "theme": "dark", "time_zone": "berlin"}
    answer = settings_of_ada.post("/settings/looks/", chosen, follow=True)
    page = answer.content.decode()
    assert "Colours: Dark. Time zone: Europe/Berlin." in page
    assert 'data-theme="dark"' in page
    member = Member.objects.get()
    assert (member.theme, member.time_zone, member.language) == ("dark", "Europe/Berlin", "")


def test_the_same_again_changes_nothing_and_says_so(settings_of_ada: Client) -> None:
    chosen = {"language": "", "theme": "", "time_zone": ""}
    answer = settings_of_ada.post("/settings/looks/", chosen, follow=True)
    assert "Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "Atlantis"}, "We know no zone of that name"),
        ({"time_zone": "york"}, "Do you mean America/New_York?"),
        ({"theme": "purple"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    settings_of_ada: Client, wrong: dict[str, str], said: str
) -> None:
    chosen = {"language": "", "theme": "dark", "time_zone": ""} | wrong
    page = settings_of_ada.post("/settings/looks/", chosen).content.decode()
    assert said in page
    assert 'data-theme="' not in page
    assert Member.objects.get().theme == ""


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" new  york ", "America/New_York"),
        ("utc", "UTC"),
        ("Louisville", None),
        ("", None),
    ],
)
def test_a_zone_may_be_typed_as_its_city(typed: str, zone: str | None) -> None:
    assert zone_named(typed) == zone


def test_every_zone_that_is_offered_is_taken(settings_of_ada: Client) -> None:
    assert all(zone_named(name) == name for name in zone_names())
    assert len(zone_names()) > 300


def test_every_mail_there_is_stands_on_one_page(settings_of_ada: Client) -> None:
    page = settings_of_ada.get("/settings/mail/").content.decode()
    for title in (
        "Safety of your account",
        "K that has come",
        "Answers about your score",
        "Mail of the sonobuoy",
        "The weekly mail",
    ):
        assert title in page


def test_a_switch_turns_one_mail_on_and_off(settings_of_ada: Client, ada: Member) -> None:
    on = {"kind": "gifting.digest", "on": "1"}
    answer = settings_of_ada.post("/settings/mail/", on, follow=True)
    assert "“K that has come” is mailed from now on." in answer.content.decode()
    assert ada.hand.choices.wants_digest
    settings_of_ada.post("/settings/mail/", on | {"on": "0"})
    ada.hand.choices.refresh_from_db()
    assert not ada.hand.choices.wants_digest


def test_the_mails_of_the_sonobuoy_have_switches_that_leave_each_other_alone(
    settings_of_ada: Client, ada: Member
) -> None:
    for kind, pings, weekly in (
        ("networks.pings", True, False),
        ("networks.weekly", True, True),
    ):
        settings_of_ada.post("/settings/mail/", {"kind": kind, "on": "1"})
        wishes = wishes_of(ada)
        assert (wishes.wants_pings, wishes.wants_weekly) == (pings, weekly)
    settings_of_ada.post("/settings/mail/", {"kind": "networks.pings", "on": "0"})
    assert (wishes_of(ada).wants_pings, wishes_of(ada).wants_weekly) == (False, True)


@pytest.mark.parametrize("page", ["api", "sharing", "mail", "trail", "pause", "export", "import"])
def test_every_page_of_the_settings_is_reached_from_the_first(
    settings_of_ada: Client, page: str
) -> None:
    assert f'href="/settings/{page}/"' in settings_of_ada.get("/settings/").content.decode()


@pytest.mark.parametrize("kind", ["accounts.security", "nonsense", ""])
def test_what_has_no_switch_cannot_be_turned_off(settings_of_ada: Client, kind: str) -> None:
    assert settings_of_ada.post("/settings/mail/", {"kind": kind, "on": "0"}).status_code == 404


def test_browsers_show_when_they_were_seen_and_where_from(
    client: Client, confirmed_ada: Member
) -> None:
    sign_in(client, confirmed_ada.email, PASSWORD)
    session = client.session
    session["seen_at"] -= 3600
    session.save()
    hour_ago = timezone.now().replace(year=2020)
    UserSession.objects.update(last_seen_at=hour_ago)
    page = client.get("/account/sessions/").content.decode()
    assert UserSession.objects.get().last_seen_at.year > 2020
    assert "from the network 127.0.0.0/24" in page
    assert "127.0.0.1" not in page


def test_being_seen_is_not_written_at_every_page(client: Client, confirmed_ada: Member) -> None:
    sign_in(client, confirmed_ada.email, PASSWORD)
    with CaptureQueriesContext(connection) as queries:
        client.get("/settings/pause/")
    assert not any("UPDATE" in query["sql"] for query in queries)


def test_the_list_of_browsers_asks_as_much_for_many_as_for_few(
    client: Client, confirmed_ada: Member
) -> None:
    sign_in(client, confirmed_ada.email, PASSWORD)
    asked = []
    for _ in range(2):
        for _ in range(2):
            sign_in(Client(), confirmed_ada.email, PASSWORD)
        with CaptureQueriesContext(connection) as queries:
            client.get("/account/sessions/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_passkey_is_named_with_its_last_use(client: Client, ada: Member) -> None:
    from allauth.mfa.models import Authenticator

    data: dict[str, Any] = {"name": "Telephone", "credential": {}}
    Authenticator.objects.create(user=ada, type="webauthn", data=data)
    client.force_login(ada)
    page = client.get("/account/2fa/webauthn/").content.decode()
    assert "not used yet" in page
