"""The client and the tour in docs/api do what they say, against a real server."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Member
from accounts.scopes import OF_V3
from gifting.models import Move
from tests.api.conftest import make_topics
from tests.api.v3.conftest import key_with
from tests.gifting.conftest import open_to_all

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "api"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(live_server: Any, scored: Member, grace: Member, unhurried: None, settings: Any) -> Any:
    now = timezone.now()
    for member in (scored, grace):
        Member.objects.filter(pk=member.pk).update(joined_at=now - timedelta(days=30))
        open_to_all(member, now)
    make_topics(scored, now, 2)
    environment = os.environ | {
        "KLOUT_KEY": key_with(scored, *OF_V3),
        "KLOUT_TO": "@grace@known.example",
        "KLOUT_EXPORT": "yes",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [*command, live_server.url],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_client_in_python(run: Any) -> None:
    said = run(sys.executable, str(EXAMPLES / "client.py"))
    assert "62.34, most likely from 59 to 66" in said
    assert "2 people responded under topic 0" in said
    assert "to Grace Oduya: Thank you." in said
    assert "taken back; 5 K to give" in said
    assert said.splitlines()[-1].startswith("404 http")
    assert list(Move.objects.order_by("id").values_list("kind", flat=True)) == ["first", "back"]


def test_the_tour_with_curl(run: Any) -> None:
    said = run("sh", str(EXAMPLES / "tour.sh"))
    parts = {part.partition("\n")[0]: part.partition("\n")[2] for part in said.split("# ")}
    assert '"score": 62.34' in parts["The newest score, and where its points came from"]
    first, second = parts["The history, two days at a time"].strip().splitlines()
    assert first != second
    assert parts["The same again: 304 and nothing else while nothing changed"].strip() == "304"
    assert (
        '"name": "topic 1"'
        in parts["Networks, what you are answered on, and what the sonobuoy hears"]
    )
    gifts = parts["Give a K, twice with the same Idempotency-Key: given once"].strip().splitlines()
    assert gifts[0] == gifts[1]
    assert '"taken_back_at"' in parts["Take it back"]
    assert '"state": "under way"' in parts["Ask for an export, and how far it is"]
    assert "/problems/no-token/" in parts["A problem says what it is"]
    assert Move.objects.count() == 2
