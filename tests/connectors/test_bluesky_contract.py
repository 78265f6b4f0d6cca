"""The contract, kept by the Bluesky connector against a small AT Protocol over real HTTP."""

from datetime import datetime

import pytest

from networks.connectors.base import AppRegistration, Setup
from networks.connectors.bluesky import BlueskyConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract
from tests.connectors.fake_bluesky import (
    FOLLOW,
    LIKE,
    NOTIFICATIONS,
    POST,
    REPOST,
    FakeBluesky,
)

SITE = "https://klout.example"


class DescribedConnector(BlueskyConnector):
    """Its description stands on the web as soon as it is registered."""

    def __init__(self, fake: FakeBluesky) -> None:
        super().__init__(Door(fake.names), Setup(SITE, fake.options))
        self._fake = fake

    def register(self, host: str, redirect_uri: str) -> AppRegistration:
        app = super().register(host, redirect_uri)
        self._fake.described[app.client_id] = self.describe(app, redirect_uri)
        return app


class LivelyBluesky:
    """Half a year behind it, and small pages so that there are many."""

    host = "bsky.app"
    typed = "@ada.example"
    redirect_uri = f"{SITE}/networks/callback/bluesky/bsky.app/"

    def __init__(self, fake: FakeBluesky, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.consent_host, self.issuer = fake.entryway.host, fake.entryway.url
        self.connector = DescribedConnector(fake)
        self.consent = fake.consent
        self.asked_for = fake.asked_for
        self.withdraw_consent = fake.withdraw_consent
        fake.limits = {POST: 7, LIKE: 8, REPOST: 5, FOLLOW: 9, NOTIFICATIONS: 9}
        self._live()

    def _live(self) -> None:
        world, ada = self.fake.world, self.fake.ada
        people = [world.joins(f"person{'abcdefghij'[n // 3]}{'xyz'[n % 3]}") for n in range(30)]
        for day in range(230, 0, -3):
            person, other = people[day % 30], people[(day + 1) % 30]
            mine = world.write(ada, POST, day, text=f"Day {day}")
            theirs = world.write(person, POST, day, text="Hello")
            subject = {"subject": {"uri": f"at://{person}/{POST}/{theirs}"}}
            world.write(ada, LIKE, day - 0.1, **subject)
            world.write(ada, REPOST, day - 0.2, **subject)
            world.write(ada, POST, day - 0.3, text="!", reply={"parent": subject["subject"]})
            world.notify(person, "like", day - 0.3, mine)
            world.notify(other, "repost", day - 0.4, mine)
            world.notify(person, "reply", day - 0.5, mine)
        for number, person in enumerate(people):
            world.write(ada, FOLLOW, 100 + number, subject=person)
            world.notify(person, "follow", 1 + number / 10)

    def something_happens(self) -> None:
        mine = self.fake.world.write(self.fake.ada, POST, 0, text="Now")
        self.fake.world.notify(self.fake.world.joins("newcomer"), "reply", 0, mine)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for method in (
            "com.atproto.server.getServiceAuth",
            "com.atproto.repo.listRecords",
            "app.bsky.actor.getProfiles",
            NOTIFICATIONS,
        ):
            self.fake.answers[f"/xrpc/{method}"] = (status, headers, body)


class TestBluesky(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, bluesky: FakeBluesky, now: datetime) -> LivelyBluesky:
        return LivelyBluesky(bluesky, now)
