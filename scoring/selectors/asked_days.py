"""Which two days somebody wants to see side by side; what cannot be understood is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import language
from accounts.models import Member
from scoring.models import Score
from scoring.seen import EVERYTHING, Seen
from scoring.selectors.histories import newest_day

# How far back the earlier day lies, by what stands in the address.
DAYS_BACK = {"day": 1, "week": 7, "month": 30}
SINCE = (
    ("day", gettext_lazy("The day before")),
    ("week", gettext_lazy("A week before")),
    ("month", gettext_lazy("30 days before")),
)


@dataclass(frozen=True)
class AskedDays:
    """Two days that have a score, the earlier one first, and what is to be said about them."""

    before: date
    after: date
    since: str
    notes: tuple[str, ...]


def asked_days(
    member: Member, query: Mapping[str, str], seen: Seen = EVERYTHING
) -> AskedDays | None:
    """`from` and `to` are days as 2026-11-02, `since` one of SINCE; without, the last week.

    A day without a score that may be seen gives way to the nearest earlier one. None: there is
    no score at all.
    """
    newest = newest_day(member, seen)
    if newest is None:
        return None
    notes: list[str] = []
    wanted = _day(query.get("to", ""), notes) or newest
    after = _nearest(member, wanted, newest, notes)
    since = query.get("since", "") if not query.get("from") else ""
    from_ = _day(query.get("from", ""), notes)
    if from_ is None:
        since = since if since in DAYS_BACK else "week"
        from_ = after - timedelta(days=DAYS_BACK[since])
    before = _nearest(member, from_, newest, notes)
    if before == after:
        notes.append(_("There is no other day with a score to compare with, so nothing moved."))
    return AskedDays(min(before, after), max(before, after), since, tuple(notes))


def _day(text: str, notes: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:40])
    except ValueError:
        notes.append(
            _("“{text}” is no day. A day is written as 2026-11-02.").format(text=text[:40])
        )
        return None


def _nearest(member: Member, on: date, newest: date, notes: list[str]) -> date:
    """The last day up to `on` that has a score, or else the first one after it."""
    days = Score.objects.filter(member=member, on__lte=newest).values_list("on", flat=True)
    found = days.filter(on__lte=on).order_by("-on").first()
    found = found or days.filter(on__gt=on).order_by("on").first() or on
    if found != on:
        if found < on:
            told = _("There is no score of {day}; the last one before it is shown, of {found}.")
        else:
            told = _("There is no score of {day}; the first one after it is shown, of {found}.")
        notes.append(told.format(day=_told(on), found=_told(found)))
    return found


def _told(on: date) -> str:
    return language.day(on, language.DAY_MONTH_YEAR)
