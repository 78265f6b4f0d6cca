"""A process that is killed loses nothing: what it had in hand is back within half a minute.

The whole product under load, killed at random moments, is tests/security/test_13_*.py and
`make chaos`; here is each promise by itself.
"""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.utils import timezone

from networks import tasks
from networks.connectors.base import Credentials, RateLimited
from networks.services import poll_many, runs
from networks.services.polling import CLAIM
from networks.services.vault import seal_credentials
from tests.at_once import at_once
from tests.factories import make_account
from tests.networks.scripted import identity, story

# The package shows a function by the name of this module.
rescore = import_module("scoring.services.rescore")
WITHIN = timedelta(seconds=30)


def test_what_a_dead_worker_had_is_back_within_half_a_minute() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    sweep = options["unacked_restore_interval"] * options["unacked_restore_throttle"]
    assert timedelta(seconds=options["visibility_timeout"] + sweep) <= WITHIN
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert max(CLAIM, runs.LEASE, rescore.LEASE) <= WITHIN
    assert timedelta(seconds=runs.RENEWED_EVERY) + runs.LEASE_IS_YOUNG < runs.LEASE


@pytest.fixture
def account(ada, server):
    moment = timezone.now()
    server.who = identity("ada", "17", moment)
    server.pages = story(server.who, moment)
    account = make_account(
        ada, moment, remote_id="17", first_read_done_at=None, next_poll_at=moment
    )
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    return account


@pytest.fixture
def messages(monkeypatch) -> list[dict]:
    sent: list[dict] = []
    monkeypatch.setattr(tasks.poll_accounts, "delay", lambda **message: sent.append(message))
    return sent


@pytest.mark.django_db
def test_a_message_that_comes_again_after_the_work_was_done_does_nothing(account, messages) -> None:
    tasks.poll_due()
    (message,) = messages
    for _ in range(3):
        tasks.poll_accounts(**message)
    assert account.polls.count() == 1


@pytest.mark.django_db
def test_a_message_that_comes_again_asks_nobody_who_told_us_to_wait(
    account, messages, server
) -> None:
    server.fails["page 0"] = RateLimited(timezone.now() + timedelta(seconds=5), "told to wait")
    tasks.poll_due()
    (message,) = messages
    for _ in range(3):
        tasks.poll_accounts(**message)
    assert account.polls.count() == 1


@pytest.mark.django_db
def test_a_lease_is_renewed_while_a_slow_platform_is_waited_for(account, now) -> None:
    (run,) = runs.begin([account.pk], runs.Clock(now))
    runs.renew([run], now + timedelta(seconds=20))
    account.refresh_from_db()
    assert account.polling_until == account.next_poll_at == now + timedelta(seconds=20) + runs.LEASE
    assert runs.begin([account.pk], runs.Clock(now + timedelta(seconds=35))) == []


@pytest.mark.django_db
def test_a_lease_that_a_wrong_clock_wrote_binds_nobody(account, now) -> None:
    tomorrow = now + timedelta(days=1)
    runs.begin([account.pk], runs.Clock(tomorrow))
    assert len(runs.begin([account.pk], runs.Clock(now))) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_rescore_the_same_member_one_leaves_it(ada, monkeypatch) -> None:
    """A rescore may be longer than its lease: a lock says that somebody is at it."""
    seen: list[list[int]] = []

    def slow(members, now):
        seen.append(list(members))
        with rescore.connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")

    monkeypatch.setattr(rescore, "claim_due", lambda now: [ada.pk])
    monkeypatch.setattr(rescore, "rescore", slow)
    at_once(*[lambda: rescore.rescore_due(timezone.now())] * 2)
    rescore.rescore_due(timezone.now())
    assert sorted(seen) == [[], [ada.pk], [ada.pk]]


@pytest.mark.django_db
def test_what_is_handed_out_says_until_when(account, messages, now) -> None:
    tasks.poll_due()
    (message,) = messages
    account.refresh_from_db()
    assert account.next_poll_at.isoformat() == message["claimed_until"]
    assert poll_many([account.pk], now, account.next_poll_at + timedelta(seconds=1)) == []
