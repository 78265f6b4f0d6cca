"""The numbers of K that are in force, for the page that tells them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from gifting import limits, periods
from gifting.selectors.period import current_period


@dataclass(frozen=True)
class Rules:
    """`allotment` for each period of so many days; times in the units they are named by."""

    allotment: int
    period_days: int
    ends_on: date
    undo_minutes: int
    kept_days: int
    returned_days: int
    wait_days: int
    gifts: int
    reports: int
    blocks: int
    report_days: int


def rules(now: datetime) -> Rules:
    period = current_period(now)
    return Rules(
        allotment=settings.K_ALLOTMENT,
        period_days=period.days,
        ends_on=period.ends_on,
        undo_minutes=periods.UNDO_WINDOW // timedelta(minutes=1),
        kept_days=periods.KEPT_AFTER_RETURN.days,
        returned_days=periods.RETURNED_WITHIN.days,
        wait_days=settings.GIVING_WAIT_DAYS,
        gifts=limits.GIFTS_AN_HOUR,
        reports=limits.REPORTS_AN_HOUR,
        blocks=limits.BLOCKS_AN_HOUR,
        report_days=limits.REPORTS_KEPT.days,
    )
