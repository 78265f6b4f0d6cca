"""What members asked to take along, and what they brought from another site."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Export(models.Model):
    """One file with everything, on its way or ready. The row goes when the file does.

    What is due is a column: neither ready nor failed, and `next_try_at` has come. Who makes it
    holds a lock of the database; `attempts` tells a late one apart.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports"
    )
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField(help_text="Pushed ahead after a failure.")
    attempts = models.PositiveSmallIntegerField(default=0)
    parts_done = ArrayField(models.CharField(max_length=40), default=list)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="The file is removed then.")
    failed_at = models.DateTimeField(null=True, help_text="Given up after some attempts.")
    file_name = models.CharField(max_length=80, blank=True, help_text="In EXPORT_DIR.")
    size = models.BigIntegerField(default=0, help_text="Bytes.")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires_at"], name="export_to_be_removed"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(ready_at=None, failed_at=None),
                name="one_export_under_way",
            ),
            models.CheckConstraint(
                condition=Q(ready_at=None, file_name="", expires_at=None)
                | (
                    Q(ready_at__isnull=False, expires_at__isnull=False, failed_at=None)
                    & ~Q(file_name="")
                ),
                name="a_ready_export_has_a_file_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"export asked for at {self.asked_at}"


class Import(models.Model):
    """An export of another site that a member brought here: looked at first, then taken over.

    The file goes as soon as it is taken over or has waited for a day; the row stays, and says
    what came from where.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports"
    )
    site = models.CharField(max_length=255, help_text="The host it was made at, as the file says.")
    exported_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    file_name = models.CharField(max_length=80, blank=True, help_text="In EXPORT_DIR, for a while.")
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken = models.JSONField(default=dict, help_text="Part: how many rows of it are new here.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["member", "digest"], name="a_file_brought_once"),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(file_name=""), name="what_is_taken_over_has_no_file"
            ),
        ]

    def __str__(self) -> str:
        return f"import from {self.site}"
