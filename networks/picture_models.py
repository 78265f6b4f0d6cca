"""The picture of a linked account, fetched once in a while and made anew here."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

DIGEST_LENGTH = 32


class AccountPicture(models.Model):
    """`digest` names the bytes, and nobody else's: it is a keyed hash of account and picture."""

    account = models.OneToOneField(
        "networks.LinkedAccount",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="picture",
    )
    address = models.URLField(max_length=500, help_text="Where the platform has it.")
    due_at = models.DateTimeField(null=True, help_text="When to fetch it.")
    tries = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    large = models.BinaryField(default=b"")
    small = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["digest"], name="picture_digest_once", condition=~Q(digest="")
            ),
            models.CheckConstraint(
                condition=(Q(digest="", large=b"", small=b"", fetched_at=None))
                | (~Q(digest="") & ~Q(large=b"") & ~Q(small=b"") & Q(fetched_at__isnull=False)),
                name="picture_is_whole_or_not_there",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="pictures_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"picture of account {self.account_id}"


class PictureChoice(models.Model):
    """Whose picture stands for the member; without a row their initials do."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="picture_choice",
    )
    account = models.OneToOneField(
        "networks.LinkedAccount", on_delete=models.CASCADE, related_name="picture_choice"
    )

    def __str__(self) -> str:
        return f"picture of member {self.member_id}"
