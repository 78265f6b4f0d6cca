"""How much a key may ask: counted in one place, exact however many ask at once."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import api_keys, limits
from accounts.api_keys import KeyHolder
from accounts.api_models import ApiKey
from accounts.models import Member
from accounts.scopes import Scope
from klout.api import quota

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def a_key(monkeypatch: pytest.MonkeyPatch) -> str:
    """A key that no test had before, known without Postgres."""
    monkeypatch.setattr(quota, "holder_of", lambda *_: KeyHolder(1, 2, ("look_up",)))
    return uuid4().hex


def verdict(key: str, now: datetime, **question: str) -> str:
    try:
        quota.admit(quota.Question(key, **question), now)
    except quota.Refused as refused:
        return refused.reason
    return "ok"


def test_ten_requests_a_second_are_answered_and_the_next_second_again(a_key: str) -> None:
    assert [verdict(a_key, NOON) for _ in range(12)] == ["ok"] * 10 + ["too fast"] * 2
    assert verdict(a_key, NOON + timedelta(seconds=1)) == "ok"


def test_what_was_too_fast_does_not_use_up_the_day(
    a_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "PER_DAY", 11)
    for _ in range(30):
        verdict(a_key, NOON)
    assert verdict(a_key, NOON + timedelta(seconds=1)) == "ok"
    assert verdict(a_key, NOON + timedelta(seconds=1)) == "used up"
    assert verdict(a_key, NOON + timedelta(hours=12)) == "ok"


def test_a_day_that_is_used_up_says_when_the_next_begins(
    a_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "PER_DAY", 0)
    with pytest.raises(quota.Refused) as refused:
        quota.admit(quota.Question(a_key), NOON + timedelta(hours=11))
    assert refused.value.retry_after == 60 * 60


def _with_own_connections() -> None:
    limits.client.cache_clear()
    quota._scripts.cache_clear()


def _hammer(keys: list[str], second: datetime) -> list[tuple[str, str]]:
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(lambda key: (key, verdict(key, second)), keys))


def test_a_thousand_keys_hammering_at_their_limit_get_exactly_their_quota(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four processes, each with threads and connections of its own, over two seconds of one day."""
    monkeypatch.setattr(quota, "holder_of", lambda *_: KeyHolder(1, 2, ("look_up",)))
    monkeypatch.setattr(quota, "PER_SECOND", 3)
    monkeypatch.setattr(quota, "PER_DAY", 5)
    batch = uuid4().hex
    keys = [f"{batch}-{number}" for number in range(1000)]
    counted: Counter[tuple[str, str]] = Counter()
    for second in (NOON, NOON + timedelta(seconds=1)):
        with ProcessPoolExecutor(4, get_context("fork"), _with_own_connections) as processes:
            told = [processes.submit(_hammer, keys, second) for _ in range(4)]
            counted.update(key for one in told for key in one.result())
    assert {counted[key, "ok"] for key in keys} == {5}
    assert {counted[key, "too fast"] for key in keys} == {1}
    assert {counted[key, "used up"] for key in keys} == {2}


def test_a_key_sees_so_many_members_a_day_and_those_again(
    a_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MEMBERS_PER_DAY", 3)
    assert quota.may_see(a_key, ["1", "2", "1", "3", "4"], NOON) == ["1", "2", "1", "3"]
    assert quota.may_see(a_key, ["5", "2"], NOON + timedelta(hours=11)) == ["2"]
    assert quota.may_see(a_key, ["5"], NOON + timedelta(hours=12)) == ["5"]
    assert quota.may_see(a_key, [], NOON) == []


def test_an_answer_that_is_repeated_counts_as_seen(
    a_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MEMBERS_PER_DAY", 2)
    path = f"/v2/user.json/{uuid4()}"
    quota.keep_answer(path, b"{}")
    for member in ("1", "2"):
        admitted = quota.admit(quota.Question(a_key, path, member), NOON)
        assert admitted.answer == b"{}"
    assert verdict(a_key, NOON, path=path, about="3") == "seen enough"
    assert verdict(a_key, NOON, path=path, about="1") == "ok"


def test_many_requests_at_once_see_no_member_too_many(
    a_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MEMBERS_PER_DAY", 20)
    members = [[str(number % 50)] for number in range(500)]
    with ThreadPoolExecutor(16) as threads:
        seen = list(threads.map(lambda one: quota.may_see(a_key, one, NOON), members))
    assert len({member for answer in seen for member in answer}) == 20


def test_a_question_that_was_answered_a_moment_ago_asks_nobody(
    client: Client,
    key: str,
    kloutid: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    path = f"/v2/user.json/{kloutid}/score"
    first = client.get(path, {"key": key})
    with django_assert_num_queries(0):
        again = client.get(f"{path}/", {"key": key})
    assert again.content == first.content


def test_without_redis_nothing_is_told_and_the_answer_says_so(
    client: Client, key: str, kloutid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(quota, "_scripts", lambda: (away, away))
    answer = client.get(f"/v2/user.json/{kloutid}/score", {"key": key})
    assert answer.status_code == 503
    assert answer.json()["error"] == 503


def test_a_revoked_key_opens_nothing(ada: Member, now: datetime) -> None:
    key = api_keys.make_key(ada, "a program", [Scope.LOOK_UP], now)
    digest = api_keys.digest_of(key)
    assert api_keys.holder_of(digest, now.date()) is not None
    made = ApiKey.objects.get(member=ada)
    api_keys.revoke_key(ada, made.pk, now)
    assert api_keys.holder_of(digest, now.date()) is None


def test_the_day_of_use_is_noted_once_a_day(
    ada: Member, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    digest = api_keys.digest_of(api_keys.make_key(ada, "it", [Scope.LOOK_UP], now))
    with django_assert_num_queries(2):
        api_keys.holder_of(digest, date(2026, 11, 2))
    with django_assert_num_queries(1):
        api_keys.holder_of(digest, date(2026, 11, 2))
    assert ApiKey.objects.get().last_used_on == date(2026, 11, 2)
