"""The contract, kept by the YouTube connector against a small YouTube over real HTTP."""

from datetime import datetime

import pytest

from networks.connectors.base import Setup
from networks.connectors.youtube import YouTubeConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract
from tests.connectors.fake_youtube import API, CLIENT, KEY, REDIRECT, FakeYouTube


def options_of(fake: FakeYouTube) -> dict[str, str]:
    return {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "api_key": KEY,
        "quota": "10000000",
        **dict.fromkeys(("accounts_url", "oauth_url", "api_url"), fake.url),
    }


class LivelyYouTube:
    """A YouTube with half a year behind it, and small pages so that there are many."""

    redirect_uri = REDIRECT
    typed = ""
    is_one_place = True
    host = "youtube.com"

    def __init__(self, fake: FakeYouTube, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.consent_host = fake.host
        self.connector = YouTubeConnector(
            Door(frozenset({fake.host})), Setup(options=options_of(fake))
        )
        self.consent = fake.consent
        fake.most_a_page = 7
        self._live()

    def _live(self) -> None:
        world = self.fake.world
        people = [world.channel(f"person{number}") for number in range(20)]
        for day in range(200, 0, -6):
            video_id = world.upload(day)
            thread = world.comment(people[day % 20], video_id, day - 0.1)
            world.reply(world.ada, thread, day - 0.2)
            world.reply(people[(day + 1) % 20], thread, day - 0.3)
        world.upload(1, privacy="unlisted")
        for person in people:
            world.subscribe(person, 30)

    def withdraw_consent(self) -> None:
        self.fake.forget_consent()

    def something_happens(self) -> None:
        world = self.fake.world
        video_id = world.upload(0)
        world.comment(world.channel("newcomer"), video_id, 0)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for path in ("channels", "playlistItems", "commentThreads", "subscriptions"):
            self.fake.answers[API + path] = (status, headers, body)


class TestYouTube(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, youtube: FakeYouTube, now: datetime) -> LivelyYouTube:
        return LivelyYouTube(youtube, now)
