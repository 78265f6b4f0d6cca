"""What is read from GitHub, as what, at what price, and what becomes of odd things."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from networks.connectors.base import (
    AccessRevoked,
    Credentials,
    OutreachKind,
    Page,
    Permanent,
    RateLimited,
    ReactionKind,
    Setup,
)
from networks.connectors.github import GitHubConnector
from networks.http import Door
from networks.standing import standing
from tests.connectors.contract import link, run
from tests.connectors.fake_github import CLIENT, FakeGitHub
from tests.connectors.test_github_contract import LivelyGitHub, options_of

SINCE = timedelta(days=180)


class Reader:
    """ada's account, read as the polls do."""

    def __init__(self, fake: FakeGitHub) -> None:
        self.fake, self.world = fake, fake.world
        self.cursor: object = {}
        self.connector = GitHubConnector(
            Door(frozenset({fake.host})), Setup(options=options_of(fake))
        )
        self.credentials = Credentials(fake.token())

    def read(self, now: datetime | None = None) -> list[Page]:
        pages: list[Page] = []
        while not pages or pages[-1].more:
            begun_at = now or self.world.now
            pages += self.connector.read(
                self.fake.host,
                self.credentials,
                self.cursor,
                since=begun_at - SINCE,
                now=begun_at,
            )
            self.cursor = json.loads(json.dumps(pages[-1].cursor))
        return pages

    def reactions(self):
        return {r.key: r for page in self.read() for r in page.reactions}

    def outreach(self):
        return {act.key: act for page in self.read() for act in page.outreach}


@pytest.fixture
def reader(github: FakeGitHub) -> Reader:
    return Reader(github)


@pytest.fixture
def ours(reader):
    return reader.world.repository(reader.world.ada, "lighthouse", stars=40, forks=2)


def kinds(acts):
    return sorted(act.kind for act in acts.values())


def test_stars_and_forks_of_own_work_are_curation_and_nothing_else(reader, ours):
    world = reader.world
    world.repository(world.ada, "copy", stars=900, fork=True)
    grace = world.person("grace")
    world.event("WatchEvent", grace, ours, 1, {"action": "started"})
    pages = reader.read()
    assert pages[0].counts.curation == 42
    assert pages[0].counts.followers == 321
    assert not any(page.reactions for page in pages)


def test_what_others_do_in_own_repositories_is_the_response(reader, ours):
    world = reader.world
    grace = world.person("grace")
    issue = world.issue(grace, ours, 5)
    world.comment(grace, ours, issue, 4)
    pull = world.pull_request(grace, ours, 3)
    world.review(grace, ours, pull, 2)
    reactions = reader.reactions()
    assert kinds(reactions) == [ReactionKind.ISSUE] * 2 + [ReactionKind.REPLY, ReactionKind.REVIEW]
    about = {r.kind: r.post_remote_id for r in reactions.values()}
    assert about[ReactionKind.ISSUE] == f"repo:{ours['id']}"
    assert about[ReactionKind.REPLY] == f"{ours['id']}/{issue['number']}"
    assert about[ReactionKind.REVIEW] == f"{ours['id']}/{pull['number']}"
    assert {r.responder.key for r in reactions.values()} == {str(grace["id"])}


def test_own_acts_in_own_repositories_are_posts_and_no_response(reader, ours):
    world = reader.world
    issue = world.issue(world.ada, ours, 5, "Paint the door")
    world.comment(world.ada, ours, issue, 4, "Painted <b>red</b>")
    pages = reader.read()
    assert not any(page.reactions or page.outreach for page in pages)
    words = [post.excerpt for page in pages for post in page.posts]
    assert words == ["What lighthouse is for", "Painted red", "Paint the door"]


def test_issues_and_comments_from_before_the_events_are_read_once(reader, ours):
    world = reader.world
    grace = world.person("grace")
    old = world.issue(grace, ours, 120)
    world.comment(grace, ours, old, 100)
    world.issue(grace, ours, 200)
    assert kinds(reader.reactions()) == [ReactionKind.ISSUE, ReactionKind.REPLY]
    reader.fake.asked.clear()
    assert reader.reactions() == {}
    assert not any(path.endswith("/issues") for path in reader.fake.paths())


def test_what_ada_does_elsewhere_is_outreach_to_people_by_their_number(reader):
    world = reader.world
    grace, harbour = world.person("grace"), world.person("harbour", type="Organization")
    theirs = world.repository(harbour, "pier")
    issue = world.issue(grace, theirs, 6)
    world.comment(world.ada, theirs, issue, 5)
    world.issue(world.ada, theirs, 4)
    pull = world.pull_request(grace, theirs, 3)
    world.review(world.ada, theirs, pull, 2)
    world.star(theirs, 1)
    world.following = [grace]
    found = {(act.kind, act.target.key) for act in reader.outreach().values()}
    assert found == {
        (OutreachKind.REPLY, str(grace["id"])),
        (OutreachKind.ISSUE, str(harbour["id"])),
        (OutreachKind.REVIEW, str(grace["id"])),
        (OutreachKind.STAR, str(harbour["id"])),
        (OutreachKind.FOLLOW, str(grace["id"])),
    }


def test_a_quiet_day_costs_next_to_nothing(reader, ours):
    reader.read()
    reader.fake.tokens[reader.credentials.access_token] = 100
    pages = reader.read()
    # The profile and the repositories; all the rest is as it was.
    assert reader.fake.tokens[reader.credentials.access_token] == 98
    assert reader.fake.unchanged == 4
    assert len(pages) == 3


def test_profiles_of_many_are_one_call(reader, ours):
    world = reader.world
    for number in range(40):
        world.issue(world.person(f"person{number}"), ours, 1)
    reactions = reader.reactions()
    assert len(reactions) == 40
    assert reader.fake.paths().count("/graphql") == 1
    assert all(standing(r.responder, "github", world.now) == 1000 for r in reactions.values())


def test_a_bot_is_told_by_its_name_and_has_no_profile_to_ask_for(reader, ours):
    world = reader.world
    world.issue(world.person("dependabot[bot]", type="Bot"), ours, 1)
    (reaction,) = reader.reactions().values()
    assert reaction.responder.is_bot
    assert "/graphql" not in reader.fake.paths()


def test_a_login_that_somebody_else_has_now_brings_nobody_elses_profile(reader, ours):
    world = reader.world
    grace = world.person("grace")
    world.issue(grace, ours, 1)
    world.person("grace", 999_999, followers=50_000)
    (reaction,) = reader.reactions().values()
    assert reaction.responder.key == str(grace["id"])
    assert reaction.responder.followers is None


def test_a_renamed_member_stays_who_they_are(reader, ours):
    before = reader.read()[0].identity
    world = reader.world
    world.ada["login"] = "ada-lind"
    for repository in world.repositories:
        repository["owner"]["login"] = "ada-lind"
    after = reader.read()[0].identity
    assert after.remote_id == before.remote_id
    assert after.person.key == before.person.key
    assert after.person.handle == f"@ada-lind@{reader.fake.host}"


def test_somebody_who_takes_over_the_old_name_is_another_account(github, now):
    first = Reader(github).read()[0].identity
    github.world.ada = github.world.person("ada", 777)
    assert Reader(github).read()[0].identity.remote_id != first.remote_id


def test_an_event_that_comes_late_is_read_though_newer_ones_were(reader, ours):
    world = reader.world
    world.issue(world.person("grace"), ours, 0.01)
    assert len(reader.reactions()) == 1
    world.issue(world.person("heidi"), ours, 0.2)
    assert len(reader.reactions()) == 1


def test_a_used_up_allowance_stops_this_token_until_it_is_full_again(reader, ours, github):
    reader.fake.tokens[reader.credentials.access_token] = 0
    with pytest.raises(RateLimited) as caught:
        reader.read()
    assert caught.value.until > datetime.now(UTC)
    asked = len(github.asked)
    with pytest.raises(RateLimited):
        reader.read()
    assert len(github.asked) == asked
    reader.credentials = Credentials(github.token())
    assert reader.read()


def test_github_is_not_asked_for_events_again_before_it_wants_to_be(reader, ours):
    reader.fake.headers = {"X-Poll-Interval": "60"}
    reader.read()
    reader.fake.asked.clear()
    reader.read()
    assert not any(path.endswith(("/events", "/events/public")) for path in reader.fake.paths())
    reader.read(reader.world.now + timedelta(seconds=61))
    assert any(path.endswith("/events") for path in reader.fake.paths())


@pytest.mark.parametrize("status", [403, 404, 410, 451])
def test_a_repository_that_is_blocked_or_gone_does_not_stop_the_rest(reader, ours, status):
    world = reader.world
    world.issue(world.person("grace"), ours, 1)
    gone = world.repository(world.ada, "gone")
    for tail in ("events", "issues", "issues/comments", "pulls/comments"):
        path = f"/repos/ada/{gone['name']}/{tail}"
        reader.fake.answers[path] = (status, {"Content-Type": "application/json"}, b"{}")
    assert len(reader.reactions()) == 1


def test_without_graphql_people_count_as_far_as_they_are_known(reader, ours):
    reader.world.issue(reader.world.person("grace"), ours, 1)
    reader.fake.answers["/graphql"] = (404, {"Content-Type": "application/json"}, b"{}")
    (reaction,) = reader.reactions().values()
    assert reaction.responder.followers is None


def test_a_used_up_graphql_is_told_with_status_200(reader, ours):
    reader.world.issue(reader.world.person("grace"), ours, 1)
    body = json.dumps({"data": None, "errors": [{"type": "RATE_LIMITED"}]}).encode()
    reader.fake.answers["/graphql"] = (200, {"Content-Type": "application/json"}, body)
    with pytest.raises(RateLimited):
        reader.read()


def test_items_that_do_not_parse_are_set_aside_and_the_rest_is_read(reader, ours):
    world = reader.world
    world.issue(world.person("grace"), ours, 2)
    world.issue(world.person("heidi"), ours, 1)["user"] = None
    reader.fake.bend = lambda path, value: (
        [{"id": "?"}, *value] if path.endswith("/events") else value
    )
    pages = reader.read()
    assert sum(page.set_aside for page in pages) == 2
    assert len({reaction.key for page in pages for reaction in page.reactions}) == 2


def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(reader, ours):
    world = reader.world
    for number in range(30):
        world.issue(world.person(f"person{number}"), ours, 1)["body"] = "x" * 60_000
    reactions = reader.reactions()
    assert len(reactions) == 30
    sizes = {a.query["per_page"] for a in reader.fake.asked if a.path.endswith("/events")}
    assert sizes == {"50", "10"}


def test_only_the_number_of_a_page_is_taken_from_a_link(reader, ours):
    reader.fake.headers = {"Link": '<https://evil.example/?page=2>; rel="next"'}
    reader.read()
    assert {asked.headers["Host"] for asked in reader.fake.asked} == {reader.fake.host}


def test_lists_without_end_end(reader, ours):
    world = reader.world
    world.following = [world.person("grace")]
    world.issue(world.following[0], ours, 1)
    reader.fake.most_a_page = 1
    endless = {"n": 1}

    def bend(path, value):
        endless["n"] += 1
        link = f'<{reader.fake.url}{path}?page={endless["n"]}>; rel="next"'
        reader.fake.headers = {"Link": link}
        return value or [world.events[0]] if path.endswith("/events") else value

    reader.fake.bend = bend
    pages = reader.read()
    assert not pages[-1].more
    assert len(reader.fake.asked) < 600


def test_a_private_repository_is_nowhere_even_if_it_is_shown(reader):
    world = reader.world
    hidden = world.repository(world.ada, "diary", stars=5, private=True)
    event = world.event("PushEvent", world.ada, hidden, 1, {"ref": "refs/heads/main"})
    event["public"] = False
    pages = reader.read()
    assert pages[0].counts.curation == 0
    assert not any(page.posts for page in pages)


def test_revoking_goes_to_the_application_and_ends_every_token(github, now):
    network = LivelyGitHub(github, now)
    app, credentials = link(network)
    network.connector.revoke(network.host, app, credentials)
    asked = github.asked[-1]
    assert (asked.method, asked.path) == ("DELETE", f"/applications/{CLIENT[0]}/grant")
    assert asked.login == CLIENT
    with pytest.raises(AccessRevoked):
        next(run(network, credentials, {}))
    with pytest.raises(Permanent):
        network.connector.revoke(network.host, app, credentials)


def test_without_an_app_of_the_operator_nothing_is_asked_for(github):
    connector = GitHubConnector(Door(), Setup())
    with pytest.raises(Permanent) as caught:
        connector.register("github.com", "http://localhost/")
    assert caught.value.code == "app_forgotten"
    assert connector.find("").host == "github.com"


@pytest.mark.parametrize(
    ("api", "graphql"),
    [("https://api.github.com", "/graphql"), ("https://ghe.example/api/v3", "/api/graphql")],
)
def test_graphql_lies_where_the_server_has_it(api, graphql):
    from networks.connectors.github.reading import Api

    asked = []

    class Noting:
        def post(self, url, **_):
            asked.append(url)

    Api(Noting(), api, "token").graphql({})
    assert asked[0].endswith(graphql)
    assert "/v3" not in asked[0]
