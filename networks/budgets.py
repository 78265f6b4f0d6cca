"""Money: amounts in millionths of a US dollar, months in UTC, and what may be spent in one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings

import language
from language import gettext as _
from networks.hashing import spender_hash
from networks.models import LinkedAccount
from networks.registry import PLATFORMS

MICRO = 1_000_000
# More than anybody may want to spend here; keeps amounts far from the end of 64 bits.
_MOST = 10**9


@dataclass(frozen=True)
class Budget:
    """What reading one platform may cost in a month: for one account, and for the whole site."""

    per_account: int
    per_month: int


def budget_of(platform: str) -> Budget | None:
    """None where reading the platform costs nothing."""
    if PLATFORMS[platform].price is None:
        return None
    options = settings.PLATFORM_OPTIONS.get(platform, {})
    return Budget(
        from_dollars(options.get("budget_per_account", "")),
        from_dollars(options.get("budget_per_month", "")),
    )


def from_dollars(text: str) -> int:
    """`2.50` as 2,500,000; whatever is no amount is 0."""
    try:
        amount = Decimal(text.strip() or "0")
    except InvalidOperation:
        return 0
    return int(min(amount, Decimal(_MOST)) * MICRO) if amount.is_finite() and amount > 0 else 0


def dollars(amount: int) -> str:
    """`$0.35`; to the nearest cent, and never $0.00 for something."""
    cents = max((amount + MICRO // 200) // (MICRO // 100), 1 if amount > 0 else 0)
    return _("${amount}").format(amount=language.number(cents / 100, 2))


def month_of(now: datetime) -> date:
    """The first day of the UTC month."""
    return now.astimezone(UTC).date().replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def spender_of(account: LinkedAccount, month: date) -> int:
    """What stands for an account in the books of one month, linked or not."""
    return spender_hash(account.platform, account.host, account.remote_id, month)
