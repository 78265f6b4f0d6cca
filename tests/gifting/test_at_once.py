"""Real connections at the same moment: no K is spent twice, and of two ends one wins."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Member
from gifting import refusals, selectors, services
from gifting.models import Block, K, Move, Report
from gifting.refusals import Refusal
from tests.at_once import at_once
from tests.gifting.conftest import open_to_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Two of these at the same time would want more connections than PostgreSQL has.
    pytest.mark.xdist_group("many connections"),
]


def outcomes_of(*acts) -> list[str]:
    """Run the acts at once; "done" or the sentence of a refusal, in their order."""
    return [_outcome(each) for each in at_once(*acts)]


def _outcome(result: object) -> str:
    if isinstance(result, Refusal):
        return result.sentence
    if isinstance(result, Exception):
        raise result
    return "done"


@pytest.fixture
def people(now) -> list[Member]:
    """Members who can give to one another; the first two have no hand yet."""
    made = [
        Member.objects.create_user(f"person{number}@example.com", name=f"Person {number}")
        for number in range(51)
    ]
    for person in made:
        open_to_all(person, now)
    return made


def giving(giver, receiver, now, key=None):
    return lambda: services.give_k(giver, receiver, now, key=key or uuid4())


def test_50_tries_on_5_k_give_5_gifts(people, now):
    giver, *others = people
    outcomes = Counter(outcomes_of(*[giving(giver, other, now) for other in others]))
    assert outcomes.pop("done") == 5
    (sentence,) = outcomes
    assert sentence.startswith("This week's 5 K are given.")
    assert (K.objects.count(), Move.objects.count()) == (5, 5)
    assert selectors.purse(giver, now).total == 0


def test_50_givers_to_one_receiver_all_succeed(people, now):
    receiver, *givers = people
    assert set(outcomes_of(*[giving(giver, receiver, now) for giver in givers])) == {"done"}
    assert selectors.purse(receiver, now).received_count == 50


def test_everybody_to_everybody_does_not_deadlock(people, now):
    ring = list(zip(people[:25], [*people[1:25], people[0]], strict=True))
    both_ways = [*ring, *((receiver, giver) for giver, receiver in ring)]
    assert set(outcomes_of(*[giving(*pair, now) for pair in both_ways])) == {"done"}


def test_the_same_form_sent_20_times_gives_once(people, now):
    giver, receiver = people[:2]
    key = uuid4()
    assert set(outcomes_of(*[giving(giver, receiver, now, key)] * 20)) == {"done"}
    assert Move.objects.count() == 1


def test_20_different_forms_for_the_same_person_give_once(people, now):
    giver, receiver = people[:2]
    outcomes = Counter(outcomes_of(*[giving(giver, receiver, now) for _ in range(20)]))
    assert outcomes["done"] == 1


def test_one_k_is_passed_on_to_one_of_20(people, now):
    giver, holder, *others = people[:22]
    k = services.give_k(giver, holder, now, key=uuid4()).k

    def passing(receiver):
        return lambda: services.pass_on(holder, receiver, k.address, now, key=uuid4())

    outcomes = Counter(outcomes_of(*[passing(other) for other in others]))
    assert outcomes["done"] == 1
    assert Move.objects.filter(k=k).count() == 2


@pytest.mark.parametrize("turn", range(10))
def test_of_undo_and_passing_on_one_wins(people, now, turn):
    giver, holder, other = people[:3]
    k = services.give_k(giver, holder, now, key=uuid4()).k
    outcomes = outcomes_of(
        lambda: services.take_back(giver, k.address, 1, now),
        lambda: services.pass_on(holder, other, k.address, now, key=uuid4()),
        lambda: services.decline(holder, k.address, 1, now),
    )
    assert outcomes.count("done") == 1
    assert Move.objects.filter(k=k).count() == 2


def test_after_a_block_nothing_arrives(people, now):
    receiver, giver, *_ = people
    k = services.give_k(giver, receiver, now, key=uuid4()).k
    week_later = now + timedelta(days=7)
    outcomes_of(
        lambda: services.block(receiver, k.address, 1, week_later),
        *[giving(giver, receiver, week_later) for _ in range(10)],
    )
    arrived = Move.objects.filter(giver__member=giver, made_at=week_later).count()
    assert arrived <= 1
    outcomes = outcomes_of(*[giving(giver, receiver, week_later + timedelta(days=7))] * 3)
    assert "done" not in outcomes


def test_the_limits_of_an_hour_hold_for_20_at_once(people, now, monkeypatch):
    monkeypatch.setattr("gifting.limits.GIFTS_AN_HOUR", 3)
    monkeypatch.setattr("gifting.limits.BLOCKS_AN_HOUR", 4)
    monkeypatch.setattr("gifting.limits.REPORTS_AN_HOUR", 2)
    one, *others = people[:21]
    outcomes = Counter(outcomes_of(*[giving(one, other, now) for other in others]))
    assert outcomes.pop("done") == 3
    assert list(outcomes) == [refusals.too_many_gifts(3)]

    received = [services.give_k(other, one, now, key=uuid4()).k.address for other in others]
    blocks = [lambda k=k: services.block(one, k, 1, now) for k in received]
    outcomes = Counter(outcomes_of(*blocks))
    assert (outcomes["done"], Block.objects.count()) == (4, 4)

    reports = [lambda k=k: services.report(one, k, 1, now) for k in received]
    outcomes = Counter(outcomes_of(*reports))
    assert (outcomes["done"], Report.objects.count()) == (2, 2)


def test_a_setting_is_in_force_for_every_gift_after_it(people, now):
    """Whichever came first: no gift is made after the receiver said nobody."""
    receiver, *givers = people[:12]
    outcomes_of(
        lambda: services.accept_from(receiver, "nobody"),
        *[giving(giver, receiver, now) for giver in givers],
    )
    made = Move.objects.count()
    assert set(outcomes_of(*[giving(giver, receiver, now) for giver in givers[:3]])) <= {
        str(refusals.NOT_HERE)
    }
    assert Move.objects.count() == made
