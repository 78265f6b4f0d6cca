"""What Prometheus reads: for whoever has the token, of the whole site, with nobody's name in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import Member
from networks.models import LinkedAccount
from scoring.models import Night
from scoring.rule import RULE_VERSION
from tests.factories import make_account

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-tests"
Labels = tuple[tuple[str, str], ...]


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def told(client: Client) -> dict[tuple[str, Labels], float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0, no-cache")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_without_the_token_there_is_no_such_page(client: Client, sent: str) -> None:
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_where_no_token_is_set_nobody_may_ask(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_polls_that_are_due_and_that_fail(client: Client, ada: Member, now: datetime) -> None:
    real = datetime.now(now.tzinfo)
    make_account(ada, now, next_poll_at=real - timedelta(minutes=10), last_read_at=real)
    make_account(ada, now, next_poll_at=real + timedelta(hours=1))
    make_account(ada, now, platform="bluesky", failures=2, last_problem="server_away")
    make_account(ada, now, state=LinkedAccount.State.values[1], next_poll_at=real)

    figures = told(client)
    mastodon = (("platform", "mastodon"),)
    assert figures["klout_accounts", mastodon] == 3
    assert figures["klout_polls_due", mastodon] == 1
    assert 590 < figures["klout_oldest_poll_seconds", mastodon] < 660
    failing = (("platform", "bluesky"), ("problem", "server_away"))
    assert figures["klout_accounts_failing", failing] == 1
    assert figures["klout_members", ()] == 1


def test_the_last_night(client: Client, now: datetime) -> None:
    assert ("klout_night_age_seconds", ()) not in told(client)
    real = datetime.now(now.tzinfo)
    Night.objects.create(
        on=real.date(),
        rule=RULE_VERSION,
        cut_off_at=real,
        started_at=real - timedelta(seconds=100),
        finished_at=real - timedelta(seconds=40),
        members=7,
        phases={"read": {"seconds": 12.5}, "write": {"done": 1, "of": 2}},
        set_aside=[3],
    )
    figures = told(client)
    assert figures["klout_night_seconds", ()] == 60
    assert 40 <= figures["klout_night_age_seconds", ()] < 100
    assert figures["klout_night_set_aside", ()] == 1
    assert figures["klout_night_phase_seconds", (("phase", "read"),)] == 12.5


def test_a_part_that_is_away_is_said_and_the_rest_told(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    figures = told(client)
    assert figures["klout_up", (("part", "broker"),)] == 0
    assert figures["klout_up", (("part", "database"),)] == 1
    assert ("klout_members", ()) in figures


def test_answers_are_counted_by_route_and_never_by_address(client: Client, ada: Member) -> None:
    client.get("/@ada-is-looked-for/")
    client.get("/nothing-is-at-ada/")
    client.generic("ODD", "/healthz")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    figures = told(client)
    profile = (("method", "GET"), ("route", "profile"), ("status", "404"))
    assert figures["klout_http_answers_total", profile] >= 1
    assert any(dict(labels).get("method") == "OTHER" for _, labels in figures)
    assert b"is-looked-for" not in answer.content
    assert b"nothing-is-at" not in answer.content


def test_it_asks_as_many_questions_however_many_there_are(
    client: Client, ada: Member, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_account(ada, now, failures=1, last_problem=f"p{number}")
    with django_assert_max_num_queries(10):
        told(client)
