"""What is shown of a network that costs money: before linking, on the card, and at its end."""

import pytest
from django.utils import timezone

from networks.budgets import month_of, spender_of
from networks.spending_models import Spending
from tests.factories import make_account, make_reaction, make_reading

OPTIONS = {"client_id": "klout", "budget_per_account": "2.00", "budget_per_month": "20.00"}


@pytest.fixture
def accounts(ada, settings):
    """One that has cost a little, and one whose budget for this month is used up."""
    settings.PLATFORM_OPTIONS = {"x": OPTIONS}
    now = timezone.now()
    month = month_of(now)
    for name, spent, stopped in (("ada", 350_000, None), ("ada_at_work", 1_990_000, 10_000)):
        account = make_account(
            ada,
            now,
            platform="x",
            host="x.com",
            handle=f"@{name}@x.com",
            url=f"https://x.com/{name}",
        )
        make_reading(account, now, followers=12_345, curation=67)
        make_reaction(account, now)
        spender = spender_of(account, month)
        Spending.objects.create(
            platform="x", month=month, spender=spender, spent=spent, stopped_with=stopped
        )


def test_pages_about_money_are_in_order(ada, accounts, page, signed_in, settings, in_order):
    signed_in(page, ada)
    for place, name in (("/networks/", "costs-networks"), ("/networks/link/x/", "costs-link")):
        page.goto(place)
        in_order(page, f"{name}")
    settings.PLATFORM_OPTIONS = {"x": OPTIONS | {"budget_per_month": "0"}}
    page.goto("/networks/link/x/")
    in_order(page, "costs-no-budget")
