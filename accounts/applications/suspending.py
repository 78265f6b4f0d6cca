"""An application that misbehaves is stopped by the operator, and let in again.

Nothing is deleted: the application stays with its owner, and what members allowed it with them.
"""

from datetime import datetime

from django.db import transaction

from accounts import staff
from accounts.applications.models import Application
from accounts.audit import Event
from accounts.models import Member
from accounts.operator_models import StaffAct


def suspend(by: Member, application: Application, reason: str, now: datetime) -> bool:
    """Its tokens open nothing from now on, and it gets no others; False if it is so already."""
    with transaction.atomic():
        running = Application.objects.filter(pk=application.pk, suspended_at=None)
        if not running.update(suspended_at=now, suspended_for=reason):
            return False
        _note(by, StaffAct.What.STOPPED_APPLICATION, application, reason, now)
        _tell(application, Event.APPLICATION_STOPPED, reason, now)
    return True


def let_in_again(by: Member, application: Application, reason: str, now: datetime) -> bool:
    """What was allowed and has not run out holds again; False if it is not suspended."""
    with transaction.atomic():
        stopped = Application.objects.filter(pk=application.pk, suspended_at__isnull=False)
        if not stopped.update(suspended_at=None, suspended_for=""):
            return False
        _note(by, StaffAct.What.LET_APPLICATION_IN, application, reason, now)
        _tell(application, Event.APPLICATION_LET_IN, reason, now)
    return True


def _note(
    by: Member, what: StaffAct.What, application: Application, reason: str, now: datetime
) -> None:
    named = f"{application.name} ({application.client_id})"
    staff.note(by, what, now, on=application.owner, detail=named, reason=reason)


def _tell(application: Application, event: Event, reason: str, now: datetime) -> None:
    staff.tell(application.owner, event, f"{application.name}: {reason}", now)
