"""The contract, kept by the GitHub connector against a small GitHub over real HTTP."""

from datetime import datetime

import pytest

from networks.connectors.base import Setup
from networks.connectors.github import GitHubConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract
from tests.connectors.fake_github import CLIENT, REDIRECT, FakeGitHub


def options_of(fake: FakeGitHub) -> dict[str, str]:
    return {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "url": fake.url,
        "api_url": fake.url,
    }


class LivelyGitHub:
    """A GitHub with half a year behind it, and small pages so that there are many."""

    redirect_uri = REDIRECT
    typed = ""
    is_one_place = True

    def __init__(self, fake: FakeGitHub, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.host = fake.host
        self.connector = GitHubConnector(
            Door(frozenset({fake.host})), Setup(options=options_of(fake))
        )
        self.consent = fake.consent
        fake.most_a_page = 6
        self._live()

    def _live(self) -> None:
        world = self.fake.world
        people = [world.person(f"person{number}") for number in range(12)]
        self.ours = [world.repository(world.ada, f"work{n}", 300 + n, stars=n) for n in range(3)]
        self.theirs = world.repository(people[0], "theirs")
        for repository in self.ours:
            # The oldest event is nobody's reaction, as the lists of what was before go up to it.
            world.push(world.ada, repository, 29.5)
        for day in range(170, 0, -9):
            person, repository = people[day % 12], self.ours[day % 3]
            issue = world.issue(person, repository, day)
            world.comment(world.ada, repository, issue, day - 0.2)
            world.comment(people[(day + 1) % 12], repository, issue, day - 0.3)
            pull = world.pull_request(world.ada, self.theirs, day - 0.4)
            world.review(person, repository, pull, day - 0.5)
            world.star(world.repository(person, f"tool{day}"), day)
        world.following = people

    def withdraw_consent(self) -> None:
        self.fake.tokens.clear()

    def something_happens(self) -> None:
        world = self.fake.world
        world.push(world.ada, self.theirs, 0)
        world.issue(world.person("newcomer"), self.ours[0], 0)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for path in ("/user", "/user/repos", "/user/following", "/user/starred", "/graphql"):
            self.fake.answers[path] = (status, headers, body)


class TestGitHub(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, github: FakeGitHub, now: datetime) -> LivelyGitHub:
        return LivelyGitHub(github, now)
