"""The pages about linked accounts, wide and narrow, light and dark, with long names and errors."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from networks.models import Poll, Post
from networks.services import poll_account
from tests.factories import make_account, make_outreach, make_reaction, make_reading

LONG = "a-very-long-name-that-somebody-gave-their-own-small-server.in-the-middle-of-nowhere.example"


@pytest.fixture
def accounts(ada, settings):
    """A healthy one, one that needs consent again on a server with a long name, one just begun."""
    settings.DEVELOPMENT_HOSTS = ["127.0.0.1:8001"]
    settings.KNOWN_HOSTS = ["known.example"]
    now = timezone.now()
    healthy = make_account(ada, now, handle="@ada@known.example", url="https://known.example/@ada")
    make_reading(healthy, now, followers=12_345)
    for days in (0, 0, 0, 1, 4, 4, 5, 9, 9, 10, 20):
        number = healthy.posts.count()
        Post.objects.create(
            account=healthy, remote_id=str(number), posted_at=now - timedelta(days=days)
        )
        make_reaction(healthy, now)
        make_outreach(healthy, now)
    lost = make_account(
        ada,
        now,
        host=LONG,
        handle=f"@an_unusually_patient_person@{LONG}",
        state="needs_consent",
        last_problem="access_revoked",
        last_read_at=now - timedelta(days=3),
        findable=False,
    )
    begun = make_account(ada, now, first_read_done_at=None, last_read_at=None)
    Poll.objects.create(account=begun, started_at=now, progress="Reading who responded to you")
    late = make_account(
        ada, now, last_problem="too_slow", next_poll_at=now + timedelta(hours=2), host=LONG
    )
    return {"healthy": healthy, "lost": lost, "begun": begun, "late": late}


def test_the_pages_of_networks_are_in_order(ada, accounts, page, signed_in, in_order):
    signed_in(page, ada)
    addresses = {
        "networks": reverse("networks"),
        "networks-link": reverse("link", args=["mastodon"]),
        "networks-link-bluesky": reverse("link", args=["bluesky"]),
        "networks-about": reverse("about_network", args=["mastodon"]),
        "networks-unlink": reverse("unlink", args=[accounts["lost"].pk]),
        "networks-reading": reverse("account_progress", args=[accounts["begun"].pk]),
    }
    for name, address in addresses.items():
        page.goto(address)
        in_order(page, f"{name}")


def test_errors_stand_beside_what_they_are_about(ada, settings, page, signed_in, in_order):
    settings.DEVELOPMENT_HOSTS = []
    signed_in(page, ada)
    page.goto(reverse("link", args=["mastodon"]))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_have_count(2)
    in_order(page, "networks-nothing-typed")
    page.get_by_label("Your server").fill("complete nonsense " * 4)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_have_count(1)
    in_order(page, "networks-errors")


def test_without_a_network_there_is_one_way_on(ada, page, signed_in, axe, snapshot):
    signed_in(page, ada).goto(reverse("networks"))
    axe(page)
    snapshot(page, "networks-empty")
    page.get_by_role("link", name="Link Mastodon").click()
    expect(page.get_by_role("heading", name="Link Mastodon")).to_have_count(1)


def test_the_playground_is_linked_by_hand_without_javascript(
    ada, new_page, signed_in, playground, settings, snapshot, monkeypatch
):
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **options: None)
    settings.DEVELOPMENT_HOSTS = [playground.host]
    page = signed_in(new_page(java_script_enabled=False), ada)
    page.goto(reverse("networks"))
    page.get_by_role("link", name="Try it with the playground").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Go on").click()
    snapshot(page, "networks-continue")
    page.get_by_role("link", name=f"Continue to {playground.host}").click()
    expect(page).to_have_url(re.compile(re.escape(playground.base_url)))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="The first read")).to_have_count(1)
    account = ada.linked_accounts.get()
    while poll_account(account.pk, timezone.now()).outcome == Poll.Outcome.UNFINISHED:
        pass
    page.wait_for_url("**/dashboard/")
