"""All that decides about a gift, read in one query.

For the page that looks at it before it is made, and, behind the locks of both hands, for the
service that makes it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.models import Member
from accounts.webhooks import outbox
from accounts.webhooks.models import Happening
from gifting import limits, periods, refusals
from gifting.models import Hand

# Functions of the database, for their plans are kept and one round trip does it (migration 0005).
_IS_TOLD = outbox.IS_WANTED_SQL.format(member="%(receiver)s", happening="%(k_received)s")
_SCENE = f"""
SELECT scene.*, {_IS_TOLD} FROM gifting_scene(
    %(giver)s, %(receiver)s, %(key)s::uuid, %(now)s, %(week_began)s, %(an_hour)s, %(kept)s,
    %(is_locked)s) AS scene
"""  # noqa: S608


@dataclass(frozen=True)
class Scene:
    """One member about to give to another (or, without one, to somebody yet to be named).

    `made_before` is the id of the move that the same form has made already. `own_returned` is the
    own K that came back and lapses soonest. `size` is None before the allotment is granted, and
    the period's days are None before the period is stored. `is_told`: a webhook of the receiver
    wants to know.
    """

    giver_hand: int | None
    receiver_hand: int | None
    joined_at: datetime
    is_stopped: bool
    is_linked: bool
    gifts_this_hour: int
    is_there: bool | None
    accepts_from: str | None
    is_blocked: bool
    has_answered: bool
    gave_this_week: bool
    made_before: int | None
    begins_on: date | None
    ends_on: date | None
    size: int | None
    used: int
    own_returned: int | None
    takes_part: bool
    is_told: bool

    @property
    def is_shut(self) -> bool:
        """The receiver has shut out everybody or just this giver; neither is ever told."""
        return self.accepts_from == Hand.AcceptsFrom.NOBODY or self.is_blocked

    def why_not_give(self, now: datetime) -> str:
        """Why this member can give to nobody at all now; empty if they can."""
        wait = settings.GIVING_WAIT_DAYS
        may_give_from = self.joined_at + timedelta(days=wait)
        if not self.takes_part:
            return refusals.PAUSED
        if self.is_stopped:
            return str(refusals.STOPPED)
        if not self.is_linked:
            return str(refusals.LINK_FIRST)
        if wait and now < may_give_from:
            return refusals.still_new(wait, may_give_from)
        if self.gifts_this_hour >= limits.GIFTS_AN_HOUR:
            return refusals.too_many_gifts(limits.GIFTS_AN_HOUR)
        return ""

    def why_not_to(self, receiver: Member, now: datetime) -> str:
        """Why this giver cannot give to this receiver now; empty if they can."""
        if self.giver_hand is not None and self.giver_hand == self.receiver_hand:
            return str(refusals.YOURSELF)
        if not self.is_there or self.is_shut:
            return str(refusals.NOT_HERE)
        if self.accepts_from != Hand.AcceptsFrom.ALL and not self.has_answered:
            return refusals.only_answered(receiver.name)
        if self.gave_this_week:
            return refusals.once_a_week(receiver.name, periods.week_of(now) + periods.WEEK)
        return ""


def scene(giver: Member, receiver: Member | None, now: datetime) -> Scene:
    """Look, without a lock."""
    return _read(giver, receiver, now)


def locked_scene(giver: Member, receiver: Member, now: datetime, key: UUID) -> Scene:
    """The same behind the locks of both hands, which last until the transaction ends."""
    return _read(giver, receiver, now, key, is_locked=True)


def _read(
    giver: Member,
    receiver: Member | None,
    now: datetime,
    key: UUID | None = None,
    *,
    is_locked: bool = False,
) -> Scene:
    values: dict[str, Any] = {
        "giver": giver.pk,
        "receiver": receiver.pk if receiver else None,
        "key": str(key) if key else None,
        "now": now,
        "week_began": periods.midnight(periods.week_of(now)),
        "an_hour": limits.HOUR,
        "kept": periods.KEPT_AFTER_RETURN,
        "is_locked": is_locked,
        "k_received": Happening.K_RECEIVED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SCENE, values)
        row = cursor.fetchone()
    if row is None:
        raise refusals.Refusal(refusals.NOT_HERE)
    return Scene(*row)
