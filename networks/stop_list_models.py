"""People who asked not to be counted here. Nothing but the number that stood for them."""

from typing import ClassVar

from django.db import models


class StopListed(models.Model):
    """Somebody on the stop list: what they do is neither kept nor counted."""

    person_hash = models.BigIntegerField(
        unique=True, help_text="Keyed hash of the person, as it stood in members' reactions."
    )
    stopped_at = models.DateTimeField()
    forget_at = models.DateTimeField(
        null=True, db_index=True, help_text="When to delete what is stored of them."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["stopped_at", "pk"]

    def __str__(self) -> str:
        return f"somebody, since {self.stopped_at}"
