"""A link that says who appreciates somebody: nothing is stored, and it does not last."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import erase_member
from gifting.digest import MAIL
from gifting.invitations import LASTS, invitation

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


def link_of(client) -> str:
    page = client.get(reverse("invite")).text
    return re.search(r"https?://[^<\s]+/k/for-you/[^<\s]+", page)[0]


def test_whoever_has_the_link_reads_who_appreciates_them(client, ada, settings):
    client.force_login(ada)
    link = link_of(client)
    client.logout()
    page = client.get(link.removeprefix(settings.BASE_URL))
    assert "appreciates you" in page.text
    assert "Ada Lind" in page.text
    assert reverse("account_signup") in page.text
    assert "ada@example.com" not in page.text


def test_nothing_is_stored_about_who_opens_it(client, ada, now):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("for_you", args=[invitation(ada, now)]))
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_link_holds_nothing_about_whom_it_is_for(ada, now):
    held = signing.loads(invitation(ada, now), salt="gifting.invitation")
    assert held == [ada.address, now.timestamp()]


@pytest.mark.parametrize(("age", "status"), [(LASTS - MINUTE, 200), (LASTS, 404)])
def test_it_runs_out_after_30_days(client, ada, now, age, status):
    address = reverse("for_you", args=[invitation(ada, now - age)])
    assert client.get(address).status_code == status


def test_it_goes_with_who_made_it(client, ada, now):
    address = reverse("for_you", args=[invitation(ada, now)])
    erase_member(ada, now)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "ada"])
def test_a_made_up_link_is_not_found(client, db, token):
    assert client.get(f"/k/for-you/{token}/").status_code == 404


def test_a_link_made_for_something_else_is_not_found(client, ada):
    assert client.get(reverse("for_you", args=[MAIL.token(ada)])).status_code == 404


def test_nobody_is_mailed(client, ada, mailoutbox):
    client.force_login(ada)
    link_of(client)
    assert mailoutbox == []
