"""Sentences of the sonobuoy. None scolds, none mentions a score, none asks for a post."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from networks.sonobuoy.states import State

LABELS = {
    State.LEFT: gettext_lazy("left"),
    State.RESTING: gettext_lazy("resting"),
    State.NOT_READ: gettext_lazy("not read"),
    State.MUTED: gettext_lazy("muted"),
    State.LEARNING: gettext_lazy("still learning"),
    State.QUIET: gettext_lazy("quiet"),
    State.ALIVE: gettext_lazy("alive"),
}


def label(state: State, silent_days: int | None) -> str:
    """A word or two for the pill: `quiet 16 days`."""
    if state == State.QUIET and silent_days:
        return ngettext("quiet %(days)d day", "quiet %(days)d days", silent_days) % {
            "days": silent_days
        }
    return str(LABELS[state])


def in_days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def silence_sentence(spoke_at: datetime | None, days: int | None, until: datetime | None) -> str:
    """When one last spoke, and how many days of silence that is up to the last good read.

    Where days in between do not count (rested or not read) it says so.
    """
    if spoke_at is None:
        return _("No post of yours is known there yet.")
    day = date_format(timezone.localtime(spoke_at), "DATE_FORMAT")
    if not days or until is None:
        return _("Your last post there was on %(date)s.") % {"date": day}
    said = _("Your last post there was on %(date)s: %(days)s of silence.")
    if days < (until.astimezone(UTC).date() - spoke_at.astimezone(UTC).date()).days:
        said = _(
            "Your last post there was on %(date)s: %(days)s of silence, without the days on which "
            "you rested or it was not read."
        )
    return said % {"date": day, "days": in_days(days)}


def rhythm_sentence(usual: int | None, limit: int | None, *, is_chosen: bool) -> str:
    """What is usual for oneself, and from when on it is called quiet."""
    if usual is None:
        rhythm = _(
            "Your rhythm is not known yet: that takes eight posts within twelve weeks, on five "
            "different days."
        )
        return f"{rhythm} {_chosen(limit)}" if is_chosen and limit else rhythm
    if is_chosen and limit:
        rhythm = _("You usually post there %(every)s.") % {"every": every(usual)}
        return f"{rhythm} {_chosen(limit)}"
    return _("You usually post there %(every)s, and hardly ever after more than %(limit)s.") % {
        "every": every(usual),
        "limit": in_days(limit or 0),
    }


def _chosen(limit: int) -> str:
    return _("You chose to be told after more than %(limit)s.") % {"limit": in_days(limit)}


def every(days: int) -> str:
    if days == 1:
        return _("every day")
    return ngettext("every %(days)d day", "every %(days)d days", days) % {"days": days}
