"""What reading costs: taken from a month's budget before it is spent, and settled after.

A poll reserves what it may spend at most, so that many at once do not spend the same money. Each
page is charged in the transaction that stores it. Two rows a month are the books: one for the
whole site, one for the account, always locked in this order. The account is a keyed hash that is
another one each month; it stays when the account is unlinked, so that linking anew begins no new
budget, and is forgotten when the month after it is over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from networks.budgets import (
    Budget,
    budget_of,
    month_of,
    spender_of,
)
from networks.models import LinkedAccount
from networks.spending_models import Spending


@dataclass
class Purse:
    """The money of one poll. `holder` is the id of the poll, `left` what it may still spend.

    `waits`: others hold what it would want, and give back in a moment what they do not spend.
    """

    platform: str
    spender: int
    month: date
    holder: int
    left: int = 0
    waits: bool = False


def reserve(account: LinkedAccount, holder: int, now: datetime) -> Purse | None:
    """Set money aside for one poll; None where reading the platform costs nothing.

    What an earlier poll of the account still held is free again: it is dead, or has lost its
    lease. A first read gets half of the month's budget, so that something is left to go on with.
    """
    budget = budget_of(account.platform)
    if budget is None:
        return None
    month = month_of(now)
    purse = Purse(account.platform, spender_of(account, month), month, holder)
    with transaction.atomic():
        site, mine = _books(purse)
        if not site.spent and not site.reserved:
            _forget_before(month)
        site.reserved -= mine.reserved
        wanted = max(0, min(_own_share(account, budget, mine), budget.per_month - site.spent))
        purse.waits = wanted > budget.per_month - site.spent - site.reserved
        purse.left = 0 if purse.waits else wanted
        mine.reserved, mine.reserved_by = purse.left, holder
        site.reserved += purse.left
        _save(site, mine)
    return purse


def _own_share(account: LinkedAccount, budget: Budget, mine: Spending) -> int:
    left = budget.per_account - mine.spent
    if account.first_read_done_at:
        return left
    return max(budget.per_account // 2 - mine.spent, left // 4)


@contextmanager
def paid(purse: Purse | None, cost: int) -> Iterator[None]:
    """What is stored in it and what it cost, in one transaction; if that fails, the cost alone."""
    if purse is None or cost <= 0:
        with transaction.atomic():
            yield
        return
    try:
        with transaction.atomic():
            yield
            _charge(purse, cost)
    except Exception:
        with transaction.atomic():
            _charge(purse, cost)
        raise
    finally:
        purse.left = max(0, purse.left - cost)


def release(purse: Purse | None, owed: int = 0) -> None:
    """Give back what a poll did not spend; `owed` is what a failed request may have cost."""
    if purse is None:
        return
    with transaction.atomic():
        if owed > 0:
            _charge(purse, owed)
        site, mine = _books(purse)
        if mine.reserved_by == purse.holder:
            site.reserved -= mine.reserved
            mine.reserved, mine.reserved_by = 0, None
            _save(site, mine)
    purse.left = 0


def forget_reserved(account: LinkedAccount, now: datetime) -> None:
    """Give back what a dead poll of an account may still hold: no other one will."""
    if budget_of(account.platform) is not None:
        month = month_of(now)
        purse = Purse(account.platform, spender_of(account, month), month, holder=0)
        with transaction.atomic():
            site, mine = _books(purse)
            site.reserved -= mine.reserved
            mine.reserved, mine.reserved_by = 0, None
            _save(site, mine)


def stop(purse: Purse) -> None:
    """Note that the month's budget does not suffice for the next page, and how much was left."""
    budget = budget_of(purse.platform) or Budget(0, 0)
    with transaction.atomic():
        site, mine = _books(purse)
        mine.stopped_with = max(
            0, min(budget.per_account - mine.spent, budget.per_month - site.spent)
        )
        _save(site, mine)


def pay_for_look(platform: str, spender: int, cost: int, now: datetime) -> None:
    """Charge for seeing whose consent it is: once a day, as X does, however often it is given."""
    purse, today = Purse(platform, spender, month_of(now), holder=0), now.astimezone(UTC).date()
    with transaction.atomic():
        _, mine = _books(purse)
        if mine.looked_on != today:
            mine.looked_on = today
            mine.save(update_fields=["looked_on"])
            _charge(purse, cost)


def _charge(purse: Purse, cost: int) -> None:
    """Money that was reserved is spent; what was not reserved is spent all the same."""
    site, mine = _books(purse)
    held = min(cost, mine.reserved) if mine.reserved_by == purse.holder else 0
    for row in (site, mine):
        row.spent += cost
        row.reserved -= held
    _save(site, mine)


def _books(purse: Purse) -> tuple[Spending, Spending]:
    """The rows of the site and of the account, locked in this order; made where they are not."""
    both = [
        Spending(platform=purse.platform, month=purse.month, spender=spender)
        for spender in (None, purse.spender)
    ]
    rows = Spending.objects.filter(platform=purse.platform, month=purse.month)
    found: list[Spending] = []
    for blank in both:
        row = rows.select_for_update().filter(spender=blank.spender).first()
        if row is None:
            Spending.objects.bulk_create([blank], ignore_conflicts=True)
            row = rows.select_for_update().get(spender=blank.spender)
        found.append(row)
    return found[0], found[1]


def _save(*rows: Spending) -> None:
    for row in rows:
        row.save(update_fields=["spent", "reserved", "reserved_by", "stopped_with"])


def _forget_before(month: date) -> None:
    """Of single accounts nothing is kept once the month after theirs is over."""
    last = month_of(datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(days=1))
    Spending.objects.filter(month__lt=last).exclude(spender=None).delete()
