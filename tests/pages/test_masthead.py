"""The way about: what stands above and below every page."""

import re

import pytest
from django.urls import reverse


def _current(html: str) -> list[tuple[str, str]]:
    return re.findall(r'aria-current="(\w+)">([^<]+)<', html)


def test_a_visitor_is_shown_the_rule_and_the_way_in(client, db):
    html = client.get("/").text

    assert reverse("how") in html
    assert f"{reverse('how')}#cannot-tell" in html
    assert reverse("account_login") in html
    assert "Your account" not in html


def test_the_source_is_linked_where_the_operator_says_where_it_is(client, db, settings):
    settings.SOURCE_URL = "https://code.example/klout"

    assert client.get("/").text.count('href="https://code.example/klout"') == 2


def test_without_an_address_of_the_source_no_link_is_shown(client, db, settings):
    settings.SOURCE_URL = ""

    assert ">Source<" not in client.get("/").text


def test_the_place_where_one_is_carries_the_mark(client, ada):
    client.force_login(ada)

    assert _current(client.get("/people/").text) == [("page", "People")]


def test_signing_out_is_a_form_that_posts(client, ada):
    client.force_login(ada)

    html = client.get("/people/").text

    assert f'<form action="{reverse("account_logout")}" method="post">' in html


def test_a_member_at_the_front_door_is_taken_to_the_dashboard(client, ada):
    client.force_login(ada)

    assert client.get("/").url == reverse("dashboard")


def test_the_version_stands_in_the_footer(client, db, settings):
    assert settings.VERSION in client.get("/").text


@pytest.mark.parametrize(("pings", "title"), [(0, "People - Klout"), (2, "(2) People - Klout")])
def test_the_title_and_the_icon_show_that_a_network_has_gone_quiet(
    client, ada, monkeypatch, pings, title
):
    monkeypatch.setattr("klout.context._open_pings", lambda request: pings)
    client.force_login(ada)

    html = client.get("/people/").text

    assert f"<title>{title}</title>" in html
    assert ("favicon-ping.svg" in html) is bool(pings)
