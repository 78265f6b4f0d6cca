"""From good reads to pings: one for each silence, none out of a failed poll, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from networks.connectors.base import Transient
from networks.listening_models import Listening, Ping, Rest
from networks.models import LinkedAccount
from networks.services import poll_account
from networks.sonobuoy import listening
from networks.sonobuoy.answers import Answer, answer, end_rest, rest, set_threshold
from networks.tasks import listen_due
from tests.factories import make_post
from tests.sonobuoy.conftest import DAY, SILENT, hear, read, read_daily


def test_a_network_gone_quiet_is_told_once(lively, ada, now):
    account = lively(ada)
    assert hear(now) == 1
    ping = Ping.objects.get()
    assert (ping.silent_days, ping.usual_days, ping.limit_days) == (SILENT, 2, 3)
    assert ping.silent_since == now - SILENT * DAY
    read_daily(account, now, 29)
    assert Ping.objects.count() == 1


def test_an_account_that_speaks_as_usual_is_not_told_of(lively, ada, now):
    lively(ada, silent=2)
    assert hear(now) == 0
    heard = Listening.objects.get()
    assert (heard.silent_days, heard.usual_days, heard.limit_days) == (2, 2, 3)


def test_judging_the_same_read_again_makes_no_second_ping(lively, ada, now):
    account = lively(ada)
    for _ in range(3):
        listening.listen([account.pk], now)
    assert Ping.objects.count() == 1


def test_a_post_ends_the_ping_and_the_next_silence_has_its_own(lively, ada, now):
    account = lively(ada)
    hear(now)
    make_post(account, now + DAY)
    read(account, now + DAY)
    assert Ping.objects.get().end == Ping.End.SPOKE
    read_daily(account, now + DAY, 20)
    assert [ping.end for ping in Ping.objects.order_by("made_at")] == [Ping.End.SPOKE, ""]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": LinkedAccount.State.NEEDS_CONSENT},
        {"last_read_at": None},
    ],
)
def test_what_cannot_be_read_is_not_told_of(lively, ada, now, fields):
    lively(ada, **fields)
    assert hear(now) == 0


def test_a_silence_beyond_the_last_good_read_is_not_known(lively, ada, now):
    """The task runs late, long after the read: by then nothing can be said any more."""
    account = lively(ada, silent=1)
    assert hear(now) == 0
    LinkedAccount.objects.update(listen_at=now)
    assert hear(now + 30 * DAY) == 0
    read(account, now + 30 * DAY)
    assert not Ping.objects.exists(), "29 days were not read, which are no silence"
    read_daily(account, now + 30 * DAY, 9)
    assert Ping.objects.get().silent_days == 4


def test_a_failed_poll_is_never_silence(lively, ada, now, server):
    """The real poll against a server that is away: nothing is due for the sonobuoy."""
    account = lively(ada, silent=2.5, last_read_at=now, next_poll_at=now)
    hear(now)
    server.fails["end"] = Transient("away")
    for days in range(1, 8):
        assert poll_account(account.pk, now + days * DAY).outcome == "failed"
        assert hear(now + days * DAY) == 0
    account.refresh_from_db()
    assert (account.listen_at, account.last_read_at) == (None, now)
    server.fails.clear()
    assert poll_account(account.pk, now + 8 * DAY).outcome == "good"
    assert hear(now + 8 * DAY) == 0, "the seven days that were not read do not count"


def test_a_good_poll_makes_the_account_due(lively, ada, now, server):
    account = lively(ada, listen_at=None)
    poll_account(account.pk, now)
    listen_due()
    account.refresh_from_db()
    assert account.listen_at is None
    assert Listening.objects.get().heard_to == account.last_read_at


def test_a_killed_worker_leaves_its_accounts_due(lively, ada, now):
    account = lively(ada)
    assert listening.claim_due(now) == [account.pk]
    assert listening.claim_due(now) == []
    assert hear(now + listening.LEASE) == 1


def test_an_account_read_again_meanwhile_stays_due(lively, ada, now, monkeypatch):
    account = lively(ada)
    real = listening.heard

    def read_meanwhile(accounts, at):
        LinkedAccount.objects.update(last_read_at=now + DAY / 2, listen_at=now + DAY / 2)
        return real(accounts, at)

    monkeypatch.setattr(listening, "heard", read_meanwhile)
    listening.listen([account.pk], now)
    account.refresh_from_db()
    assert account.listen_at == now + DAY / 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_ping(lively, ada, now):
    account = lively(ada)

    def work(_: int) -> int:
        try:
            return listening.listen([account.pk], now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert Ping.objects.count() == 1


# --- It stops by itself --------------------------------------------------------------------------


@pytest.fixture
def account(lively, ada, now):
    """Quiet after three days by its owner's choice, and told of as quiet now."""
    account = lively(ada)
    set_threshold(account, 3, now)
    return account


def silences(account, count, begin, spoke_after):
    """So many silences, each told of, and ended by a post so many days after the ping."""
    at = begin
    for _ in range(count):
        at = read_daily(account, at, spoke_after - 1)
        make_post(account, at + DAY)
        # Four days later it is quiet again.
        at = read_daily(account, at, 5)
    return at


def test_after_two_pings_without_an_answer_it_stops_by_itself_and_says_so_before(account, now):
    silences(account, 4, now, spoke_after=8)
    pings = list(Ping.objects.order_by("made_at"))
    assert [ping.is_last for ping in pings] == [False, True]
    assert Listening.objects.get().stopped_at is not None


def test_a_post_within_a_week_is_an_answer(account, now):
    silences(account, 4, now, spoke_after=6)
    assert Ping.objects.count() == 5
    assert Listening.objects.get().stopped_at is None


def test_any_button_is_an_answer(account, now):
    at = silences(account, 1, now, spoke_after=8)
    answer(account, Answer.FINE, at)
    silences(account, 1, at, spoke_after=8)
    assert Listening.objects.get().stopped_at is None
    assert Ping.objects.count() == 3


def test_the_member_can_turn_it_on_again(account, now):
    at = silences(account, 3, now, spoke_after=8)
    answer(account, Answer.TELL, at)
    heard = Listening.objects.get()
    assert (heard.stopped_at, heard.unanswered) == (None, 0)
    assert Ping.objects.filter(ended_at=None).count() == 1, "a silence not told of yet"


# --- What members say ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (Answer.FINE, Ping.End.FINE),
        (Answer.REST, Ping.End.RESTING),
        (Answer.LEFT, Ping.End.LEFT),
        (Answer.MUTE, Ping.End.MUTED),
    ],
)
def test_every_answer_ends_the_ping_and_there_is_no_other(lively, ada, now, said, end):
    account = lively(ada)
    hear(now)
    answer(account, said, now + DAY)
    assert Ping.objects.get().end == end
    read_daily(account, now, 29)
    assert Ping.objects.count() == 1


@pytest.mark.parametrize("said", [Answer.REST, Answer.LEFT, Answer.MUTE])
def test_whoever_said_so_is_not_told_of_later_silences_until_they_take_it_back(
    lively, ada, now, said
):
    account = lively(ada, silent=1)
    answer(account, said, now)
    read_daily(account, now, 19)
    assert not Ping.objects.exists()
    back = Answer.TELL if said == Answer.MUTE else Answer.BACK
    answer(account, back, now + 20 * DAY)
    read_daily(account, now + 19 * DAY, 10)
    assert Ping.objects.count() == 1


def test_days_of_rest_are_no_silence_afterwards(lively, ada, now):
    account = lively(ada, silent=1)
    answer(account, Answer.REST, now)
    read_daily(account, now, 60)
    answer(account, Answer.BACK, now + 60 * DAY)
    read(account, now + 61 * DAY)
    assert Listening.objects.get().silent_days == 1 + 61 - 59
    assert Rest.objects.get().ended_at == now + 60 * DAY


def test_saying_the_same_twice_changes_nothing(lively, ada, now):
    account = lively(ada)
    for days in range(3):
        answer(account, Answer.REST, now + days * DAY)
    assert Rest.objects.get().began_at == Listening.objects.get().resting_since == now
    for days in range(3, 6):
        answer(account, Answer.LEFT, now + days * DAY)
    heard = Listening.objects.get()
    assert (heard.resting_since, heard.left_at) == (None, now + 3 * DAY)


def test_a_resting_member_is_told_of_nothing(lively, ada, now):
    lively(ada), lively(ada)
    hear(now)
    assert rest(ada, now) is True
    assert rest(ada, now + DAY) is False
    assert {ping.end for ping in Ping.objects.all()} == {Ping.End.RESTING}
    ada.refresh_from_db()
    assert ada.resting_since == now
    quiet = lively(ada, silent=20)
    read(quiet, now + DAY)
    assert Ping.objects.count() == 2
    assert end_rest(ada, now + 2 * DAY) is True
    assert end_rest(ada, now + 2 * DAY) is False
    assert Ping.objects.filter(ended_at=None).get().account == quiet
    assert Rest.objects.get().account is None


def test_a_chosen_number_of_days_holds_at_once(lively, ada, now):
    account = lively(ada)
    hear(now)
    set_threshold(account, 30, now)
    assert Ping.objects.get().end == Ping.End.FINE
    assert Listening.objects.get().limit_days == 30
    other = lively(ada, silent=2)
    hear(now)
    set_threshold(other, 1, now)
    assert Ping.objects.filter(ended_at=None).get().is_chosen
    set_threshold(other, None, now)
    assert Listening.objects.get(account=other).limit_days == 3


# --- The database keeps the promises -------------------------------------------------------------


def _ping(account, now, **fields):
    values = {"silent_since": now, "heard_to": now, "silent_days": 9, "limit_days": 3}
    values |= {"made_at": now, "is_chosen": False}
    return Ping.objects.create(account=account, **(values | fields))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("one_ping_per_silence", {"ended_at": "now", "end": "fine"}),
        ("one_open_ping_per_account", {"silent_since": "then"}),
        ("ping_ends_with_a_reason", {"silent_since": "then", "ended_at": "now"}),
        ("ping_of_a_silence_beyond_usual", {"silent_since": "then", "silent_days": 3}),
        (
            "only_an_open_ping_waits_for_its_mail",
            {"silent_since": "then", "ended_at": "now", "end": "fine", "mail_due_at": "now"},
        ),
    ],
)
def test_the_database_refuses_a_ping_that_cannot_be(lively, ada, now, constraint, fields):
    account = lively(ada)
    _ping(account, now)
    moments = {"now": now, "then": now - DAY}
    fields = {name: moments.get(value, value) for name, value in fields.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _ping(account, now, **fields)


def test_the_database_refuses_rests_and_rows_that_cannot_be(lively, ada, now):
    account = lively(ada)
    Rest.objects.create(member=ada, began_at=now)
    Rest.objects.create(member=ada, account=account, began_at=now)
    refused = [
        ("one_open_rest_per_member", lambda: Rest.objects.create(member=ada, began_at=now)),
        (
            "one_open_rest_per_account",
            lambda: Rest.objects.create(member=ada, account=account, began_at=now),
        ),
        (
            "rest_ends_after_it_began",
            lambda: Rest.objects.create(
                member=ada, began_at=now, ended_at=now - timedelta(seconds=1)
            ),
        ),
        (
            "rests_or_left_not_both",
            lambda: Listening.objects.create(account=account, resting_since=now, left_at=now),
        ),
        (
            "threshold_from_a_day_to_a_year",
            lambda: Listening.objects.create(account=account, threshold_days=0),
        ),
    ]
    for constraint, insert in refused:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            insert()
