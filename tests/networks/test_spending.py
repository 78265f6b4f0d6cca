"""Reading that costs money: within the budget whatever comes, and said so."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from networks.budgets import MICRO, budget_of, dollars, from_dollars, month_of, next_month
from networks.connectors.base import Credentials, Page, Transient
from networks.connectors.platform import Price
from networks.models import LinkedAccount, Poll, Reaction
from networks.registry import PLATFORMS
from networks.selectors import account_cards
from networks.services import LinkError, poll_account, request_poll, unlink
from networks.services import spending as books
from networks.services.vault import seal_credentials
from networks.spending_models import Spending
from tests.at_once import at_once
from tests.factories import make_account
from tests.networks.scripted import Server, identity, post, reaction

CENT = MICRO // 100


@pytest.fixture
def server(server, now, monkeypatch, settings) -> Server:
    """Reading it costs money: at most $1.00 a month for an account, and $5.00 for all."""
    price = Price(look=CENT, first=300 * CENT, monthly=90 * CENT, assumes="little")
    monkeypatch.setitem(PLATFORMS, "mastodon", replace(PLATFORMS["mastodon"], price=price))
    allow(settings, "1.00", "5.00")
    server.who = identity("ada", "17", now)
    return server


def allow(settings, per_account: str, per_month: str) -> None:
    options = {"budget_per_account": per_account, "budget_per_month": per_month}
    settings.PLATFORM_OPTIONS = {"mastodon": options}


@pytest.fixture
def account(ada, now, server) -> LinkedAccount:
    return linked(ada, now)


def linked(member, now, **fields) -> LinkedAccount:
    fields = {"next_poll_at": now, "credentials": "", **fields}
    account = make_account(member, now, **fields)
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    return account


def pages(now, *cents: int) -> list[Page]:
    return [
        Page(
            {"page": number + 1},
            posts=(post(number, now),),
            reactions=(reaction("bo", number, now),),
            cost=cost * CENT,
            more=number + 1 < len(cents),
        )
        for number, cost in enumerate(cents)
    ]


def spent(account: LinkedAccount, now: datetime) -> int:
    month = month_of(now)
    spender = books.spender_of(account, month)
    row = Spending.objects.filter(month=month, spender=spender).first()
    return row.spent if row else 0


def site(now: datetime) -> Spending:
    return Spending.objects.get(month=month_of(now), spender=None)


# --- What is charged --------------------------------------------------------------------------


def test_what_a_poll_cost_is_in_the_books_of_the_month(account, server, now):
    server.pages = pages(now, 10, 25)
    poll_account(account.pk, now)
    assert spent(account, now) == site(now).spent == 35 * CENT
    assert not Spending.objects.exclude(reserved=0).exists()
    (card,) = account_cards(account.member, now)
    assert card.spent.sentence == "This month $0.35 of $1.00 so far."
    assert card.spent.pause == ""


def test_reading_that_costs_nothing_keeps_no_books(ada, now, server, monkeypatch):
    monkeypatch.setitem(PLATFORMS, "mastodon", replace(PLATFORMS["mastodon"], price=None))
    server.pages = pages(now, 0, 0)
    assert poll_account(linked(ada, now).pk, now).outcome == Poll.Outcome.GOOD
    assert not Spending.objects.exists()


def test_a_page_that_is_not_stored_was_paid_for_all_the_same(account, server, now):
    """As where consent is given anew, or the account is unlinked, in the midst of a poll."""
    server.pages = pages(now, 10, 20, 30)

    def lose_the_lease(number: int) -> None:
        if number == 1:
            LinkedAccount.objects.filter(pk=account.pk).update(polling_by=None)

    server.before_page = lose_the_lease
    poll_account(account.pk, now)
    assert Reaction.objects.count() == 1
    assert spent(account, now) == 30 * CENT
    assert site(now).reserved == 0


def test_a_failed_request_is_charged_what_it_may_have_cost(account, server, now):
    failure = Transient("nonsense", code="garbage")
    failure.cost = 7 * CENT
    server.pages, server.fails["page 1"] = pages(now, 10, 20), failure
    assert poll_account(account.pk, now).problem == "garbage"
    assert spent(account, now) == 17 * CENT
    assert site(now).reserved == 0


def test_a_poll_is_charged_to_the_month_in_which_it_began(account, server, now, monkeypatch):
    late = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    ticks = iter([0, 0, *range(30, 10_000, 30)])
    monkeypatch.setattr("networks.services.runs.monotonic", lambda: next(ticks))
    server.pages = pages(now, 10, 20)
    poll_account(account.pk, late)
    assert spent(account, late) == 30 * CENT
    assert set(Spending.objects.values_list("month", flat=True)) == {date(2026, 11, 1)}


# --- The end of the budget --------------------------------------------------------------------


def test_at_the_budget_reading_stops_and_goes_on_next_month(account, server, now):
    server.pages = pages(now, 50, 50, 10)
    poll = poll_account(account.pk, now)
    account.refresh_from_db()
    assert (poll.outcome, poll.problem) == (Poll.Outcome.UNFINISHED, "")
    assert (account.state, account.last_problem, account.failures) == ("active", "", 0)
    assert account.last_read_at == now
    first = datetime(2026, 12, 1, tzinfo=UTC)
    assert first <= account.next_poll_at < first + timedelta(hours=6)
    assert Reaction.objects.count() == 2
    (card,) = account_cards(account.member, now)
    assert card.spent.pause == (
        "The budget for this month is used up ($1.00 of $1.00). What was read is kept and "
        "counts; we read on from 1 December."
    )
    assert card.state_sentence == "Waits for next month"
    assert card.problem_sentence == ""
    with pytest.raises(LinkError, match="used up"):
        request_poll(account, now + timedelta(hours=1))


def test_next_month_it_goes_on_where_it_was(account, server, now):
    server.pages = pages(now, 50, 50, 10)
    poll_account(account.pk, now)
    then = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert poll_account(account.pk, then).outcome == Poll.Outcome.GOOD
    assert spent(account, then) == 10 * CENT
    assert spent(account, now) == 100 * CENT
    (card,) = account_cards(account.member, then)
    assert card.spent.pause == ""


def test_a_site_whose_budget_is_used_up_says_that_it_is_the_sites(account, server, now, settings):
    allow(settings, "1.00", "0.60")
    server.pages = pages(now, 50, 50)
    poll_account(account.pk, now)
    (card,) = account_cards(account.member, now)
    assert card.spent.pause.startswith(
        "This site's budget for reading Mastodon is used up for this month ($0.50 of $0.60)."
    )


def test_a_larger_budget_can_be_used_at_once(account, server, now, settings):
    server.pages = pages(now, 90, 50)
    poll_account(account.pk, now)
    allow(settings, "3.00", "5.00")
    (card,) = account_cards(account.member, now)
    assert card.spent.pause == ""
    later = now + timedelta(hours=1)
    request_poll(account, later)
    assert poll_account(account.pk, later).outcome == Poll.Outcome.GOOD
    assert spent(account, now) == 140 * CENT


def test_without_money_for_anything_nothing_is_called_read(ada, server, now, settings):
    account = linked(ada, now, last_read_at=None)
    allow(settings, "0.05", "5.00")
    server.pages = pages(now, 10)
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.last_read_at is None
    assert account.next_poll_at.month == 12


def test_a_first_read_takes_half_and_then_counts(ada, server, now):
    account = linked(ada, now, first_read_done_at=None, last_read_at=None)
    server.pages = pages(now, 30, 20, 10)
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    account.refresh_from_db()
    assert account.first_read_done_at
    assert account.changed_at
    assert account.next_poll_at < now + timedelta(days=2)
    assert spent(account, now) == 50 * CENT
    assert account_cards(ada, now)[0].spent.pause == ""
    later = now + timedelta(days=1)
    assert poll_account(account.pk, later).outcome == Poll.Outcome.GOOD
    assert spent(account, now) == 60 * CENT


# --- Unlinking, relinking, forgetting ---------------------------------------------------------


def test_linking_anew_begins_no_new_budget(ada, account, server, now):
    server.pages = pages(now, 50, 45)
    poll_account(account.pk, now)
    named = {"remote_id": account.remote_id, "host": account.host}
    unlink(account, now)
    again = linked(ada, now, **named)
    server.pages = pages(now, 10)
    poll_account(again.pk, now)
    assert spent(again, now) == 95 * CENT
    assert "used up" in account_cards(ada, now)[0].spent.pause


def test_the_books_name_nobody_and_forget_single_accounts(account, server, now):
    server.pages = pages(now, 10)
    months = [now + timedelta(days=31 * number) for number in range(4)]
    for moment in months:
        poll_account(account.pk, moment)
        LinkedAccount.objects.update(cursor={}, polling_until=None)
    spenders = set(Spending.objects.values_list("spender", flat=True))
    assert not spenders & {account.pk, account.member_id, account.person_hash}
    of_accounts = Spending.objects.exclude(spender=None)
    assert len(set(of_accounts.values_list("spender", flat=True))) == of_accounts.count() == 2
    assert Spending.objects.filter(spender=None).count() == 4


def test_what_a_dead_poll_held_is_free_again(account, server, now):
    books.reserve(account, 1234, now)
    assert site(now).reserved == 100 * CENT
    server.pages = pages(now, 10)
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD
    assert site(now).reserved == 0
    books.reserve(account, 1234, now)
    unlink(account, now)
    assert site(now).reserved == 0


def test_a_poll_gives_back_only_its_own(account, server, now):
    lost = books.reserve(account, 1, now)
    books.reserve(account, 2, now)
    books.release(lost)
    assert site(now).reserved == 100 * CENT


# --- Many at once -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_polls_at_once_never_spend_the_same_money(ada, server, now, settings):
    allow(settings, "1.00", "2.50")
    server.pages = pages(now, 40, 40, 40)
    accounts = [linked(ada, now) for _ in range(6)]
    together = threading.Barrier(2)

    def meet(number: int) -> None:
        """Two at a time are in the midst of reading."""
        if number == 0:
            together.wait(10)

    server.before_page = meet
    at_once(*[lambda pk=one.pk: poll_account(pk, now) for one in accounts])
    assert site(now).spent <= 250 * CENT
    assert site(now).reserved == 0
    assert site(now).spent == sum(spent(one, now) for one in accounts)
    waiting = LinkedAccount.objects.filter(next_poll_at__lt=now + timedelta(hours=2))
    assert waiting.count() == 4, "for what the others may give back"
    server.before_page = lambda number: None
    for round_ in range(3):
        for one in waiting.all():
            poll_account(one.pk, now + timedelta(hours=1 + round_))
    assert 220 * CENT <= site(now).spent <= 250 * CENT
    assert LinkedAccount.objects.filter(last_problem="").count() == 6


@pytest.mark.django_db(transaction=True)
def test_many_charges_at_once_are_all_counted(ada, server, now):
    accounts = [linked(ada, now) for _ in range(4)]

    def pay(account: LinkedAccount) -> None:
        for number in range(10):
            purse = books.reserve(account, number + 1, now)
            with books.paid(purse, CENT):
                pass
            books.release(purse)

    assert at_once(*[lambda one=one: pay(one) for one in accounts]) == [None] * 4
    assert site(now).spent == 40 * CENT
    assert site(now).reserved == 0


@examples(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(0, 300),
    st.integers(0, 600),
    st.lists(st.lists(st.integers(0, 120), max_size=5), min_size=1, max_size=4),
)
def test_whatever_pages_come_no_budget_is_passed(
    ada, server, now, settings, per_account, per_month, runs
):
    Spending.objects.all().delete()
    LinkedAccount.objects.all().delete()
    allow(settings, str(per_account / 100), str(per_month / 100))
    accounts = [linked(ada, now), linked(ada, now, first_read_done_at=None)]
    for number, costs in enumerate(runs):
        moment = now + timedelta(days=number)
        LinkedAccount.objects.update(cursor={})
        server.pages = pages(now, *costs)
        for one in accounts:
            poll_account(one.pk, moment)
            assert spent(one, now) <= per_account * CENT
    row = Spending.objects.filter(spender=None).first()
    assert row is None or (row.spent <= per_month * CENT and row.reserved == 0)


# --- Constraints, queries, words ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"spent": -1}, "spending_not_negative"),
        ({"reserved": -1}, "spending_not_negative"),
        ({"month": date(2026, 11, 2)}, "spending_by_whole_months"),
        ({}, "one_book_per_spender_and_month"),
        ({"spender": None}, "one_book_per_spender_and_month"),
    ],
)
def test_the_database_holds_the_books_together(db, fields, name):
    row = {"platform": "x", "month": date(2026, 11, 1), "spender": 5}
    for spender in (5, None):
        Spending.objects.create(**row | {"spender": spender})
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Spending.objects.create(**row | fields)


def test_queries_for_what_was_spent_do_not_grow_with_accounts(ada, server, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            account_cards(ada, now)
        return len(captured)

    linked(ada, now)
    few = queries()
    for _ in range(3):
        linked(ada, now)
    assert queries() == few


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2.50", 2_500_000),
        ("0", 0),
        ("", 0),
        ("-3", 0),
        ("inf", 0),
        ("nan", 0),
        ("much", 0),
        ("0.0000015", 1),
        ("1e30", 10**15),
    ],
)
def test_amounts_are_read_from_what_the_operator_wrote(text, amount):
    assert from_dollars(text) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"),
        (1, "$0.01"),
        (350_000, "$0.35"),
        (14_999, "$0.01"),
        (1_234_560_000, "$1,234.56"),
    ],
)
def test_amounts_are_said_in_dollars(amount, text):
    assert dollars(amount) == text


def test_months_follow_each_other():
    assert next_month(date(2026, 11, 1)) == date(2026, 12, 1)
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)


def test_a_platform_without_a_price_has_no_budget():
    assert budget_of("blog") is None
