"""GitHub and YouTube through the services: link, poll, lose consent, give it again, unlink."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction, Reading
from networks.services import LinkError, finish_link, poll_account, start_link, start_relink, unlink
from networks.services.vault import credentials_of
from tests.connectors import test_github_contract, test_youtube_contract
from tests.connectors.conftest import github, youtube
from tests.connectors.fake_http import FakeServer
from tests.connectors.test_github_contract import LivelyGitHub
from tests.connectors.test_youtube_contract import LivelyYouTube

__all__ = ["github", "youtube"]


class Place:
    """A platform in a box, set as the operator's choice."""

    def __init__(self, key: str, network: LivelyGitHub | LivelyYouTube) -> None:
        self.key, self.network = key, network
        self.fake: FakeServer = network.fake
        self.host = network.host

    def say_yes(self, url: str) -> dict[str, str]:
        """Through the consent page, as a browser would; what comes back in the address."""
        code = self.network.consent(url)
        query = self.fake.codes[code]
        path = urlsplit(query["redirect_uri"]).path
        assert path == f"/networks/callback/{self.key}/{self.host}/"
        return {"state": query["state"], "code": code}

    def link(self, member, now, url: str = "") -> LinkedAccount:
        url = url or start_link(member, "session", self.key, "", True, now)
        answer = self.say_yes(url)
        return finish_link(
            member,
            "session",
            answer["state"],
            answer["code"],
            now,
            platform=self.key,
            host=self.host,
        )


@pytest.fixture
def both(github, youtube, settings, now) -> dict[str, Place]:
    settings.BASE_URL = "http://localhost:8000"
    settings.DEVELOPMENT_HOSTS = [github.host, youtube.host]
    settings.PLATFORM_OPTIONS = {
        "github": test_github_contract.options_of(github),
        "youtube": test_youtube_contract.options_of(youtube),
    }
    return {
        "github": Place("github", LivelyGitHub(github, now)),
        "youtube": Place("youtube", LivelyYouTube(youtube, now)),
    }


@pytest.fixture(params=["github", "youtube"])
def place(request, both) -> Place:
    return both[request.param]


def read_to_the_end(account: LinkedAccount, now) -> list[Poll]:
    polls = [poll_account(account.pk, now)]
    while polls[-1].outcome == Poll.Outcome.UNFINISHED:
        polls.append(poll_account(account.pk, now))
    return polls


def rows() -> tuple[set, ...]:
    return (
        set(Post.objects.values_list("remote_id")),
        set(Reaction.objects.values_list("act_hash", "responder_hash", "kind")),
        set(Outreach.objects.values_list("act_key", "target_hash")),
    )


def test_a_member_links_is_read_and_unlinks(place, ada, now):
    account = place.link(ada, now)
    polls = read_to_the_end(account, now)
    account.refresh_from_db()
    assert polls[-1].outcome == Poll.Outcome.GOOD, account.last_problem
    assert sum(poll.set_aside for poll in polls) == 0
    assert (account.host, account.served_by) == (place.host, place.host)
    assert Reading.objects.get().followers > 0
    assert all(rows())
    assert Reaction.objects.filter(standing__gte=500).exists()
    assert Reaction.objects.exclude(post=None).exists()
    assert "no longer lets us in" in unlink(account, now)
    assert not place.fake.tokens
    assert rows() == (set(), set(), set())


def test_a_second_poll_brings_only_what_is_new(place, ada, now):
    account = place.link(ada, now)
    read_to_the_end(account, now)
    before = rows()
    place.network.something_happens()
    (poll,) = read_to_the_end(account, now + timedelta(hours=12))
    assert (poll.posts, poll.reactions) == (1, 1)
    assert all(was <= is_now for was, is_now in zip(before, rows(), strict=True))


def test_polls_cut_off_anywhere_leave_the_same_rows(place, ada, now, monkeypatch):
    account = place.link(ada, now)
    read_to_the_end(account, now)
    whole = rows()
    unlink(account, now)
    account = place.link(ada, now)
    cursors = [{}]
    module = f"networks.connectors.{place.key}.reading.MAX_PAGES"
    for most in (2, 3, 5, 2, 20):
        monkeypatch.setattr(module, most)
        poll_account(account.pk, now)
        account.refresh_from_db()
        cursors.append(account.cursor)
    read_to_the_end(account, now)
    assert rows() == whole
    # An older cursor, as after a restore: read again, and nothing is there twice.
    LinkedAccount.objects.filter(pk=account.pk).update(cursor=cursors[2])
    read_to_the_end(account, now)
    assert rows() == whole


def test_consent_taken_back_there_is_seen_here_and_can_be_given_again(place, ada, now):
    account = place.link(ada, now)
    read_to_the_end(account, now)
    kept = rows()
    place.network.withdraw_consent()
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("needs_consent", "access_revoked")
    assert rows() == kept
    again = place.link(ada, now, url=start_relink(account, "session", now))
    assert (again.pk, again.state) == (account.pk, "active")
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    assert rows() == kept


def test_an_account_is_one_members_alone(place, ada, mallory, now):
    place.link(ada, now)
    with pytest.raises(LinkError, match="already linked by another member"):
        place.link(mallory, now)


def test_no_secret_is_kept_in_the_clear(place, ada, now):
    account = place.link(ada, now)
    credentials = credentials_of(account)
    read_to_the_end(account, now)
    account.refresh_from_db()
    kept = [account.credentials, account.app.client_secret, str(account.cursor)]
    for secret in ("shh-github", "shh-google", "AIza-klout", credentials.access_token):
        assert not any(secret in text for text in kept)


def test_without_the_operators_application_nothing_begins(place, ada, now, settings):
    settings.PLATFORM_OPTIONS = {}
    with pytest.raises(LinkError, match="_CLIENT_ID"):
        start_link(ada, "session", place.key, "", True, now)


def test_another_secret_of_the_operator_is_taken_up_by_the_next_link(place, ada, now, settings):
    place.link(ada, now)
    options = settings.PLATFORM_OPTIONS[place.key]
    settings.PLATFORM_OPTIONS = {place.key: options | {"client_id": "another"}}
    assert "client_id=another" in start_link(ada, "session", place.key, "", True, now)


def test_tokens_of_youtube_end_and_are_renewed_while_reading(youtube, both, ada, now):
    place = both["youtube"]
    account = place.link(ada, now)
    read_to_the_end(account, now)
    before = credentials_of(account)
    later = now + timedelta(hours=12)
    youtube.tokens.clear()
    (poll,) = read_to_the_end(account, later)
    account.refresh_from_db()
    assert poll.outcome == Poll.Outcome.GOOD
    after = credentials_of(account)
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token


def test_a_used_up_quota_waits_and_keeps_everything(youtube, both, ada, now):
    place = both["youtube"]
    account = place.link(ada, now)
    read_to_the_end(account, now)
    kept = rows()
    youtube.units = 0
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("active", "quota_used_up")
    assert account.next_poll_at > now
    assert rows() == kept
