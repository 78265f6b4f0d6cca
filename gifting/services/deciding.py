"""What the operator does about a report. No K moves by it, and no balance changes."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member
from gifting.models import Decision, Hand, Report, Words
from gifting.refusals import NotYours


def decide(
    operator: Member, report_id: int, outcome: str, now: datetime, *, reason: str = ""
) -> Decision:
    """Decide on a report, once: a second decision changes nothing. In force at once.

    Raises NotYours for whoever is no operator, and for a report that is no longer there.
    """
    _check(operator)
    with transaction.atomic():
        report = (
            Report.objects.select_for_update(of=("self",))
            .select_related("move")
            .filter(pk=report_id)
            .first()
        )
        if report is None:
            raise NotYours
        made = Decision.objects.filter(report=report).first()
        if made is not None:
            return made
        _carry_out(report, outcome, now)
        return Decision.objects.create(
            report=report,
            move=report.move,
            reporter_id=report.reporter_id,
            outcome=outcome,
            reason=reason,
            decided_by=operator,
            decided_at=now,
        )


def _carry_out(report: Report, outcome: str, now: datetime) -> None:
    if outcome in (Decision.Outcome.WORDS_GONE, Decision.Outcome.STOPPED):
        Words.objects.filter(move=report.move_id).update(text="", link="")
    if outcome == Decision.Outcome.STOPPED:
        Hand.objects.filter(pk=report.move.giver_id, stopped_at=None).update(stopped_at=now)


def let_give_again(operator: Member, decision_id: int, now: datetime) -> None:
    """Lift a stop, and with it every other stop of the same hand. Raises NotYours."""
    _check(operator)
    with transaction.atomic():
        decision = Decision.objects.filter(pk=decision_id).select_related("move").first()
        if decision is None:
            raise NotYours
        giver = decision.move.giver_id
        Hand.objects.filter(pk=giver).update(stopped_at=None)
        Decision.objects.filter(
            move__giver=giver, outcome=Decision.Outcome.STOPPED, lifted_at=None
        ).update(lifted_at=now, lifted_by=operator)


def _check(operator: Member) -> None:
    if not (operator.is_staff and operator.is_active):
        raise NotYours
