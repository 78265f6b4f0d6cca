"""Who asked us to wait."""

from typing import ClassVar

from django.db import models


class HostWait(models.Model):
    """What a server asked us to wait, for all of us, or for one token there; see `waits`."""

    lane = models.CharField(
        max_length=300, help_text="A host; with # and a hash of the token if only that one waits."
    )
    until = models.DateTimeField(help_text="By the clock of the database.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["lane"], name="one_wait_per_lane"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} until {self.until}"
