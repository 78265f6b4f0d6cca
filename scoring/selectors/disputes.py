"""Objections to scores, for whoever opened them and for the operator."""

from django.db.models import QuerySet

from accounts.models import Member
from scoring.dispute_models import Dispute


def disputes_of(member: Member) -> QuerySet[Dispute]:
    """The member's own, newest first."""
    return Dispute.objects.filter(member=member).select_related("score")


def waiting_disputes(count: int) -> list[Dispute]:
    """What waits for a person, the oldest first."""
    waiting = Dispute.objects.filter(answered_at=None).select_related("member", "score")
    return list(waiting.order_by("opened_at", "id")[:count])


def answered_disputes(count: int) -> list[Dispute]:
    """What was answered, the latest first."""
    answered = Dispute.objects.filter(answered_at__isnull=False)
    found = answered.select_related("member", "score", "answered_by")
    return list(found.order_by("-answered_at", "-id")[:count])


def dispute(dispute_id: int) -> Dispute | None:
    found = Dispute.objects.filter(pk=dispute_id)
    return found.select_related("member", "score", "answered_by").first()
