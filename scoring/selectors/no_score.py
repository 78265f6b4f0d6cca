"""Why there is no score yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from scoring.seen import EVERYTHING, Seen


class Waiting(Protocol):
    """What is asked of a linked account."""

    @property
    def account_id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def is_first_read(self) -> bool: ...
    @property
    def has_problem(self) -> bool: ...


@dataclass(frozen=True)
class NoScore:
    """Why there is no score yet, and the one thing that can be done, if any.

    `is_coming`: it is here by itself within a minute or so.
    """

    title: str | Promise
    sentence: str | Promise
    account_id: int | None = None
    can_link: bool = False
    is_coming: bool = False


NOT_YET_MONDAY = NoScore(
    gettext_lazy("Your first weekly number is still to come"),
    gettext_lazy("You chose to see it once a week. It comes with the night to Monday."),
)


def why_no_score(member: Member, seen: Seen = EVERYTHING) -> NoScore:
    """For a member without a score: nothing linked, the first read, or a moment's patience."""
    rows = member.linked_accounts.all()
    accounts = [
        _Account(row.pk, row.handle, row.first_read_done_at is None, bool(row.last_problem))
        for row in rows
    ]
    return no_score_of(accounts, seen)


@dataclass(frozen=True)
class _Account:
    account_id: int
    handle: str
    is_first_read: bool
    has_problem: bool


def no_score_of(accounts: Iterable[Waiting], seen: Seen = EVERYTHING) -> NoScore:
    """The same of accounts that are at hand."""
    accounts = list(accounts)
    if not accounts:
        return NoScore(
            _("No network linked yet"),
            _("Link a network where you talk, and your score is here a moment after it is read."),
            can_link=True,
        )
    unread = next((one for one in accounts if one.is_first_read), None)
    if unread and unread.has_problem:
        return NoScore(
            _("{handle} could not be read yet").format(handle=unread.handle),
            _(
                "What happened, and what can be done, is on its page. Nothing that was read is "
                "lost."
            ),
            account_id=unread.account_id,
            is_coming=True,
        )
    if unread:
        return NoScore(
            _("{handle} is being read for the first time").format(handle=unread.handle),
            _("We read back as far as it lets us. Your score is here as soon as that is done."),
            account_id=unread.account_id,
            is_coming=True,
        )
    if seen.is_weekly:
        return NOT_YET_MONDAY
    return NoScore(
        _("Your first score is being computed"), _("It is here within a minute."), is_coming=True
    )
