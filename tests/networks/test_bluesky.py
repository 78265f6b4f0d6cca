"""Bluesky through the services, with rows in the database; and what is served for it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from networks.connectors.bluesky import BlueskyConnector
from networks.connectors.bluesky.authorization import SCOPES
from networks.models import InstanceApp, LinkAttempt, LinkedAccount, Outreach, Poll, Reaction
from networks.services import LinkError, finish_link, poll_account, start_link, start_relink, unlink
from networks.services.vault import credentials_of
from tests.connectors.fake_bluesky import LIKE, POST, FakeBluesky

CALLBACK = "/networks/callback/bluesky/bsky.app/"
METADATA = "/networks/bluesky/client-metadata.json"


@pytest.fixture
def bluesky(now, settings) -> Iterator[FakeBluesky]:
    fake = FakeBluesky(now)
    settings.DEVELOPMENT_HOSTS = sorted(fake.names)
    settings.PLATFORM_OPTIONS = {"bluesky": fake.options}
    settings.BASE_URL = "http://localhost:8000"
    yield fake
    fake.close()


@pytest.fixture
def hosted(bluesky, settings, client, monkeypatch) -> FakeBluesky:
    """The same, on a site that others can reach: they look at it when they are asked."""
    settings.BASE_URL = "https://klout.example"

    ask = BlueskyConnector.ask_consent

    def described_before(self, destination, app, *args):
        bluesky.described[app.client_id] = client.get(METADATA).json()
        return ask(self, destination, app, *args)

    monkeypatch.setattr(BlueskyConnector, "ask_consent", described_before)
    return bluesky


def begin(member, now, typed="ada.example") -> str:
    return start_link(member, "session", "bluesky", typed, False, now)


def finish(bluesky, member, url, now, **fields) -> LinkedAccount:
    answer = {"state": bluesky.asked_for(url)["state"], "code": bluesky.consent(url)}
    answer |= {"issuer": bluesky.entryway.url} | fields
    return finish_link(member, "session", now=now, platform="bluesky", host="bsky.app", **answer)


def link(bluesky, member, now, typed="ada.example") -> LinkedAccount:
    return finish(bluesky, member, begin(member, now, typed), now)


def live_a_little(bluesky) -> None:
    grace = bluesky.world.joins("grace", followersCount=15, followsCount=10)
    mine = bluesky.world.write(bluesky.ada, POST, 3, text="Hello")
    bluesky.world.notify(grace, "like", 2, mine)
    bluesky.world.notify(grace, "reply", 1, mine)
    theirs = {"uri": f"at://{grace}/{POST}/3kaaaaaaaaaaa"}
    bluesky.world.write(bluesky.ada, LIKE, 1, subject=theirs)


def test_a_member_links_is_read_and_unlinks(bluesky, ada, now):
    live_a_little(bluesky)
    account = link(bluesky, ada, now)
    assert (account.host, account.remote_id) == ("bsky.app", bluesky.ada)
    assert (account.handle, account.served_by) == ("@ada.example", "bsky.app")
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    assert account.readings.get().followers == 321
    assert sorted(Reaction.objects.values_list("kind", flat=True)) == ["favourite", "reply"]
    assert {reaction.post.excerpt for reaction in Reaction.objects.all()} == {"Hello"}
    assert set(Reaction.objects.values_list("standing", flat=True)) == {500}
    assert Outreach.objects.get().target_handle == "@grace.example"
    assert "no longer lets us in" in unlink(account, now)
    assert not bluesky.sessions
    assert not Reaction.objects.exists()


def test_reading_again_adds_no_row(bluesky, ada, now):
    live_a_little(bluesky)
    account = link(bluesky, ada, now)
    for _ in range(2):
        LinkedAccount.objects.update(cursor={})
        assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    assert (Reaction.objects.count(), Outreach.objects.count()) == (2, 1)


def test_an_access_token_that_ended_is_renewed_and_the_reading_goes_on(bluesky, ada, now):
    live_a_little(bluesky)
    account = link(bluesky, ada, now)
    bluesky.sessions[0].access = "another one by now"
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    assert Reaction.objects.count() == 2
    account.refresh_from_db()
    assert credentials_of(account).refresh_token == bluesky.sessions[0].refresh


def test_withdrawn_consent_asks_for_it_again_and_keeps_everything(bluesky, ada, now):
    live_a_little(bluesky)
    account = link(bluesky, ada, now)
    poll_account(account.pk, now)
    bluesky.withdraw_consent()
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.state == LinkedAccount.State.NEEDS_CONSENT
    assert Reaction.objects.count() == 2
    url = start_relink(account, "session", now)
    assert bluesky.asked_for(url)["login_hint"] == bluesky.ada
    assert finish(bluesky, ada, url, now).pk == account.pk
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD


@pytest.mark.parametrize("issuer", ["", "https://elsewhere.example"])
def test_an_answer_that_does_not_name_its_server_links_nothing(bluesky, ada, now, issuer):
    url = begin(ada, now)
    with pytest.raises(LinkError, match="start again"):
        finish(bluesky, ada, url, now, issuer=issuer)
    assert not LinkedAccount.objects.exists()


def test_consent_from_another_account_is_said_and_links_nothing(bluesky, ada, now):
    bluesky.subject = bluesky.world.joins("grace")
    with pytest.raises(LinkError, match="another account than the one you named"):
        link(bluesky, ada, now)
    assert not LinkedAccount.objects.exists()


def test_a_handle_that_nobody_has_is_said(bluesky, ada, now):
    bluesky.answers["/.well-known/atproto-did"] = (404, {}, b"")
    with pytest.raises(LinkError, match="check the spelling"):
        begin(ada, now, "did:plc:nobodynobodynobodynobody")


def test_the_key_of_a_link_is_kept_out_of_sight(bluesky, ada, now):
    account = link(bluesky, ada, now)
    key = credentials_of(account).extra["key"]
    attempt = LinkAttempt.objects.get()
    assert key not in account.credentials + attempt.kept


def test_the_account_stays_with_its_owner_through_a_new_handle_and_a_move(bluesky, ada, now):
    account = link(bluesky, ada, now)
    bluesky.world.people[bluesky.ada]["handle"] = "ada.elsewhere.example"
    bluesky.world.homes[bluesky.ada] = "other_pds"
    bluesky.world.joins("mallory", handle="ada.example")
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    account.refresh_from_db()
    assert (account.remote_id, account.handle) == (bluesky.ada, "@ada.elsewhere.example")


def test_a_hosted_site_has_a_key_and_says_who_it_is(hosted, ada, now, client):
    assert client.get(METADATA).status_code == 404, "nobody has linked there yet"
    account = link(hosted, ada, now)
    app = InstanceApp.objects.get()
    assert app.client_id == f"https://klout.example{METADATA}"
    described = client.get(METADATA).json()
    assert described["redirect_uris"] == [f"https://klout.example{CALLBACK}"]
    assert described["scope"] == SCOPES == app.scopes
    assert described["token_endpoint_auth_method"] == "private_key_jwt"
    assert "d" not in described["jwks"]["keys"][0]
    hosted.sessions[0].access = "another one by now"
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD


def test_on_this_machine_there_is_nothing_to_describe(bluesky, ada, now, client):
    link(bluesky, ada, now)
    assert client.get(METADATA).status_code == 404


def test_a_site_that_nobody_can_look_at_says_so_beforehand(bluesky, ada, now, settings, client):
    settings.BASE_URL = "http://klout.lan"
    with pytest.raises(LinkError, match="BASE_URL"):
        begin(ada, now)
    client.force_login(ada)
    assert "over https" in client.get(reverse("link", args=["bluesky"])).content.decode()


def test_who_comes_back_by_number_is_sent_on_to_the_name_they_use(client, ada, settings):
    settings.BASE_URL = "http://localhost:8000"
    back = f"{CALLBACK}?state=s&code=c&iss=https%3A%2F%2Fpds.example"
    answer = client.get(back, headers={"host": "127.0.0.1:8000"})
    assert answer["Location"] == f"http://localhost:8000{back}"
    for host in ("localhost:8000", "127.0.0.1:8001", "testserver"):
        answer = client.get(back, headers={"host": host})
        assert urlsplit(answer["Location"]).path == "/account/login/"


def test_who_uses_the_number_is_not_sent_round(client, ada, settings):
    settings.BASE_URL = "http://127.0.0.1:8000"
    answer = client.get(f"{CALLBACK}?state=s", headers={"host": "127.0.0.1:8000"})
    assert urlsplit(answer["Location"]).path == "/account/login/"


def test_the_way_back_is_by_number_where_the_site_is_on_localhost(bluesky, ada, now):
    pushed = bluesky.asked_for(begin(ada, now))
    assert pushed["redirect_uri"] == f"http://127.0.0.1:8000{CALLBACK}"
    inside = parse_qs(urlsplit(pushed["client_id"]).query)
    assert inside["redirect_uri"] == [pushed["redirect_uri"]]
