"""K through the API: what there is, giving, passing on, undoing, and keeping people in mind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Member
from accounts.scopes import Scope
from gifting import looking, services
from gifting.models import Block, Hand, Move
from gifting.services import keeping
from klout.api.v3 import problems
from tests.api.v3.conftest import Ask, key_with
from tests.api.v3.test_asking import is_problem
from tests.gifting.conftest import open_to_all

pytestmark = pytest.mark.django_db

GIFT = {"to": "@grace@known.example", "words": "Thank you.", "link": "https://known.example/1"}


@pytest.fixture
def friends(ada: Member, grace: Member, mallory: Member, now: datetime) -> None:
    for member in (ada, grace, mallory):
        Member.objects.filter(pk=member.pk).update(joined_at=now - timedelta(days=30))
        open_to_all(member, now)


def test_a_k_is_given_seen_by_both_and_taken_back(ask: Ask, friends: None, grace: Member) -> None:
    made = ask("/k/gifts", GIFT)
    assert made.status_code == 201
    gift = made.json()
    mine = ask(made["Location"].removeprefix("/api/v3")).json()
    assert (mine["name"], mine["words"], mine["is_given"]) == ("Grace Oduya", "Thank you.", True)
    theirs = key_with(grace, Scope.K_READ, Scope.K_GIVE)
    (received,) = ask("/k/gifts?direction=received", key=theirs).json()["items"]
    assert (received["name"], received["can_pass_on"]) == ("Ada Lind", True)
    (held,) = ask("/k/held", key=theirs).json()["items"]
    assert held["k"] == gift["k"]
    assert ask("/k/purse").json()["fresh"] == 4
    undo = f"/k/gifts/{gift['k']}/{gift['step']}/undo"
    assert is_problem(ask(undo, {}, key=theirs), problems.NOT_FOUND)
    first, again = ask(undo, {}), ask(undo, {})
    assert first.json() == again.json()
    assert ask("/k/purse").json()["total"] == 5
    assert ask("/k/held", key=theirs).json()["items"] == []


def test_a_k_is_passed_on_and_its_way_is_seen(
    ask: Ask, friends: None, grace: Member, now: datetime
) -> None:
    given = services.give_k(grace, Member.objects.get(name="Ada Lind"), now, key=uuid4())
    on = f"/k/held/{given.k.address}/gifts"
    assert is_problem(ask(on, GIFT), problems.REFUSED)
    made = ask(on, GIFT | {"to": "@mallory@known.example"})
    assert (made.status_code, made.json()["step"]) == (201, given.step + 1)
    way = ask(f"/k/journeys/{given.k.address}").json()
    assert [stop["did"] for stop in way["stops"]] == ["gave first", "passed on", "holds"]
    assert is_problem(ask(on, GIFT | {"to": "@mallory@known.example"}), problems.REFUSED)


def test_what_is_not_ones_own_is_not_found(
    ask: Ask, friends: None, grace: Member, mallory: Member, now: datetime
) -> None:
    theirs = services.give_k(grace, mallory, now, key=uuid4())
    k, step = theirs.k.address, theirs.step
    assert is_problem(ask(f"/k/gifts/{k}/{step}"), problems.NOT_FOUND)
    assert is_problem(ask(f"/k/journeys/{k}"), problems.NOT_FOUND)
    assert is_problem(ask(f"/k/gifts/{k}/{step}/undo", {}), problems.NOT_FOUND)
    assert is_problem(ask(f"/k/held/{k}/gifts", GIFT), problems.NOT_FOUND)
    note = keeping.keep_handle(grace, keeping.Remembered("x", "@somebody"), now)
    assert is_problem(ask(f"/mind/{note.pk}", method="delete"), problems.NOT_FOUND)
    assert Move.objects.count() == 1


def test_who_is_not_here_hides_or_blocks_is_refused_in_the_same_words(
    ask: Ask, friends: None, ada: Member, grace: Member, mallory: Member, now: datetime
) -> None:
    services.accept_from(grace, "nobody")
    Block.objects.create(
        by=Hand.objects.get(member=mallory), of=Hand.objects.get(member=ada), made_at=now
    )
    said = set()
    for name in ("grace", "mallory", "nobody"):
        answer = ask("/k/gifts", {"to": f"@{name}@known.example"})
        assert is_problem(answer, problems.REFUSED)
        said.add((answer.json()["title"], answer.json()["detail"]))
    assert len(said) == 1


def test_an_answer_to_a_gift_holds_nothing_of_the_receiver(ask: Ask, friends: None) -> None:
    assert b"Grace" not in ask("/k/gifts", GIFT, headers={"Idempotency-Key": "a"}).content


def test_looking_for_people_is_limited_as_on_the_pages(
    ask: Ask, friends: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LOOKS", 2)
    nobody = {"to": "@nobody@known.example"}
    assert [ask("/k/gifts", nobody).status_code for _ in range(2)] == [409, 409]
    answer = ask("/mind", {"handle": "nobody"})
    assert is_problem(answer, problems.TOO_MANY)
    assert answer["Retry-After"] == "600"


def test_people_are_kept_in_mind_and_forgotten(ask: Ask, friends: None) -> None:
    body = {"platform": "mastodon", "handle": "grace@known.example", "reason": "The talk."}
    note = ask("/mind", body).json()
    assert note["handle"] == "@grace@known.example"
    assert ask("/mind", body | {"reason": "Another."}).json()["id"] == note["id"]
    (kept,) = ask("/mind").json()["items"]
    assert (kept["reason"], kept["can_be_given_to"]) == ("Another.", True)
    assert ask(f"/mind/{note['id']}", method="delete").status_code == 204
    assert ask("/mind").json()["items"] == []
    assert is_problem(ask("/mind", {"handle": "@grace", "platform": "fax"}), problems.INVALID)


@pytest.fixture
def many(friends: None, ada: Member, now: datetime) -> Callable[[int], None]:
    """More gifts to ada, all of the same moment, and more people that she keeps in mind."""
    made = iter(range(100))

    def add(count: int) -> None:
        for _ in range(count):
            number = next(made)
            giver = Member.objects.create_user(f"{number}@example.com", "x", name=f"G{number} B")
            Member.objects.filter(pk=giver.pk).update(joined_at=now - timedelta(days=30))
            open_to_all(giver, now)
            services.give_k(giver, ada, now, key=uuid4())
            keeping.keep_handle(ada, keeping.Remembered("github", f"@g{number}"), now)

    return add


@pytest.mark.parametrize("path", ["/k/gifts", "/k/gifts?direction=received", "/k/held", "/mind"])
def test_pages_neither_lose_nor_repeat_what_is_of_one_moment(
    ask: Ask, many: Callable[[int], None], path: str
) -> None:
    many(5)
    query = {"direction": "received"} if "direction" in path else {}
    address = path.partition("?")[0]
    before = [str(one) for one in ask(path).json()["items"]]
    page = ask(address, data=query | {"limit": 2}, method="get").json()
    found = [str(one) for one in page["items"]]
    many(2)
    while page["next_cursor"]:
        more = query | {"limit": 2, "cursor": page["next_cursor"]}
        page = ask(address, data=more, method="get").json()
        found += [str(one) for one in page["items"]]
    # What came in between stands before the first of them, or among those of the same moment.
    assert [one for one in found if one in before] == before
    assert len(set(found)) == len(found)


def test_lists_ask_as_much_for_many_as_for_few(
    ask: Ask, many: Callable[[int], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask("/me")
    for _ in range(2):
        many(4)
        for path, queries in (("/k/gifts", 5), ("/k/held", 3), ("/k/purse", 7), ("/mind", 2)):
            with django_assert_num_queries(queries):
                assert ask(path).status_code == 200


def test_moments_are_told_in_utc_and_to_the_second(ask: Ask, friends: None, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    said: Any = ask("/k/gifts", GIFT).json()["given_at"]
    told = datetime.fromisoformat(said)
    assert said.endswith("Z")
    assert abs(timezone.now() - told) < timedelta(minutes=1)
