"""Two or more of everything at the same moment, on PostgreSQL, each in a connection of its own."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.connectors.base import Credentials
from networks.models import InstanceApp, LinkedAccount, Poll, Post, Reaction
from networks.services import LinkError, claim_due, finish_link, poll_account, start_link, unlink
from networks.services.vault import seal_credentials
from tests.at_once import at_once
from tests.factories import make_account
from tests.networks.scripted import Server, identity, story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(server, now) -> Server:
    server.who = identity("ada", "17", now)
    server.pages = story(server.who, now)
    return server


@pytest.fixture
def account(ada, now, server) -> LinkedAccount:
    account = make_account(
        ada, now, remote_id="17", last_read_at=None, first_read_done_at=None, next_poll_at=now
    )
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    return account


def begin(member, now) -> str:
    url = start_link(member, "session", "mastodon", "known.example", True, now)
    return parse_qs(urlsplit(url).query)["state"][0]


def finish(member, state, now) -> LinkedAccount:
    return finish_link(
        member, "session", state, "code", now, platform="mastodon", host="known.example"
    )


def test_of_many_polls_of_one_account_one_reads(account, server, now):
    polls = at_once(*[lambda: poll_account(account.pk, now)] * 4)
    assert sorted(poll is None for poll in polls) == [False, True, True, True]
    assert Poll.objects.get().outcome == "good"
    assert server.reads == 1
    assert Reaction.objects.count() == 10


def test_four_claimers_take_every_due_account_once(ada, now):
    due = {make_account(ada, now, next_poll_at=now - timedelta(hours=1)).pk for _ in range(100)}

    def claim_all() -> list[int]:
        mine: list[int] = []
        while ids := claim_due(now, 7):
            mine += ids
        return mine

    claimed = at_once(*[claim_all] * 4)
    assert sorted(pk for ids in claimed for pk in ids) == sorted(due)


def test_of_two_callbacks_with_one_state_one_links(ada, server, now):
    state = begin(ada, now)
    results = at_once(*[lambda: finish(ada, state, now)] * 2)
    assert sorted(isinstance(result, LinkError) for result in results) == [False, True]
    assert len(server.exchanged) == 1
    assert LinkedAccount.objects.count() == 1


def test_of_two_members_who_link_one_account_one_has_it(ada, grace, server, now):
    states = {member: begin(member, now) for member in (ada, grace)}
    results = at_once(
        lambda: finish(ada, states[ada], now), lambda: finish(grace, states[grace], now)
    )
    (refused,) = (result for result in results if isinstance(result, Exception))
    assert isinstance(refused, LinkError)
    assert "already linked by another member" in refused.sentence
    assert LinkedAccount.objects.count() == 1


def test_two_first_registrations_at_one_server_end_as_one(ada, grace, server, now):
    states = at_once(lambda: begin(ada, now), lambda: begin(grace, now))
    assert all(isinstance(state, str) for state in states)
    assert InstanceApp.objects.count() == 1
    assert finish(ada, states[0], now)


def test_unlinking_in_the_midst_of_a_poll_leaves_nothing(account, server, now):
    reached, go_on = threading.Event(), threading.Event()

    def wait_after_two_pages(number: int) -> None:
        if number == 2:
            reached.set()
            go_on.wait(10)

    def unlink_then() -> None:
        reached.wait(10)
        unlink(LinkedAccount.objects.get(pk=account.pk), now)
        go_on.set()

    server.before_page = wait_after_two_pages
    poll, said = at_once(lambda: poll_account(account.pk, now), unlink_then)
    assert not isinstance(poll, Exception)
    assert not isinstance(said, Exception)
    for model in (LinkedAccount, Poll, Post, Reaction):
        assert not model.objects.exists()


def test_consent_given_again_in_the_midst_of_a_poll_outlives_it(account, ada, server, now):
    def renew(number: int) -> None:
        if number == 2:
            server.before_page = lambda number: None
            finish(ada, begin(ada, now), now)

    server.before_page = renew
    poll = poll_account(account.pk, now)
    account.refresh_from_db()
    assert (poll.outcome, poll.problem) == ("failed", "interrupted")
    assert (account.state, account.last_problem) == ("active", "")
    assert account.next_poll_at == now
    assert poll_account(account.pk, now).outcome == "good"
    assert Reaction.objects.count() == 10
