"""Who may sign up here: everybody, whoever was invited, or nobody.

Invitations are made by the operator. One makes one account, whoever else has the link.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Member
from accounts.operator_models import Invitation, StaffAct
from accounts.staff import note

OPEN, INVITED, CLOSED = "open", "invited", "closed"
WAYS = (OPEN, INVITED, CLOSED)
LASTS_FOR = timedelta(days=14)
# Where a browser keeps the invitation between its link and the form.
_IN_SESSION = "invitation"


class NotAdmitted(Exception):
    """Nobody is taken on, or the invitation was used, taken back or has expired."""


def invite(by: Member, now: datetime, note_for_operator: str = "") -> str:
    """Make an invitation; returns the token for its link, which is nowhere else afterwards."""
    token = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        made_by=by,
        token_hash=_hash(token),
        note=note_for_operator,
        made_at=now,
        expires_at=now + LASTS_FOR,
    )
    note(by, StaffAct.What.INVITED, now, detail=f"invitation {made.pk}")
    return token


def take_back(by: Member, invitation_id: int, now: datetime) -> bool:
    """Let nobody use it any more; False where somebody has, or there is none."""
    unused = Invitation.objects.filter(pk=invitation_id, used_at=None, taken_back_at=None)
    if not unused.update(taken_back_at=now):
        return False
    note(by, StaffAct.What.TOOK_BACK, now, detail=f"invitation {invitation_id}")
    return True


def is_valid(token: str, now: datetime) -> bool:
    """Whether somebody can still sign up with it."""
    return _usable(token, now).exists()


def keep(request: HttpRequest, token: str) -> None:
    request.session[_IN_SESSION] = token


def may_sign_up(request: HttpRequest, now: datetime) -> bool:
    """Whether the form is shown to this browser."""
    if settings.REGISTRATION == INVITED:
        return is_valid(request.session.get(_IN_SESSION, ""), now)
    return bool(settings.REGISTRATION == OPEN)


def admit(request: HttpRequest, member: Member, now: datetime) -> None:
    """Use up the invitation for a member made in this transaction. Raises NotAdmitted.

    Of two with one link, the second waits here for the first and then finds it used.
    """
    if settings.REGISTRATION == OPEN:
        return
    token = request.session.get(_IN_SESSION, "")
    if settings.REGISTRATION == CLOSED or not _usable(token, now).update(
        used_at=now, used_by=member
    ):
        raise NotAdmitted
    del request.session[_IN_SESSION]


def _usable(token: str, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        token_hash=_hash(token), used_at=None, taken_back_at=None, expires_at__gt=now
    )


def release_unconfirmed(members: QuerySet[Member]) -> None:
    """Sign-ups that are forgotten because nobody proved the address give their invitation back."""
    Invitation.objects.filter(used_by__in=members).update(used_at=None, used_by=None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
