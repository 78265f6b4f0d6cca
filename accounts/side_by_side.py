"""Seeing scores side by side with another member: asked, answered, ended."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.sharing import Refused
from accounts.sharing_models import SideBySide

ASKED_A_DAY = 10
# A question without a yes is forgotten, also where it was a no: then one may ask again.
WAITS = timedelta(days=30)


def ask(asker: Member, other: Member | None, asked_as: str, now: datetime) -> None:
    """Ask `other` to compare; None if nobody was found, which looks the same. Raises Refused.

    Whoever asked the same person before, in other words, asks nobody: they cannot tell.
    """
    if other == asker:
        raise Refused(
            _("That is you. Nobody was asked. The page of your score compares your own days.")
        )
    try:
        with transaction.atomic():
            Member.objects.select_for_update().get(pk=asker.pk)
            _refuse_too_many(asker, now)
            between = _between(asker, other)
            target = None if between.exists() else other
            SideBySide.objects.create(asker=asker, other=target, asked_as=asked_as, asked_at=now)
    except IntegrityError:
        raise Refused(
            _("You have asked there already. Nobody was asked again. Wait for the answer.")
        ) from None


def _refuse_too_many(asker: Member, now: datetime) -> None:
    day = now - timedelta(days=1)
    if SideBySide.objects.filter(asker=asker, asked_at__gt=day).count() >= ASKED_A_DAY:
        raise Refused(
            _("You have asked %(most)d times within a day. Nobody was asked. Try again tomorrow.")
            % {"most": ASKED_A_DAY}
        )


def _between(one: Member, other: Member | None) -> QuerySet[SideBySide]:
    """What there is between the two, whoever asked; the same query where there is no other."""
    number = other.pk if other else 0
    return SideBySide.objects.filter(Q(asker=one, other=number) | Q(asker=number, other=one))


def answer(member: Member, question_id: int, now: datetime, *, agrees: bool) -> bool:
    """Say yes or no to a question; whether there was one that waited for this member."""
    said = {"agreed_at": now} if agrees else {"declined_at": now}
    waiting = waiting_for(member, now).filter(pk=question_id)
    return bool(SideBySide.objects.filter(pk__in=waiting.values("pk")).update(**said))


def end(member: Member, question_id: int) -> bool:
    """End what both agreed to; either of the two may."""
    deleted, _rows = agreed_with(member).filter(pk=question_id).order_by().delete()
    return deleted > 0


def withdraw(member: Member, question_id: int, now: datetime) -> bool:
    """Take back a question that nobody said yes to; whoever was asked does not see it any more."""
    return bool(asked_by(member, now).filter(pk=question_id).update(withdrawn_at=now))


def agreed_with(member: Member) -> QuerySet[SideBySide]:
    """With whom the member sees scores side by side."""
    return (
        SideBySide.objects.filter(
            Q(asker=member) | Q(other=member),
            agreed_at__isnull=False,
            asker__takes_part=True,
            other__takes_part=True,
        )
        .select_related("asker", "other")
        .order_by("-agreed_at", "-id")
    )


def waiting_for(member: Member, now: datetime) -> QuerySet[SideBySide]:
    """Questions that this member may answer, the newest first."""
    return (
        SideBySide.objects.filter(
            other=member,
            agreed_at=None,
            declined_at=None,
            withdrawn_at=None,
            asked_at__gt=now - WAITS,
            asker__takes_part=True,
        )
        .select_related("asker")
        .order_by("-asked_at", "-id")
    )


def asked_by(member: Member, now: datetime) -> QuerySet[SideBySide]:
    """What the member asked and nobody said yes to: unanswered, declined and unknown alike."""
    return SideBySide.objects.filter(
        asker=member, agreed_at=None, withdrawn_at=None, asked_at__gt=now - WAITS
    ).order_by("-asked_at", "-id")


def forget_unanswered(now: datetime) -> None:
    SideBySide.objects.filter(agreed_at=None, asked_at__lte=now - WAITS).delete()
