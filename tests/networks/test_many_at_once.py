"""Many accounts read at the same time by one process that needs one connection."""

import threading
from dataclasses import replace

import pytest

from networks.connectors.base import Credentials, RateLimited
from networks.models import Poll, Reaction
from networks.services import poll_many, polling
from networks.services.vault import seal_credentials
from tests.factories import make_account
from tests.networks.scripted import SERVERS, Server, identity, story


def accounts_at(member, host, count, now):
    made = []
    for number in range(count):
        account = make_account(
            member, now, host=host, remote_id=f"{number}", first_read_done_at=None, next_poll_at=now
        )
        account.credentials = seal_credentials(account, Credentials("a-token"))
        account.save()
        made.append(account)
    return made


@pytest.fixture
def servers(server, now) -> dict[str, Server]:
    for number in range(3):
        there = SERVERS[f"s{number}.example"] = Server()
        there.who = identity("ada", "0", now)
        there.pages = [replace(page, identity=None) for page in story(there.who, now)]
    return SERVERS


class Gate:
    """Lets nobody through before `wanted` of them stand before it at the same time."""

    def __init__(self, wanted: int) -> None:
        self.barrier = threading.Barrier(wanted)
        self.passed = 0

    def __call__(self, number: int) -> None:
        if number == 0 and self.passed < self.barrier.parties:
            self.passed += 1
            self.barrier.wait(20)


def test_all_of_them_wait_for_their_platforms_at_the_same_time(ada, servers, now):
    ids = [one.pk for n in range(3) for one in accounts_at(ada, f"s{n}.example", 10, now)]
    gate = Gate(30)
    for there in servers.values():
        there.before_page = gate
    polls = poll_many(ids, now)
    assert [poll.outcome for poll in polls] == ["good"] * 30
    assert Reaction.objects.count() == 30 * 10


def test_a_server_is_asked_by_few_at_once_and_the_others_do_not_wait_for_it(
    ada, servers, now, monkeypatch
):
    monkeypatch.setattr(polling, "IN_FLIGHT_PER_SERVER", 2)
    busy = accounts_at(ada, "s0.example", 9, now)
    other = accounts_at(ada, "s1.example", 1, now)
    there, at_most, lock = [0], [0], threading.Lock()
    other_is_done = threading.Event()

    def count(number: int) -> None:
        if number == 0:
            with lock:
                there[0] += 1
                at_most[0] = max(at_most[0], there[0])
            assert other_is_done.wait(20)
        if number == 4:
            with lock:
                there[0] -= 1

    def done(number: int) -> None:
        if number == 4:
            other_is_done.set()

    servers["s0.example"].before_page, servers["s1.example"].before_page = count, done
    polls = poll_many([one.pk for one in (*busy, *other)], now)
    assert {poll.outcome for poll in polls} == {"good"}
    assert at_most == [2]


def test_one_that_fails_leaves_the_others_alone(ada, servers, now):
    fine = accounts_at(ada, "s0.example", 3, now)
    waits = accounts_at(ada, "s1.example", 3, now)
    servers["s1.example"].fails["page 2"] = RateLimited(now)
    poll_many([one.pk for one in (*fine, *waits)], now)
    outcomes = Poll.objects.values_list("account__host", "outcome", "problem")
    assert set(outcomes) == {
        ("s0.example", "good", ""),
        ("s1.example", "failed", "rate_limited"),
    }


def test_the_same_account_twice_and_one_that_is_gone_are_read_once(ada, servers, now):
    (account,) = accounts_at(ada, "s0.example", 1, now)
    polls = poll_many([account.pk, account.pk, account.pk + 1000], now)
    assert [poll.account_id for poll in polls] == [account.pk]


def test_queries_for_each_quiet_account_are_few(ada, servers, now, django_assert_max_num_queries):
    """A read that brings nothing: the lease, the reading, the end."""
    ids = [one.pk for one in accounts_at(ada, "s0.example", 10, now)]
    poll_many(ids, now)
    with django_assert_max_num_queries(10 + 10 * 10):
        poll_many(ids, now)
