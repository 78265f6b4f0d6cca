"""What a member says looks wrong about a score, and what a person answered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

SAID_MAX = 2000


class Dispute(models.Model):
    """One objection to one score. What the score was computed from is with the score itself.

    Waiting, then taken up by an operator, then answered. Goes with the member.
    """

    class Outcome(models.TextChoices):
        STANDS = "stands", _("We looked, and it stands")
        MENDED = "mended", _("Something was wrong, and it is mended")
        NOTED = "noted", _("The rule does not see this; noted for its next version")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="disputes",
        db_index=False,
    )
    score = models.ForeignKey(
        "scoring.Score", on_delete=models.CASCADE, related_name="disputes", db_index=False
    )
    said = models.CharField(max_length=SAID_MAX, help_text="What looks wrong to the member.")
    opened_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, help_text="When the operator was told by mail.")
    taken_up_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    answer = models.CharField(max_length=SAID_MAX, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When the member was told by mail.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["member", "-opened_at"], name="disputes_newest_first"),
            models.Index(
                fields=["opened_at"], name="disputes_that_wait", condition=Q(answered_at=None)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["score"], name="one_open_dispute_per_score", condition=Q(answered_at=None)
            ),
            models.CheckConstraint(condition=~Q(said=""), name="dispute_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="", answer="")
                | (
                    Q(answered_at__isnull=False, taken_up_at__lte=F("answered_at"))
                    & Q(outcome__in=["stands", "mended", "noted"])
                    & ~Q(answer="")
                ),
                name="dispute_answered_in_full",
            ),
        ]

    def __str__(self) -> str:
        return f"dispute of score {self.score_id}"

    @property
    def state(self) -> str:
        """In words, for whoever opened it."""
        if self.answered_at:
            return str(_("answered"))
        return str(_("a person has taken it up") if self.taken_up_at else _("waits for a person"))
