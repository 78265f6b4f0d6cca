"""What was spent, and what is said of it: on the card, before linking, and on the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from language import gettext as _
from networks.budgets import (
    Budget,
    budget_of,
    dollars,
    month_of,
    next_month,
    spender_of,
)
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.spending_models import Spending
from networks.wording import day


@dataclass(frozen=True)
class Spent:
    """Sentences about one account's month; `pause` is empty while there is money to go on."""

    sentence: str = ""
    pause: str = ""


def spent_by(accounts: Sequence[LinkedAccount], now: datetime) -> dict[int, Spent]:
    """By account; those that cost nothing are left out. One query for any number of accounts."""
    month = month_of(now)
    spenders = {
        account.pk: spender_of(account, month)
        for account in accounts
        if budget_of(account.platform) is not None
    }
    if not spenders:
        return {}
    rows = Spending.objects.filter(month=month)
    of_accounts = rows.filter(spender__in=spenders.values())
    books = {(row.platform, row.spender): row for row in of_accounts | rows.filter(spender=None)}
    return {
        account.pk: _spent(
            account,
            books.get((account.platform, spenders[account.pk])),
            books.get((account.platform, None)),
            now,
        )
        for account in accounts
        if account.pk in spenders
    }


def _spent(
    account: LinkedAccount, mine: Spending | None, site: Spending | None, now: datetime
) -> Spent:
    budget = budget_of(account.platform) or Budget(0, 0)
    spent = mine.spent if mine else 0
    sentence = _("This month {spent} of {most} so far.").format(
        spent=dollars(spent), most=dollars(budget.per_account)
    )
    left, site_left = _left(budget, mine, site)
    if mine is None or mine.stopped_with is None or min(left, site_left) > mine.stopped_with:
        return Spent(sentence)
    on = day(next_month(month_of(now)))
    kept = _("What was read is kept and counts; we read on from {day}.").format(day=on)
    if left <= site_left:
        used_up = _("The budget for this month is used up ({spent} of {most}).")
        what = used_up.format(spent=dollars(spent), most=dollars(budget.per_account))
        return Spent(sentence, f"{what} {kept}")
    what = _(
        "This site's budget for reading {platform} is used up for this month ({spent} of {most})."
    ).format(
        platform=PLATFORMS[account.platform].label,
        spent=dollars(site.spent if site else 0),
        most=dollars(budget.per_month),
    )
    return Spent(sentence, f"{what} {kept}")


def _left(budget: Budget, mine: Spending | None, site: Spending | None) -> tuple[int, int]:
    return (
        budget.per_account - (mine.spent if mine else 0),
        budget.per_month - (site.spent if site else 0),
    )


def pause_of(account: LinkedAccount, now: datetime) -> str:
    """Why reading an account waits for the next month; empty where it does not."""
    return spent_by([account], now).get(account.pk, Spent()).pause


def needs_budget(platform: str) -> str:
    """What is said where reading costs money and the operator has set none aside."""
    budget = budget_of(platform)
    if budget is None or (budget.per_account > 0 and budget.per_month > 0):
        return ""
    options = {option.name: option.variable for option in PLATFORMS[platform].options}
    name = "budget_per_month" if budget.per_month <= 0 else "budget_per_account"
    return _(
        "Reading {platform} costs money, and this site has no budget for it. Whoever runs the site "
        "can change that by setting {variable}."
    ).format(platform=PLATFORMS[platform].label, variable=options[name])


def no_money_to_link(platform: str, now: datetime) -> str:
    """What is said where the month's budget of the site does not suffice to begin with."""
    price, budget = PLATFORMS[platform].price, budget_of(platform)
    if price is None or budget is None:
        return ""
    month = month_of(now)
    site = Spending.objects.filter(platform=platform, month=month, spender=None).first()
    if budget.per_month - (site.spent if site else 0) >= 2 * price.look:
        return ""
    return _(
        "This site's budget for reading {platform} is used up for this month. Nothing was linked "
        "or changed. Please come back on {day}."
    ).format(platform=PLATFORMS[platform].label, day=day(next_month(month)))


def estimate_sentence(platform: str) -> str:
    """What reading would cost somebody, before they link; empty where it costs nothing."""
    price, budget = PLATFORMS[platform].price, budget_of(platform)
    if price is None or budget is None or not budget.per_account:
        return ""
    return _(
        "An example: with {assumed}, reading half a year back costs about {first} and each month "
        "after it about {monthly}. This site pays at most {most} a month for one account, of which "
        "the first read may take {half}; it begins with the newest. What that does not suffice for "
        "is not read and does not count."
    ).format(
        assumed=_(price.assumes).format(**price.assumed),
        first=dollars(price.first),
        monthly=dollars(price.monthly),
        most=dollars(budget.per_account),
        half=dollars(budget.per_account // 2),
    )
