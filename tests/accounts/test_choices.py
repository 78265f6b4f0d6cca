"""The language, the times and the colours that a member chose."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.middleware import zone_of
from accounts.models import Member


@pytest.fixture
def signed_in(client: Client, ada: Member) -> Client:
    client.force_login(ada)
    return client


def test_a_page_is_in_the_language_that_the_member_chose(signed_in: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(language="de")
    answer = signed_in.get("/people/", headers={"accept-language": "en"})
    assert '<html lang="de"' in answer.content.decode()
    assert answer["Content-Language"] == "de"


def test_a_member_who_chose_none_gets_what_the_browser_asks_for(signed_in: Client) -> None:
    answer = signed_in.get("/people/", headers={"accept-language": "de-AT,de;q=0.9"})
    assert '<html lang="de"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["de", "de-CH, en;q=0.5"])
def test_a_visitor_gets_what_the_browser_asks_for(client: Client, asked: str) -> None:
    answer = client.get("/how/", headers={"accept-language": asked})
    assert '<html lang="de"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "fr", "en-US", "en;q=zero", "\u00e4"])
def test_english_is_spoken_where_nothing_else_is_known(client: Client, asked: str) -> None:
    answer = client.get("/how/", headers={"accept-language": asked})
    assert '<html lang="en-gb"' in answer.content.decode()


def test_a_language_that_is_gone_falls_back_to_that_of_the_browser(
    signed_in: Client, ada: Member
) -> None:
    Member.objects.filter(pk=ada.pk).update(language="xx")
    assert '<html lang="en-gb"' in signed_in.get("/people/").content.decode()


def test_one_language_does_not_leak_into_the_next_request(signed_in: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(language="de", time_zone="Asia/Tokyo")
    signed_in.get("/people/")
    assert '<html lang="en-gb"' in Client().get("/how/").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_that_a_member_chose_are_asked_for(
    signed_in: Client, ada: Member, theme: str
) -> None:
    Member.objects.filter(pk=ada.pk).update(theme=theme)
    assert f'data-theme="{theme}"' in signed_in.get("/people/").content.decode()


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "\0"])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone_of(name).key == "UTC"


def test_a_zone_that_is_known_is_kept() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(zone_of("Europe/Vienna")).hour == 14
