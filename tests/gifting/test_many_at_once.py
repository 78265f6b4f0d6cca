"""64 connections try to give what is not there: 20,000 tries, or as many as K_TRIES says."""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Member
from gifting import selectors, services
from gifting.models import K, Move
from gifting.refusals import NotYours, Refusal
from tests.gifting.conftest import open_to_all

CONNECTIONS = 64
TRIES = int(os.environ.get("K_TRIES", "20000"))
GIVERS = 60

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Two of these at the same time would want more connections than PostgreSQL has.
    pytest.mark.xdist_group("many connections"),
]


def test_nothing_is_overspent_however_many_try(now, monkeypatch):
    monkeypatch.setattr("gifting.limits.GIFTS_AN_HOUR", TRIES)
    people = [
        Member.objects.create_user(f"one{number}@example.com", name=f"One {number}")
        for number in range(GIVERS)
    ]
    for person in people:
        open_to_all(person, now)
    numbers = count()

    def keep_trying(seed: int) -> Counter[str]:
        chance, seen = random.Random(seed), Counter()
        try:
            while next(numbers) < TRIES:
                seen[one_try(people, chance, now)] += 1
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        outcomes = sum(pool.map(keep_trying, range(CONNECTIONS)), Counter())
    assert sum(outcomes.values()) == TRIES
    assert K.objects.count() == outcomes["first"]
    assert Move.objects.gifts().count() == outcomes["first"] + outcomes["on"]
    # Every K is in one hand, and nobody gave more than was allotted or held.
    assert Move.objects.in_place().count() == K.objects.count()
    held = 0
    for person in people:
        purse = selectors.purse(person, now + timedelta(seconds=1))
        assert purse.fresh >= 0
        held += purse.total - purse.fresh
    assert held == K.objects.count() <= GIVERS * 5
    print(f"{TRIES} tries over {CONNECTIONS} connections: {dict(outcomes)}, 0 overspent")  # noqa: T201


def one_try(people: list[Member], chance: random.Random, now) -> str:
    """A gift of an own K, or of one that was received; mostly there is none to give any more."""
    giver, receiver = chance.sample(people, 2)
    try:
        if chance.random() < 0.9:
            return services.give_k(giver, receiver, now, key=uuid4()).kind
        k = chance.choice(selectors.received(giver, now, 9) or [None])
        if k is None:
            return "refused"
        return services.pass_on(giver, receiver, k.address, now, key=uuid4()).kind
    except (Refusal, NotYours):
        return "refused"
