"""Scores that a member brought from another site: shown as such, and used for nothing."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from scoring.rule import HIGHEST, LOWEST


class BroughtScore(models.Model):
    """One day's score as another site computed it. No rule, night or chart of ours reads it."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="brought_scores",
        db_index=False,
    )
    site = models.CharField(max_length=255, help_text="The host that computed it, as it says.")
    on = models.DateField()
    rule = models.CharField(max_length=20)
    hundredths = models.PositiveSmallIntegerField()
    low_hundredths = models.PositiveSmallIntegerField()
    high_hundredths = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member", "site", "on", "rule"], name="brought_score_once"
            ),
            models.CheckConstraint(
                condition=models.Q(low_hundredths__gte=LOWEST, high_hundredths__lte=HIGHEST)
                & models.Q(hundredths__gte=models.F("low_hundredths"))
                & models.Q(hundredths__lte=models.F("high_hundredths")),
                name="brought_score_inside_its_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hundredths / 100:.2f} on {self.on} at {self.site}"
