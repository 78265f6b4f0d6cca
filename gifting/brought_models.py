"""Moves of K that a member brought from another site: to read, in no purse and in no chain."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

WORDS_MAX = 500


class BroughtMove(models.Model):
    """A K that was given or received at another site, with its words. It is no K here."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="brought_moves",
        db_index=False,
    )
    site = models.CharField(max_length=255, help_text="The host where it happened, as it says.")
    k = models.BigIntegerField(help_text="The number of the K at that site.")
    step = models.PositiveIntegerField()
    direction = models.CharField(max_length=8)
    other = models.CharField(max_length=80, help_text="The name that the other site gave.")
    words = models.CharField(max_length=WORDS_MAX, blank=True)
    link = models.URLField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member", "site", "k", "step"], name="brought_move_once"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["given", "received"]),
                name="brought_move_direction_known",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="brought_link_is_https"
            ),
        ]

    def __str__(self) -> str:
        return f"K {self.k} at {self.site}"
