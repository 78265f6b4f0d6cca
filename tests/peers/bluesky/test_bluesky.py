"""The whole way against the reference network: our pages, its consent pages, our database."""

import re
from collections.abc import Callable
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from networks.connectors.base import AccessRevoked
from networks.connectors.bluesky import reading
from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction
from networks.services import finish_link, poll_account, start_link, unlink
from networks.services.door import connector_of
from networks.services.renewal import renewed
from networks.services.vault import credentials_of, registration_of
from tests.peers.bluesky.network import PASSWORD, SITE, Account, Network

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]

_numbers = count(1)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch) -> None:
    """The hint that something is due goes nowhere; the tests read by themselves."""
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **options: None)


@pytest.fixture
def people(network: Network) -> tuple[Account, Account]:
    """ada and grace, with names that nobody had before."""
    number = next(_numbers)
    return network.join(f"ada{number}"), network.join(f"grace{number}")


def eventually(found: Callable[[], bool], page: Page) -> None:
    """The network needs a moment to tell its parts what happened."""
    for _ in range(100):
        if found():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


def link(page: Page, person: Account) -> LinkedAccount:
    """From our form, over the page that leads on and the person's own server, and back."""
    page.goto(reverse("link", args=["bluesky"]))
    page.get_by_label("Your handle").fill(f"@{person.handle}")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    give_consent(page)
    expect(page).to_have_url(re.compile(r"/networks/\d+/reading/"))
    return LinkedAccount.objects.get(remote_id=person.did)


def give_consent(page: Page) -> None:
    """On the page of the person's own server."""
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("^(Sign in|Next)$", re.IGNORECASE)).click()
    page.get_by_role("button", name="Authorize").click()


def live_a_little(ada: Account, grace: Account) -> None:
    """The six things that grace can do to ada, and what ada does to her."""
    first = ada.post("Hello, #sea")
    subject = {"subject": first}
    grace.write("app.bsky.graph.follow", subject=ada.did)
    grace.write("app.bsky.feed.like", **subject)
    grace.write("app.bsky.feed.repost", **subject)
    grace.post("Yes!", reply={"root": first, "parent": first})
    grace.post("Look", embed={"$type": "app.bsky.embed.record", "record": first})
    theirs = grace.post(f"@{ada.handle} hi", facets=[mention(ada)])
    ada.write("app.bsky.feed.like", subject=theirs)
    ada.write("app.bsky.feed.repost", subject=theirs)
    ada.write("app.bsky.graph.follow", subject=grace.did)
    ada.post("Hi!", reply={"root": theirs, "parent": theirs})


def mention(person: Account) -> dict[str, object]:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": person.did}
    end = len(f"@{person.handle}")
    return {"index": {"byteStart": 0, "byteEnd": end}, "features": [feature]}


def test_a_member_links_is_read_renewed_and_unlinks(
    network, people, page, signed_in, snapshot, ada, monkeypatch
):
    member, (mine, grace) = ada, people
    live_a_little(mine, grace)
    eventually(lambda: network.knows(mine) and network.followers(grace) == 1, page)
    signed_in(page, member)
    account = link(page, mine)
    assert (account.member, account.host) == (member, "bsky.app")
    assert (account.handle, account.served_by) == (f"@{mine.handle}", "bsky.app")
    credentials = credentials_of(account)
    assert credentials.scopes == "atproto rpc:app.bsky.notification.listNotifications?aud=*"

    def all_six_came() -> bool:
        assert poll_account(account.pk, timezone.now()).outcome == Poll.Outcome.GOOD
        return Reaction.objects.count() == 6

    eventually(all_six_came, page)
    kinds = {"follow", "favourite", "reshare", "reply", "quote", "mention"}
    assert set(Reaction.objects.values_list("kind", flat=True)) == kinds
    assert Reaction.objects.values("responder_hash").distinct().count() == 1
    # grace's weakest side is her one follower: 1000 / 30.
    assert set(Reaction.objects.values_list("standing", flat=True)) == {33}
    assert Post.objects.filter(excerpt="Hello, #sea").exists()
    about = Reaction.objects.exclude(kind__in=["follow", "mention"])
    assert all(reaction.post.excerpt == "Hello, #sea" for reaction in about)
    reached = Outreach.objects.values_list("kind", "target_handle")
    expected = {"favourite", "reshare", "follow", "reply"}
    assert set(reached) == {(kind, f"@{grace.handle}") for kind in expected}
    assert account.readings.get().followers == 1

    # Once more from the beginning, in pages of two: the cursors are theirs.
    monkeypatch.setattr(reading, "_PAGE_SIZES", (2,))
    Reaction.objects.all().delete()
    Outreach.objects.all().delete()
    LinkedAccount.objects.update(cursor={})
    while poll_account(account.pk, timezone.now()).outcome == Poll.Outcome.UNFINISHED:
        pass
    assert (Reaction.objects.count(), Outreach.objects.count()) == (6, 4)

    fresh = renewed(account.pk, credentials, timezone.now())
    assert fresh.refresh_token != credentials.refresh_token
    assert poll_account(account.pk, timezone.now()).outcome == Poll.Outcome.GOOD
    page.goto(reverse("networks"))
    snapshot(page, "bluesky-card")

    connector = connector_of("bluesky")
    assert connector.identify("bsky.app", fresh).remote_id == mine.did
    account.refresh_from_db()
    assert "no longer lets us in" in unlink(account, timezone.now())
    with pytest.raises(AccessRevoked):
        connector.identify("bsky.app", fresh)
    assert not Reaction.objects.exists()


def test_a_hosted_site_proves_who_it_is_by_its_description_and_its_key(
    network, people, page, live, settings, ada
):
    settings.BASE_URL = SITE
    network.find_site_at(live)
    person, now, answers = people[0], timezone.now(), []
    eventually(lambda: network.knows(person), page)
    page.route(f"{SITE}/**", lambda route: (answers.append(route.request.url), route.abort()))
    page.goto(start_link(ada, "session", "bluesky", person.handle, False, now))
    give_consent(page)
    eventually(lambda: bool(answers), page)
    back = {name: values[0] for name, values in parse_qs(urlsplit(answers[0]).query).items()}
    account = finish_link(
        ada,
        "session",
        back["state"],
        back["code"],
        now,
        platform="bluesky",
        host="bsky.app",
        issuer=back["iss"],
    )
    assert account.app.client_id == f"{SITE}/networks/bluesky/client-metadata.json"
    credentials = credentials_of(account)
    fresh = renewed(account.pk, credentials, now)
    connector = connector_of("bluesky")
    app = registration_of(account.app)
    assert connector.identify("bsky.app", fresh).remote_id == person.did
    with pytest.raises(AccessRevoked):
        # Each refresh token serves once.
        connector.refresh("bsky.app", app, credentials, now)
