"""Programs against a server: those of old, those in the docs, and many at their limit at once."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import api_keys
from accounts.models import Member
from accounts.scopes import Scope
from klout.api import quota
from klout.api.classic import views
from networks.models import LinkedAccount
from tests.api.conftest import make_acquaintances, make_topics
from tests.api.old_clients import KloutError, KloutV1, KloutV2

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KEYS, QUOTA, ASKED = 6, 4, 9


@pytest.fixture
def host(
    live_server: Any,
    grace: Member,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A running site where grace is answered on two topics and knows three members."""
    # Programs here ask in quick succession, and none is to wait for the next second.
    monkeypatch.setattr(quota, "PER_SECOND", 1000)
    make_topics(grace, now, 2)
    make_acquaintances(LinkedAccount.objects.get(member=grace), now, 3)
    return live_server.url.removeprefix("http://")


def test_clients_of_old_work_with_nothing_changed_but_the_host(host: str, key: str) -> None:
    first, second = KloutV1(host, key), KloutV2(host, key)
    assert first.klout("grace", "nobody", "other1") == {"grace": 62.34, "other1": 31.0}
    assert first.klout("nobody") == {}
    assert first.show("grace")["twitter_id"] == "1234"
    assert first.topics("grace") == ["topic 0", "topic 1"]
    assert first.influenced_by("grace") == ["other2", "other1", "other0"]
    kloutid = second.identity("Grace")
    assert kloutid == second.from_twitter_id("1234")
    assert second.twitter_id(kloutid) == "1234"
    assert second.user(kloutid) == ("Grace Hopper", 62.34, 2.24)
    assert second.score(kloutid) == (62.34, 0.0, "60-69")
    assert second.topics(kloutid) == ["topic 0", "topic 1"]
    assert second.influence(kloutid) == (["Other 2", "Other 1", "Other 0"], 3)
    with pytest.raises(KloutError, match="404"):
        second.identity("nobody")
    for client in (KloutV1(host, "wrong"), KloutV2(host, "wrong")):
        with pytest.raises(KloutError, match="403"):
            client.topics("grace")


def run(host: str, key: str, *command: str) -> str:
    environment = {"PATH": os.environ["PATH"], "KLOUT": f"http://{host}", "KLOUT_KEY": key}
    done = subprocess.run(
        command, env=environment, cwd=DOCS, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_examples_in_the_docs_run(host: str, key: str) -> None:
    tour = run(host, key, "sh", "classic-tour.sh", "grace")
    parts = (
        *('"network": "tw"', '"monthChange"', '"slug": "topic-0"', '"myInfluenceesCount": 3'),
        *("<twitter_screen_name>grace</twitter_screen_name>", '"influencees": ['),
    )
    for part in parts:
        assert part in tour
    assert key not in tour
    said = run(host, key, sys.executable, "klout_classic.py", "grace").splitlines()
    assert said == [
        "grace: 62.34, a week ago 60.10",
        "Answered on: topic 0, topic 1",
        "myInfluencers: Other 2, Other 1, Other 0",
        "myInfluencees: Other 2, Other 1, Other 0",
    ]


def test_keys_that_hammer_a_server_at_once_get_exactly_their_quota(
    host: str, ada: Member, kloutid: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "PER_DAY", QUOTA)
    monkeypatch.setattr(views, "timezone", SimpleNamespace(now=lambda: NOON))
    keys = [api_keys.make_key(ada, f"{n}", [Scope.LOOK_UP], now) for n in range(KEYS)]

    def ask(key: str) -> tuple[str, int, str | None]:
        connection = HTTPConnection(host, timeout=30)
        connection.request("GET", f"/v2/user.json/{kloutid}/score?key={key}")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return key, answer.status, answer.getheader("X-Mashery-Error-Code")

    with ThreadPoolExecutor(8) as threads:
        counted = Counter(threads.map(ask, keys * ASKED))
    for key in keys:
        assert counted[key, 200, None] == QUOTA
        assert counted[key, 403, "ERR_403_DEVELOPER_OVER_RATE"] == ASKED - QUOTA
