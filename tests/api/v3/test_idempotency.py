"""The same write again is done once and answered alike, however often and however broken."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import api_answers
from accounts.api_models import KeptAnswer
from accounts.models import Member
from accounts.scopes import Scope
from gifting.models import Move
from gifting.services import keeping
from klout.api.v3 import problems
from tests.api.v3.conftest import PREFIX, Ask, key_with
from tests.api.v3.test_asking import is_problem
from tests.at_once import at_once
from tests.gifting.conftest import open_to_all

NOTE = {"platform": "mastodon", "handle": "@grace@example.org"}
GIFT = {"to": "@grace@known.example"}


def once(key: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Idempotency-Key": key}}


@pytest.fixture
def friends(ada: Member, grace: Member, now: datetime) -> None:
    for member in (ada, grace):
        Member.objects.filter(pk=member.pk).update(joined_at=now - timedelta(days=30))
        open_to_all(member, now)


@pytest.mark.django_db
def test_the_same_again_is_the_same_answer_and_done_once(ask: Ask, friends: None) -> None:
    first, again = (ask("/k/gifts", GIFT, **once("a")) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Move.objects.count() == 1


@pytest.mark.django_db
def test_what_was_taken_away_is_taken_away_once(ask: Ask) -> None:
    note = ask("/mind", NOTE).json()["id"]
    answers = [ask(f"/mind/{note}", method="delete", **once("a")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert [answer.content for answer in answers] == [b"", b""]
    assert ask(f"/mind/{note}", method="delete").status_code == 404


@pytest.mark.django_db
def test_a_key_stands_for_one_request(ask: Ask) -> None:
    assert ask("/mind", NOTE, **once("a")).status_code == 200
    assert is_problem(ask("/mind", NOTE | {"name": "G"}, **once("a")), problems.KEY_USED)
    assert is_problem(ask("/exports", method="post", data="", content_type="application/json",
                          **once("a")), problems.KEY_USED)  # fmt: skip


@pytest.mark.django_db
def test_programs_do_not_meet_in_their_keys(ask: Ask, ada: Member, grace: Member) -> None:
    others = [key_with(member, Scope.MIND_WRITE) for member in (ada, grace)]
    assert ask("/mind", NOTE, **once("1")).status_code == 200
    for other in others:
        assert ask("/mind", NOTE | {"name": "G"}, key=other, **once("1")).status_code == 200


@pytest.mark.django_db
def test_what_was_refused_may_be_asked_again_with_the_same_key(
    ask: Ask, ada: Member, now: datetime
) -> None:
    assert is_problem(ask("/k/gifts", GIFT, **once("a")), problems.REFUSED)
    assert not KeptAnswer.objects.exists()
    grace = Member.objects.create_user("grace@example.com", "x", name="Grace Oduya")
    for member in (ada, grace):
        Member.objects.filter(pk=member.pk).update(joined_at=now - timedelta(days=30))
        open_to_all(member, now)
    assert ask("/k/gifts", GIFT, **once("a")).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["", "x" * 201, "a b", "é"])
def test_a_key_that_is_none_is_refused(ask: Ask, written: str) -> None:
    assert is_problem(ask("/mind", NOTE, **once(written)), problems.INVALID)


@pytest.mark.django_db
def test_a_day_later_a_key_is_free_and_the_answer_is_gone(ask: Ask, now: datetime) -> None:
    ask("/mind", NOTE, **once("a"))
    before = timezone.now() - api_answers.KEPT_FOR
    KeptAnswer.objects.update(answered_at=before)
    assert ask("/mind", NOTE | {"name": "G"}, **once("a")).json()["name"] == "G"
    api_answers.forget_old(timezone.now())
    assert KeptAnswer.objects.count() == 1
    api_answers.forget_old(timezone.now() + api_answers.KEPT_FOR)
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db
def test_the_database_keeps_one_answer_to_a_key(ada: Member, now: datetime) -> None:
    values = (ada, "who", "key", "request", 200, "{}", now)
    api_answers.keep(*values)
    with pytest.raises(IntegrityError, match="one_answer_to_one_key"), transaction.atomic():
        api_answers.keep(*values)
    with pytest.raises(IntegrityError, match="only_what_was_done_is_kept"):
        api_answers.keep(ada, "who", "other", "request", 409, "{}", now)


@pytest.mark.django_db(transaction=True)
def test_killed_after_the_deed_and_before_the_answer_nothing_was_done(
    ask: Ask, client: Client, monkeypatch: pytest.MonkeyPatch, ada: Member
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(api_answers, "keep", killed)
        with pytest.raises(KeyboardInterrupt):
            ask("/mind", NOTE, **once("a"))
    assert ask("/mind").json()["items"] == []
    assert ask("/mind", NOTE, **once("a")).status_code == 200
    assert len(ask("/mind").json()["items"]) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_key_give_once(friends: None, key: str, unhurried: None) -> None:
    def give() -> Any:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a"}
        body = {"data": GIFT, "content_type": "application/json"}
        return Client().post(f"{PREFIX}/k/gifts", headers=headers, **body)

    answers = at_once(*[give] * 8)
    done = [answer for answer in answers if answer.status_code == 201]
    others = [answer for answer in answers if answer.status_code != 201]
    assert {answer.content for answer in done} == {done[0].content}
    assert all(is_problem(answer, problems.UNDER_WAY) for answer in others)
    assert all(answer["Retry-After"] == "1" for answer in others)
    assert Move.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_while_it_is_under_way_is_told_so(
    ask: Ask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From inside the first request the same one is sent once more, on another connection."""
    keep, met = keeping.keep_handle, []

    def meanwhile(*values: Any) -> Any:
        if not met:
            met.append(None)
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a"}
            body = {"data": NOTE, "content_type": "application/json"}
            met.extend(at_once(lambda: Client().post(f"{PREFIX}/mind", headers=headers, **body)))
        return keep(*values)

    monkeypatch.setattr(keeping, "keep_handle", meanwhile)
    assert ask("/mind", NOTE, **once("a")).status_code == 200
    assert is_problem(met[1], problems.UNDER_WAY)
    assert connection.in_atomic_block is False
