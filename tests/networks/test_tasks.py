"""What Celery carries: hints with ids. What is due stands in rows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db.models import F
from django.utils import timezone

from networks import tasks
from networks.connectors.base import Credentials
from networks.models import KnownHost, LinkedAccount
from networks.services.polling import CLAIM
from networks.services.vault import seal_credentials
from tests.factories import make_account, make_outreach
from tests.networks.scripted import identity, story


@pytest.fixture
def sent(monkeypatch) -> list[list[int]]:
    """The messages that were handed to the broker."""
    messages: list[list[int]] = []

    def hand_over(*, ids: list[int], claimed_until: str) -> None:
        assert claimed_until
        messages.append(ids)

    monkeypatch.setattr(tasks.poll_accounts, "delay", hand_over)
    return messages


def test_everything_due_is_handed_out_once_in_messages_of_what_one_worker_reads_at_once(
    ada, sent, monkeypatch
):
    monkeypatch.setattr(tasks, "CLAIMED_AT_ONCE", 3)
    moment = timezone.now()
    due = [make_account(ada, moment, next_poll_at=moment).pk for _ in range(7)]
    tasks.poll_due()
    tasks.poll_due()
    assert sorted(pk for ids in sent for pk in ids) == due
    assert [len(ids) for ids in sent] == [3, 3, 1]


def test_messages_that_are_lost_are_handed_out_again_after_a_while(ada, sent):
    moment = timezone.now()
    account = make_account(ada, moment, next_poll_at=moment)
    tasks.poll_due()
    sent.clear()  # the broker was emptied
    LinkedAccount.objects.update(next_poll_at=F("next_poll_at") - CLAIM)
    tasks.poll_due()
    assert sent == [[account.pk]]


def test_a_message_that_comes_twice_reads_once_more_and_doubles_nothing(ada, server):
    moment = timezone.now()
    server.who = identity("ada", "17", moment)
    server.pages = story(server.who, moment)
    account = make_account(ada, moment, remote_id="17", first_read_done_at=None)
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    for _ in range(2):
        tasks.poll_accounts(ids=[account.pk])
    assert account.reactions.count() == 10
    assert account.polls.count() == 2


def test_a_read_that_is_not_done_asks_for_the_next_round_at_once(ada, server, monkeypatch):
    moment = timezone.now()
    rounds: list[str] = []
    monkeypatch.setattr(tasks.poll_due, "delay", lambda: rounds.append("at once"))
    server.who = identity("ada", "17", moment)
    server.pages = story(server.who, moment, more=True)
    account = make_account(ada, moment, remote_id="17", first_read_done_at=None)
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    tasks.poll_accounts(ids=[account.pk])
    assert rounds == ["at once"]


def test_known_hosts_are_refreshed(ada):
    moment = timezone.now()
    account = make_account(ada, moment, host="mastodon.social")
    for number in range(20):
        make_outreach(account, moment, target_host="small.example", target_hash=number)
    tasks.refresh_known_hosts()
    assert KnownHost.objects.get().host == "small.example"


def test_a_hint_of_any_thread_goes_to_our_broker(settings):
    with ThreadPoolExecutor(1) as pool:
        app = pool.submit(lambda: tasks.poll_due.app).result()
    assert app.main == "klout"
    assert app.conf.broker_url == settings.CELERY_BROKER_URL
