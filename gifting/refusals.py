"""Every sentence with which a gift is refused. Each is shown before the form is sent, if known.

`NOT_HERE` is one sentence for everybody who cannot be found, whether a member or not: it must
never tell which.
"""

from datetime import date, datetime

from gifting import periods

NOT_HERE = (
    "Nobody with that handle can be given K here. They may not be on this Klout, or they have "
    "not said that people may find them. Nothing was given."
)
YOURSELF = "That is you. K is for somebody else."
LINK_FIRST = (
    "Link a network before you give K: it shows that somebody real gives it. "
    "Until then, nothing can be given."
)
NOT_IN_HAND = "This K is no longer in your hand, so nothing was given."
PASSED_ON = "It has been passed on already, so it stays where it is."
CAME_BACK = "It has come back to you already."
TOO_LATE = "A gift can be taken back for ten minutes. These are over, so it stays where it is."
NOT_TO_DECLINE = "This K is no longer in your hand, so there is nothing to decline."
LAPSED = "This K has lapsed: it came back to the hand it was allotted to, and its time is over."
FORM_USED = (
    "This form has already given a K to somebody else, and a form gives once. "
    "Open Give K again for another gift."
)
KEPT_YOURSELF = "That is a handle of yours. Nothing was written down."
KEPT_ENOUGH = (
    "You keep 500 people in mind, which is as many as fit. Nothing was written down; "
    "take somebody out of the list first."
)
TOO_MANY_LOOKS = (
    "You have looked for many people within a few minutes. Nothing was given. "
    "Please wait ten minutes and look again."
)
NO_SUCH_NAME = (
    "Nobody whom you may find by name has these letters in it. Their whole handle finds whoever "
    "said so, such as @grace@example.org. Nothing was given."
)
ALREADY_LEFT = "Whoever gave it has left, so there is nobody to block."


DECIDED = "You reported this gift before, and it was decided; the gift says what was decided."
STOPPED = (
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
    return f"{day:%A} {day.day} {day:%B}"


def only_answered(name: str) -> str:
    return (
        f"{name} takes K from people they have answered, and no answer to you has been read "
        "here so far. Your K stays with you."
    )


def once_a_week(name: str, again_on: date) -> str:
    return (
        f"You gave {name} a K this week already. One K for the same person a week: "
        f"you can again from {written_date(again_on)}."
    )


def straight_back(name: str) -> str:
    return (
        f"{name} gave you this K, and a K never goes straight back. "
        "Pass it on to somebody else, or give another one."
    )


def still_new(wait_days: int, may_give_from: datetime) -> str:
    days = "one day" if wait_days == 1 else f"{wait_days} days"
    return (
        f"New members wait {days} before they give K. You can give from "
        f"{written_date(may_give_from.date())}, {may_give_from:%H:%M} UTC; you can receive now."
    )


def too_many_gifts(limit: int) -> str:
    return (
        f"You gave {limit} times within an hour, and that is as often as it goes. "
        "Nothing was given now; you can give again in a while."
    )


def too_many_reports(limit: int) -> str:
    return (
        f"You sent {limit} reports within an hour, and that is as many as it goes. "
        "This one was not sent; you can send it in a while. Blocking works at once."
    )


def too_many_blocks(limit: int) -> str:
    return (
        f"You blocked {limit} people within an hour, and that is as many as it goes. "
        "This one is not blocked yet. In the K settings you can choose to take K from nobody."
    )


def none_left(size: int, days: int, next_on: date, has_received: bool) -> str:
    if size == 0:
        left = "No K are allotted on this Klout at the moment."
    else:
        whose = periods.whose(days)
        start = f"{whose[0].upper()}{whose[1:]}"
        left = f"{start} {size} K are given. The next come on {written_date(next_on)}."
    return f"{left} The K you received can still be passed on." if has_received else left


def lapsed_on(moment: datetime) -> str:
    return f"lapsed on {written_date(moment.date())}"
