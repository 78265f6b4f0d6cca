"""Sentences about accounts and people. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import language
from language import LONG_DAY_MONTH, listed, ngettext, ngettext_noop
from language import gettext as _

# What is done to a post: as the first part of a sentence, which says what is counted, and later.
_ON_POSTS = {
    "reshare": (
        ngettext_noop("boosted {count} of their posts", "boosted {count} of their posts"),
        ngettext_noop("boosted {count}", "boosted {count}"),
    ),
    "reply": (
        ngettext_noop("replied to {count} of their posts", "replied to {count} of their posts"),
        ngettext_noop("replied to {count}", "replied to {count}"),
    ),
    "quote": (
        ngettext_noop("quoted {count} of their posts", "quoted {count} of their posts"),
        ngettext_noop("quoted {count}", "quoted {count}"),
    ),
    "favourite": (
        ngettext_noop("favourited {count} of their posts", "favourited {count} of their posts"),
        ngettext_noop("favourited {count}", "favourited {count}"),
    ),
}

_ON_WORK = {
    "issue": ngettext_noop(
        "opened {count} issue or pull request for them",
        "opened {count} issues or pull requests for them",
    ),
    "review": ngettext_noop(
        "reviewed {count} change of theirs", "reviewed {count} changes of theirs"
    ),
    "star": ngettext_noop("starred {count} thing they made", "starred {count} things they made"),
}

_AGO = (
    (86_400, ngettext_noop("{count} day ago", "{count} days ago")),
    (3_600, ngettext_noop("{count} hour ago", "{count} hours ago")),
    (60, ngettext_noop("{count} minute ago", "{count} minutes ago")),
)


def ago(then: datetime, now: datetime) -> str:
    """`5 minutes ago`, coarse on purpose; the future counts as now."""
    seconds = max(0, int((now - then).total_seconds()))
    for size, forms in _AGO:
        if seconds >= size:
            return counted(forms, seconds // size)
    return _("a moment ago")


def clock(moment: datetime, now: datetime) -> str:
    """`14:30 CET` in the reader's zone, with the day where it is another one."""
    local = language.local(moment)
    time = f"{local:%H:%M %Z}"
    if local.date() == language.local(now).date():
        return time
    return _("{time} on {day}").format(time=time, day=day(local))


def day(moment: date) -> str:
    return language.day(moment, LONG_DAY_MONTH)


def counted(forms: tuple[str, str], number: int) -> str:
    """The form for so many, with the number in its place."""
    return ngettext(*forms, number).format(count=language.number(number))


def what_you_did(acts: Mapping[str, int], since: datetime) -> str:
    """`Since 5 October you boosted 6 of their posts and replied to 4.`

    `acts` counts the member's acts towards one person by kind of outreach.
    """
    parts: list[str] = []
    for kind, (first, later) in _ON_POSTS.items():
        if acts.get(kind):
            parts.append(counted(later if parts else first, acts[kind]))
    parts += [counted(forms, acts[kind]) for kind, forms in _ON_WORK.items() if acts.get(kind)]
    if acts.get("mention"):
        parts.append(_mentions(acts["mention"]))
    if acts.get("follow"):
        parts.append(_("followed them"))
    if not parts:
        return ""
    return _("Since {day} you {acts}.").format(day=day(since), acts=listed(parts))


def _mentions(times: int) -> str:
    if times == 1:
        return _("mentioned them once")
    if times == 2:
        return _("mentioned them twice")
    return _("mentioned them {count} times").format(count=language.number(times))


def next_try(next_poll_at: datetime | None, now: datetime) -> str:
    if next_poll_at is None:
        return ""
    if next_poll_at - now < timedelta(minutes=1):
        return _("The next try is about to begin.")
    return _("The next try is at {time}.").format(time=clock(next_poll_at, now))
