"""Why there is no score yet."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Member


@dataclass(frozen=True)
class NoScore:
    """Why there is no score yet, and the one thing that can be done, if any."""

    title: str
    sentence: str
    account_id: int | None = None
    can_link: bool = False


def why_no_score(member: Member) -> NoScore:
    """For a member without a score: nothing linked, the first read, or a moment's patience."""
    accounts = list(member.linked_accounts.all())
    if not accounts:
        return NoScore(
            _("No network linked yet"),
            _("Link a network where you talk, and your score is here a moment after it is read."),
            can_link=True,
        )
    unread = next((one for one in accounts if one.first_read_done_at is None), None)
    if unread and unread.last_problem:
        return NoScore(
            _("{handle} could not be read yet").format(handle=unread.handle),
            _(
                "What happened, and what can be done, is on its page. Nothing that was read is "
                "lost."
            ),
            account_id=unread.pk,
        )
    if unread:
        return NoScore(
            _("{handle} is being read for the first time").format(handle=unread.handle),
            _("We read back as far as it lets us. Your score is here as soon as that is done."),
            account_id=unread.pk,
        )
    return NoScore(_("Your first score is being computed"), _("It is here within a minute."))
