"""The contract, kept by the X connector against a small X over real HTTP, under both spellings."""

from datetime import datetime

import pytest

from networks.connectors.base import Setup
from networks.connectors.x import XConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract
from tests.connectors.fake_x import ME, REDIRECT, FakeX


class LivelyX:
    """Half a year of posts and answers, and small pages so that there are many."""

    redirect_uri = REDIRECT
    host = "x.com"
    typed = ""
    is_one_place = True

    def __init__(self, fake: FakeX, now: datetime) -> None:
        self.fake = fake
        self.now = now
        door = Door(frozenset({fake.host}))
        self.connector = XConnector(door, Setup(options=fake.options))
        self.consent = fake.consent
        fake.page_size = 9
        self._live()

    def _live(self) -> None:
        world = self.fake.world
        people = [world.person(100 + n, f"person{n}") for n in range(30)]
        for day in range(230, 0, -3):
            person = people[day % 30]
            mine = world.post(day, text=f"Day {day} #sea")
            theirs = world.post(day - 0.1, person)
            world.reply(day - 0.2, world.me, theirs)
            world.repost(day - 0.3, world.me, theirs)
            world.quote(day - 0.4, world.me, theirs)
            world.reply(day - 0.5, person, mine)
            world.repost(day - 0.6, people[(day + 1) % 30], mine)
            world.quote(day - 0.7, people[(day + 2) % 30], mine)

    def withdraw_consent(self) -> None:
        self.fake.tokens.clear()

    def something_happens(self) -> None:
        world = self.fake.world
        mine = world.post(0)
        world.reply(0, world.person(999, "new"), mine)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        for path in ("users/me", f"users/{ME}/tweets", f"users/{ME}/mentions"):
            self.fake.answers[f"/2/{path}"] = (status, headers, body)
        self.fake.answers["/2/tweets/search/recent"] = (status, headers, body)


class TestX(ConnectorContract, TroubleContract):
    @pytest.fixture(params=["old", "new"])
    def network(self, request, x: FakeX, now: datetime) -> LivelyX:
        x.spelling = request.param
        return LivelyX(x, now)
