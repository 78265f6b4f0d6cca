"""An objection to a score: opened by its member, taken up and answered by a person."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.mailing import Mail, claimed, mail_row
from accounts.models import Member
from accounts.speaking import in_the_language_at, in_the_language_of
from language import isolated
from scoring.dispute_models import Dispute
from scoring.models import Score

OPEN_AT_MOST = 5


class NotTaken(Exception):
    """The objection was not stored; `sentence` says why."""

    @property
    def sentence(self) -> str:
        return str(self)


def open_dispute(member: Member, score: Score, said: str, now: datetime) -> Dispute:
    """Store what looks wrong to the member. Raises NotTaken."""
    waiting = Dispute.objects.filter(member=member, answered_at=None)
    if waiting.count() >= OPEN_AT_MOST:
        raise NotTaken(
            _("Five things that you said still wait for an answer. This one was not sent.")
        )
    try:
        with transaction.atomic():
            return Dispute.objects.create(member=member, score=score, said=said, opened_at=now)
    except IntegrityError:
        raise NotTaken(
            _("You said something about this score already, and it waits for an answer.")
        ) from None


def take_up(dispute_id: int, now: datetime) -> None:
    """An operator looks at it; the first look counts."""
    Dispute.objects.filter(pk=dispute_id, taken_up_at=None).update(taken_up_at=now)


def answer(operator: Member, dispute_id: int, outcome: str, text: str, now: datetime) -> bool:
    """Answer it, once; False if it was answered meanwhile."""
    take_up(dispute_id, now)
    waiting = Dispute.objects.filter(pk=dispute_id, answered_at=None)
    answered = waiting.update(outcome=outcome, answer=text, answered_by=operator, answered_at=now)
    return bool(answered)


def mail_disputes(now: datetime) -> int:
    """Mail what was not mailed yet: objections to OPERATOR_EMAIL, answers to their members."""
    fresh = claimed(_unmailed(), "mailed_at", now) if settings.OPERATOR_EMAIL else []
    answered = claimed(_untold(), "told_at", now)
    sent = [mail_row(one, _to_operator(one), "mailed_at") for one in fresh]
    return sum(sent) + sum(mail_row(one, _to_member(one), "told_at") for one in answered)


def _unmailed() -> QuerySet[Dispute]:
    return Dispute.objects.filter(
        mailed_at=None, answered_at=None, member__takes_part=True
    ).select_related("member", "score")


def _untold() -> QuerySet[Dispute]:
    return Dispute.objects.filter(
        told_at=None, answered_at__isnull=False, member__takes_part=True
    ).select_related("member", "score")


def _to_operator(one: Dispute) -> Mail:
    address = settings.BASE_URL + reverse("dispute_queue_one", args=[one.pk])
    with in_the_language_at(settings.OPERATOR_EMAIL):
        told = _("{name} says that their score of {day} looks wrong:").format(
            name=isolated(one.member.name), day=date_format(one.score.on, "DATE_FORMAT")
        )
        way = _("Signed in as the operator, look at it and answer at")
        text = [told, one.said, f"{way}\n{address}"]
        return Mail(settings.OPERATOR_EMAIL, _("Klout: a score is disputed"), "\n\n".join(text))


def _to_member(one: Dispute) -> Mail:
    with in_the_language_of(one.member):
        day = date_format(one.score.on, "DATE_FORMAT")
        text = [
            _("You said that your score of %(day)s looks wrong. A person has answered:")
            % {"day": day},
            str(Dispute.Outcome(one.outcome).label),
            one.answer,
            settings.BASE_URL + reverse("disputes"),
        ]
        return Mail(one.member.email, _("Klout: an answer about your score"), "\n\n".join(text))
