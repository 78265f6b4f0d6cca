"""The contract, kept by the Stack Exchange connector against a small one over real HTTP."""

from datetime import datetime, timedelta

import pytest

from networks.connectors.base import Credentials, OutreachKind, Permanent, RateLimited, Setup
from networks.connectors.stackexchange import StackExchangeConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract, keys, read_all, run
from tests.connectors.fake_stackexchange import CLIENT, KEY, ME, REDIRECT, SITES, FakeStackExchange


def options_of(fake: FakeStackExchange) -> dict[str, str]:
    return {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "key": KEY,
        "url": fake.url,
        "api_url": f"{fake.url}/2.3",
    }


class StackExchange:
    """What the contract needs to know of a Stack Exchange."""

    redirect_uri = REDIRECT
    typed = ""
    is_one_place = True
    knows_pkce = False

    def __init__(self, fake: FakeStackExchange, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.host = fake.host
        self.connector = StackExchangeConnector(
            Door(frozenset({fake.host})), Setup(options=options_of(fake))
        )
        self.consent = fake.consent

    def withdraw_consent(self) -> None:
        self.fake.tokens.clear()

    def something_happens(self) -> None:
        world = self.fake.world
        question = world.ask(ME, 0)
        world.answer(world.person("Newcomer"), question, 0)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for path in ("/2.3/me", "/2.3/me/associated"):
            self.fake.answers[path] = (status, headers, body)


class LivelyStackExchange(StackExchange):
    """With half a year behind it, and small pages so that there are many."""

    def __init__(self, fake: FakeStackExchange, now: datetime) -> None:
        super().__init__(fake, now)
        fake.most_a_page = 9
        world = fake.world
        people = [world.person(f"Person {number}") for number in range(12)]
        for day in range(170, 0, -5):
            person, site = people[day % 12], SITES[day % 2]
            mine = world.ask(ME, day, site)
            theirs = world.ask(person, day, site)
            answer = world.answer(ME, theirs, day - 0.1)
            world.answer(person, mine, day - 0.2)
            world.comment(people[(day + 1) % 12], answer, day - 0.3)
            world.comment(ME, theirs, day - 0.4, to=person)


class TestStackExchange(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, stackexchange: FakeStackExchange, now: datetime) -> StackExchange:
        return LivelyStackExchange(stackexchange, now)


@pytest.fixture
def quiet(stackexchange: FakeStackExchange, now: datetime) -> StackExchange:
    return StackExchange(stackexchange, now)


def credentials_of(network: StackExchange) -> Credentials:
    return Credentials(network.fake.token())


def test_reputation_is_no_audience_and_votes_are_nobody(quiet):
    quiet.fake.world.ask(ME, 3)
    first = next(run(quiet, credentials_of(quiet), {}))
    assert (first.counts.followers, first.counts.curation, first.counts.posts) == (None, None, 1)
    assert first.identity.person.followers is None


def test_whoever_answers_or_comments_is_a_responder_with_an_age_and_nothing_more(quiet, now):
    world = quiet.fake.world
    grace, bo = world.person("Grace", joined=900), world.person("Bo", joined=10)
    question = world.ask(ME, 3)
    answer = world.answer(grace, question, 2)
    world.comment(bo, question, 1)
    world.comment(ME, answer, 1, to=grace)
    world.answer(ME, question, 1)
    pages = read_all(quiet, credentials_of(quiet))
    told = [reaction for page in pages for reaction in page.reactions]
    assert {(one.responder.name, one.post_remote_id) for one in told} == {
        ("Grace", f"{SITES[0]}:{question['question_id']}"),
        ("Bo", f"{SITES[0]}:{question['question_id']}"),
    }
    ages = {one.responder.name: (now - one.responder.created_at).days for one in told}
    assert ages == {"Grace": 900, "Bo": 10}
    assert all(one.responder.followers is None for one in told)
    acts = [act for page in pages for act in page.outreach]
    assert [(act.kind, act.target.name) for act in acts] == [(OutreachKind.REPLY, "Grace")]


def test_an_answer_to_somebodys_question_reaches_out_to_them(quiet):
    world = quiet.fake.world
    theirs = world.ask(world.person("Grace"), 4)
    world.answer(ME, theirs, 3)
    acts = [act for page in read_all(quiet, credentials_of(quiet)) for act in page.outreach]
    assert [act.target.name for act in acts] == ["Grace"]
    assert acts[0].url.startswith(f"https://{SITES[0]}/a/")


def test_the_sites_where_most_was_written_are_read(quiet):
    for _ in range(3):
        quiet.fake.world.ask(ME, 5, SITES[2])
    posts = [post for page in read_all(quiet, credentials_of(quiet)) for post in page.posts]
    assert {post.remote_id.partition(":")[0] for post in posts} == {SITES[2]}
    assert posts[0].excerpt == "It sings at noon."
    assert posts[0].tags == ("kettle", "noon")


def test_accounts_that_are_gone_are_nobody(quiet):
    world = quiet.fake.world
    question = world.ask(ME, 3)
    answer = world.answer(world.person("Gone"), question, 2)
    answer["owner"] = {"user_type": "does_not_exist", "display_name": "user7"}
    assert not keys(read_all(quiet, credentials_of(quiet)))["reactions"]


def test_asked_to_back_off_the_page_in_hand_is_kept_and_then_we_wait(quiet, now):
    quiet.fake.world.ask(ME, 3)
    credentials = credentials_of(quiet)
    reading = run(quiet, credentials, {})
    assert not next(reading).posts
    quiet.fake.backoff = 30
    page = next(reading)
    assert len(page.posts) == 1
    with pytest.raises(RateLimited) as caught:
        next(reading)
    assert caught.value.until == now + timedelta(seconds=30)
    quiet.fake.backoff = 0
    assert not keys(read_all(quiet, credentials, page.cursor))["posts"]


def test_a_days_allowance_that_is_used_up_comes_again_at_midnight(quiet, now):
    quiet.fake.quota = 3
    with pytest.raises(RateLimited) as caught:
        list(run(quiet, credentials_of(quiet), {}))
    assert caught.value.until == now.replace(hour=0) + timedelta(days=1)


def test_throttled_requests_wait_as_long_as_they_are_told(quiet, now):
    body = b'{"error_id":502,"error_message":"too many requests, more available in 77 seconds"}'
    quiet.answer_reading_with(400, {"Content-Type": "application/json"}, body)
    with pytest.raises(RateLimited) as caught:
        list(run(quiet, credentials_of(quiet), {}))
    assert caught.value.until == now + timedelta(seconds=77)


def test_the_token_is_in_no_address_but_the_one_that_ends_it(quiet):
    credentials = credentials_of(quiet)
    quiet.fake.world.ask(ME, 3)
    read_all(quiet, credentials)
    assert all(credentials.access_token not in str(asked.lists) for asked in quiet.fake.asked)
    assert all(credentials.access_token not in asked.path for asked in quiet.fake.asked)


def test_a_token_that_would_end_is_too_little(quiet):
    answer = (200, {"Content-Type": "application/json"}, b'{"access_token":"t","expires":86400}')
    quiet.fake.answers["/oauth/access_token/json"] = answer
    app = quiet.connector.register(quiet.host, REDIRECT)
    with pytest.raises(Permanent) as caught:
        quiet.connector.exchange(quiet.host, app, REDIRECT, "code", "v" * 64, {}, quiet.now)
    assert caught.value.code == "too_little_access"
