"""The contract, kept by the Reddit connector against a small Reddit over real HTTP."""

from datetime import datetime, timedelta

import pytest

from networks.connectors.base import AccessRevoked, Credentials, OutreachKind, RateLimited, Setup
from networks.connectors.reddit import RedditConnector
from networks.http import Door
from tests.connectors.contract import (
    ConnectorContract,
    TroubleContract,
    keys,
    link,
    read_all,
    run,
)
from tests.connectors.fake_reddit import CLIENT, ME, REDIRECT, FakeReddit


def options_of(fake: FakeReddit) -> dict[str, str]:
    return {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "url": fake.url,
        "api_url": fake.url,
    }


class Reddit:
    """What the contract needs to know of a Reddit."""

    redirect_uri = REDIRECT
    typed = ""
    is_one_place = True
    knows_pkce = False

    def __init__(self, fake: FakeReddit, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.host = fake.host
        self.connector = RedditConnector(
            Door(frozenset({fake.host})), Setup(options=options_of(fake))
        )
        self.consent = fake.consent

    def withdraw_consent(self) -> None:
        self.fake.tokens.clear()
        self.fake.lasting.clear()

    def something_happens(self) -> None:
        world = self.fake.world
        post = world.post("ada", 0)
        world.comment(world.person("newcomer"), post, 0)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for path in ("/api/v1/me", "/user/ada/submitted", "/user/ada/comments"):
            self.fake.answers[path] = (status, headers, body)


class LivelyReddit(Reddit):
    """With half a year behind it, and small pages so that there are many."""

    def __init__(self, fake: FakeReddit, now: datetime) -> None:
        super().__init__(fake, now)
        fake.most_a_page = 6
        fake.left = 10_000
        world = fake.world
        people = [world.person(f"person{number}") for number in range(9)]
        for day in range(170, 0, -6):
            mine, theirs = world.post("ada", day), world.post(people[day % 9], day)
            comment = world.comment(people[(day + 1) % 9], mine, day - 0.2)
            world.comment("ada", mine, day - 0.3, under=comment)
            world.comment(people[(day + 2) % 9], mine, day - 0.4, under=comment)
            world.comment("ada", theirs, day - 0.5)


class TestReddit(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, reddit: FakeReddit, now: datetime) -> Reddit:
        return LivelyReddit(reddit, now)


@pytest.fixture
def quiet(reddit: FakeReddit, now: datetime) -> Reddit:
    return Reddit(reddit, now)


def credentials_of(network: Reddit) -> Credentials:
    return Credentials(network.fake.token())


def test_karma_is_no_audience_and_followers_of_the_profile_are(quiet):
    first = next(run(quiet, credentials_of(quiet), {}))
    assert (first.counts.followers, first.counts.curation) == (42, None)
    assert first.identity.remote_id == ME


def test_whoever_comments_under_a_post_is_a_responder_also_deep_in_the_tree(quiet):
    world = quiet.fake.world
    post = world.post("ada", 3)
    first = world.comment(world.person("grace"), post, 2)
    second = world.comment("ada", post, 1.5, under=first)
    world.comment(world.person("bo"), post, 1, under=second)
    told = [r for page in read_all(quiet, credentials_of(quiet)) for r in page.reactions]
    assert {one.responder.name for one in told} == {"grace", "bo"}
    assert {one.post_remote_id for one in told} == {post["name"]}
    assert all(one.responder.created_at for one in told)
    assert all(one.responder.followers is None for one in told)


def test_a_comment_under_somebodys_post_reaches_out_to_them(quiet):
    world = quiet.fake.world
    theirs = world.post(world.person("grace"), 4)
    comment = world.comment("ada", theirs, 3)
    world.comment("ada", theirs, 2, under=comment)
    acts = [act for page in read_all(quiet, credentials_of(quiet)) for act in page.outreach]
    assert [(act.kind, act.target.name) for act in acts] == [(OutreachKind.REPLY, "grace")]


def test_a_tree_is_asked_for_only_when_it_has_grown(quiet):
    world = quiet.fake.world
    post = world.post("ada", 3)
    world.comment(world.person("grace"), post, 2)
    credentials = credentials_of(quiet)
    cursor = read_all(quiet, credentials)[-1].cursor
    quiet.fake.asked.clear()
    read_all(quiet, credentials, cursor)
    assert quiet.fake.paths() == ["/api/v1/me", "/user/ada/submitted", "/user/ada/comments"]
    world.comment(world.person("bo"), post, 0)
    news = read_all(quiet, credentials, cursor)
    assert [r.responder.name for page in news for r in page.reactions] == ["bo"]


def test_accounts_that_are_gone_are_nobody(quiet):
    world = quiet.fake.world
    comment = world.comment(world.person("grace"), world.post("ada", 3), 2)
    comment["author"] = "[deleted]"
    del comment["author_fullname"]
    assert not keys(read_all(quiet, credentials_of(quiet)))["reactions"]


def test_the_inbox_is_never_opened(quiet):
    _, credentials = link(quiet)
    read_all(quiet, credentials)
    assert not any("message" in path for path in quiet.fake.paths())
    assert "privatemessages" not in credentials.scopes


def test_access_that_ends_is_renewed_with_what_lasts(quiet, now):
    app, credentials = link(quiet)
    assert credentials.expires_at == now + timedelta(days=1)
    fresh = quiet.connector.refresh(quiet.host, app, credentials, now)
    assert fresh.access_token != credentials.access_token
    assert fresh.refresh_token == credentials.refresh_token
    quiet.connector.revoke(quiet.host, app, fresh)
    with pytest.raises(AccessRevoked):
        quiet.connector.refresh(quiet.host, app, fresh, now)


def test_a_window_that_is_used_up_in_fractions_is_heeded(quiet):
    quiet.fake.left = 1.0
    with pytest.raises(RateLimited):
        list(run(quiet, credentials_of(quiet), {}))
    assert len(quiet.fake.asked) == 1
