"""Every sentence with which a gift is refused. Each is shown before the form is sent, if known.

`NOT_HERE` is one sentence for everybody who cannot be found, whether a member or not: it must
never tell which.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from language import isolated

NOT_HERE = gettext_lazy(
    "Nobody with that handle can be given K here. They may not be on this Klout, or they have "
    "not said that people may find them. Nothing was given."
)
YOURSELF = gettext_lazy("That is you. K is for somebody else.")
LINK_FIRST = gettext_lazy(
    "Link a network before you give K: it shows that somebody real gives it. "
    "Until then, nothing can be given."
)
NOT_IN_HAND = gettext_lazy("This K is no longer in your hand, so nothing was given.")
PASSED_ON = gettext_lazy("It has been passed on already, so it stays where it is.")
CAME_BACK = gettext_lazy("It has come back to you already.")
TOO_LATE = gettext_lazy(
    "A gift can be taken back for ten minutes. These are over, so it stays where it is."
)
NOT_TO_DECLINE = gettext_lazy("This K is no longer in your hand, so there is nothing to decline.")
LAPSED = gettext_lazy(
    "This K has lapsed: it came back to the hand it was allotted to, and its time is over."
)
FORM_USED = gettext_lazy(
    "This form has already given a K to somebody else, and a form gives once. "
    "Open Give K again for another gift."
)
KEPT_YOURSELF = gettext_lazy("That is a handle of yours. Nothing was written down.")
KEPT_ENOUGH = gettext_lazy(
    "You keep 500 people in mind, which is as many as fit. Nothing was written down; "
    "take somebody out of the list first."
)
TOO_MANY_LOOKS = gettext_lazy(
    "You have looked for many people within a few minutes. Nothing was given. "
    "Please wait ten minutes and look again."
)
NO_SUCH_NAME = gettext_lazy(
    "Nobody whom you may find by name has these letters in it. Their whole handle finds whoever "
    "said so, such as @grace@example.org. Nothing was given."
)
ALREADY_LEFT = gettext_lazy("Whoever gave it has left, so there is nobody to block.")


DECIDED = gettext_lazy(
    "You reported this gift before, and it was decided; the gift says what was decided."
)
STOPPED = gettext_lazy(
    "Whoever runs this Klout has stopped gifts from you, after a report about words of yours. "
    "Nothing was given. The K you have stay with you, and you can still receive some."
)
PAUSED = (
    "Your account is paused, so nothing was given. The K you have stay with you; end the pause in "
    "your settings to give again."
)


class Refusal(Exception):
    """The rules say no. The sentence says why and what was kept; nothing has changed."""

    @property
    def sentence(self) -> str:
        return str(self)


class NotYours(Exception):
    """It is not there, or not for this member: the two look the same."""


def written_date(day: date) -> str:
    """Monday 2 November."""
    return date_format(day, _("l j F"))


def only_answered(name: str) -> str:
    return _(
        "{name} takes K from people they have answered, and no answer to you has been read here so "
        "far. Your K stays with you."
    ).format(name=isolated(name))


def once_a_week(name: str, again_on: date) -> str:
    return _(
        "You gave {name} a K this week already. One K for the same person a week: you can again "
        "from {day}."
    ).format(name=isolated(name), day=written_date(again_on))


def straight_back(name: str) -> str:
    return _(
        "{name} gave you this K, and a K never goes straight back. Pass it on to somebody else, or "
        "give another one."
    ).format(name=isolated(name))


def still_new(wait_days: int, may_give_from: datetime) -> str:
    local = timezone.localtime(may_give_from)
    return ngettext(
        "New members wait one day before they give K. You can give from {day}, {time}; you can "
        "receive now.",
        "New members wait {count} days before they give K. You can give from {day}, {time}; you "
        "can receive now.",
        wait_days,
    ).format(count=wait_days, day=written_date(local.date()), time=f"{local:%H:%M %Z}")


def too_many_gifts(limit: int) -> str:
    return ngettext(
        "You gave {count} time within an hour, and that is as often as it goes. Nothing was given "
        "now; you can give again in a while.",
        "You gave {count} times within an hour, and that is as often as it goes. Nothing was given "
        "now; you can give again in a while.",
        limit,
    ).format(count=limit)


def too_many_reports(limit: int) -> str:
    return ngettext(
        "You sent {count} report within an hour, and that is as many as it goes. This one was not "
        "sent; you can send it in a while. Blocking works at once.",
        "You sent {count} reports within an hour, and that is as many as it goes. This one was not "
        "sent; you can send it in a while. Blocking works at once.",
        limit,
    ).format(count=limit)


def too_many_blocks(limit: int) -> str:
    return ngettext(
        "You blocked {count} person within an hour, and that is as many as it goes. This one is "
        "not blocked yet. In the K settings you can choose to take K from nobody.",
        "You blocked {count} people within an hour, and that is as many as it goes. This one is "
        "not blocked yet. In the K settings you can choose to take K from nobody.",
        limit,
    ).format(count=limit)


def none_left(size: int, days: int, next_on: date, has_received: bool) -> str:
    left = (
        _given(size, days, next_on) if size else _("No K are allotted on this Klout at the moment.")
    )
    return f"{left} {_('The K you received can still be passed on.')}" if has_received else left


def _given(size: int, days: int, next_on: date) -> str:
    if days == 7:
        told = _("This week's {size} K are given. The next come on {day}.")
    else:
        told = ngettext(
            "Today's {size} K are given. The next come on {day}.",
            "These {days} days' {size} K are given. The next come on {day}.",
            days,
        )
    return told.format(size=number_format(size), days=days, day=written_date(next_on))


def lapsed_on(moment: datetime) -> str:
    return _("lapsed on {day}").format(day=written_date(timezone.localtime(moment).date()))
