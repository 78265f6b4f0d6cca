"""The list of the day files, and what has changed under them (see `scoring.day_files`)."""

from typing import ClassVar

from django.db import models


class DayFile(models.Model):
    """What was recorded after one moment, up to another, is written; `manifest` says in what.

    This row is the last thing written: what the folder holds besides is left over.
    """

    after = models.DateTimeField(unique=True)
    upto = models.DateTimeField(unique=True)
    manifest = models.CharField(max_length=100, unique=True, help_text="Its name in the folder.")

    class Meta:
        ordering: ClassVar[list[str]] = ["upto"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(after__lt=models.F("upto")), name="day_file_goes_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"recorded up to {self.upto}"


class DayFileChange(models.Model):
    """Rows of an account changed or went after they may have been written.

    Triggers add these, whoever makes the change and however; the files are rewritten from what
    PostgreSQL holds then. The account may be gone.
    """

    account_id = models.BigIntegerField()
    recorded_on = models.DateField(null=True, help_text="In UTC; none: whenever it was.")

    def __str__(self) -> str:
        return f"of account {self.account_id}, recorded on {self.recorded_on}"
