"""The contract, kept by the Mastodon connector against a small Mastodon over real HTTP."""

from datetime import datetime

import pytest

from networks.connectors.base import Setup
from networks.connectors.mastodon import MastodonConnector
from networks.http import Door
from tests.connectors.contract import ConnectorContract, TroubleContract
from tests.connectors.fake_mastodon import ME, REDIRECT, FakeMastodon, account, mention_of


class LivelyMastodon:
    """A Mastodon with half a year behind it, and small pages so that there are many."""

    redirect_uri = REDIRECT

    def __init__(self, fake: FakeMastodon, now: datetime) -> None:
        self.fake = fake
        self.now = now
        self.host = fake.host
        self.typed = self.host
        self.connector = MastodonConnector(Door(frozenset({fake.host})), Setup())
        self.consent = fake.consent
        fake.limits = {
            f"/api/v1/accounts/{ME}/statuses": 7,
            "/api/v1/notifications": 9,
            f"/api/v1/accounts/{ME}/following": 10,
        }
        self._live()

    def _live(self) -> None:
        world = self.fake.world
        people = [account(100 + n, f"person{n}@host{n % 3}.example") for n in range(30)]
        for day in range(230, 0, -3):
            person = people[day % 30]
            mine = world.write(
                day, f"Day {day}", tags=[{"name": "Sea", "url": "https://known.example/tags/sea"}]
            )
            world.write(day - 0.1, mentions=[mention_of(person)])
            world.write(day - 0.2, reblog=world.status(day, account=person))
            world.notify("favourite", person, day - 0.3, status=mine)
            world.notify("reblog", people[(day + 1) % 30], day - 0.4, status=mine)
            world.notify("mention", person, day - 0.5, status=self._reply(person, mine, day))
        for person in people:
            world.follow(person)
            world.notify("follow", person, 1)

    def _reply(self, person, mine, day):
        return self.fake.world.status(
            day, account=person, in_reply_to_account_id=ME, in_reply_to_id=mine["id"]
        )

    def withdraw_consent(self) -> None:
        self.fake.tokens.clear()

    def something_happens(self) -> None:
        mine = self.fake.world.write(0)
        reply = self._reply(account(999, "new@host9.example"), mine, 0)
        self.fake.world.notify("mention", reply["account"], 0, status=reply)

    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        paths = ["verify_credentials", f"{ME}/statuses", f"{ME}/following"]
        for path in ["notifications", *(f"accounts/{path}" for path in paths)]:
            self.fake.answers[f"/api/v1/{path}"] = (status, headers, body)


class TestMastodon(ConnectorContract, TroubleContract):
    @pytest.fixture
    def network(self, mastodon: FakeMastodon, now: datetime) -> LivelyMastodon:
        return LivelyMastodon(mastodon, now)
