"""What operators do to accounts, each act with its reason and on record."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.audit import Event, record
from accounts.audit_models import AuditEntry
from accounts.models import Member
from accounts.operator_models import StaffAct
from accounts.sessions import end_all


class NotPossible(ValueError):
    """The act cannot be done; its text says why."""


def note(
    by: Member,
    what: StaffAct.What,
    now: datetime,
    *,
    on: Member | None = None,
    detail: str = "",
    reason: str = "",
) -> StaffAct:
    """Put an act on record. Nobody changes or deletes it afterwards."""
    return StaffAct.objects.create(
        by=by,
        by_name=by.name,
        what=what,
        on_member=on,
        detail=detail[:300],
        reason=reason[:500],
        done_at=now,
    )


def suspend(by: Member, member: Member, reason: str, now: datetime) -> bool:
    """Sign the member out everywhere and let nobody in; False if it is so already.

    Nothing is deleted: polls stop, nothing of theirs is public, and nobody can give to them,
    until they are let in again. Raises NotPossible.
    """
    if by.pk == member.pk:
        raise NotPossible("You cannot suspend yourself: nobody could let you in again.")
    with transaction.atomic():
        changed = Member.objects.filter(pk=member.pk, is_active=True).update(is_active=False)
        if changed:
            end_all(UserSession.objects.filter(user=member))
            note(by, StaffAct.What.SUSPENDED, now, on=member, reason=reason)
            tell(member, Event.SUSPENDED, reason, now)
    return bool(changed)


def let_in_again(by: Member, member: Member, reason: str, now: datetime) -> bool:
    """Undo a suspension; what was due meanwhile is due now."""
    with transaction.atomic():
        changed = Member.objects.filter(pk=member.pk, is_active=False).update(is_active=True)
        if changed:
            note(by, StaffAct.What.LET_IN_AGAIN, now, on=member, reason=reason)
            tell(member, Event.UNSUSPENDED, reason, now)
    return bool(changed)


def tell(member: Member, event: Event, reason: str, now: datetime) -> None:
    """What was done, and why, in the trail that the member reads."""
    record(member, event, now, detail=reason, by=AuditEntry.By.OPERATOR)


def forget_acts_on(member: Member) -> None:
    """What was done stays on record, without whom and why."""
    StaffAct.objects.filter(on_member=member).update(on_member=None, detail="", reason="")
    StaffAct.objects.filter(by=member).update(by=None, by_name="")
