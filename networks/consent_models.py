"""What a member agreed to at each linking, and access that is still to be taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from networks.registry import platform_choices


class Consent(models.Model):
    """One yes of a member to one account being read: when, to which words, for which scopes.

    Kept after the account is unlinked, since it shows that what was read until then was agreed to;
    it goes with the member.
    """

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", "withdrawn by unlinking"
        RENEWED = "renewed", "given anew"

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    account = models.ForeignKey(
        "networks.LinkedAccount", null=True, on_delete=models.SET_NULL, related_name="consents"
    )
    platform = models.CharField(max_length=20, choices=platform_choices)
    handle = models.CharField(max_length=255)
    words = models.CharField(max_length=10, help_text="Version of the text; see networks/consents.")
    scopes = models.CharField(max_length=600, blank=True, help_text="Empty: only what is public.")
    findable = models.BooleanField(help_text="The answer about being found, at this time.")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=9, choices=Ended, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-given_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], name="one_consent_in_force", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="")
                | Q(ended_at__isnull=False, ended_by__in=["withdrawn", "renewed"]),
                name="consent_ended_by_something",
            ),
        ]

    def __str__(self) -> str:
        return f"consent to {self.handle} at {self.given_at}"


class Revocation(models.Model):
    """Access that somebody who left had given, to be taken back at its server.

    Holds no trace of the member but the sealed token, which is useless once it is revoked, and is
    deleted with the row: when that is done, and a day later in any case.
    """

    platform = models.CharField(max_length=20, choices=platform_choices)
    host = models.CharField(max_length=255)
    app = models.ForeignKey("networks.InstanceApp", on_delete=models.CASCADE, related_name="+")
    credentials = models.TextField(help_text="Encrypted.")
    place = models.CharField(max_length=48, help_text="What the credentials are sealed to.")
    account_hash = models.BigIntegerField(
        db_index=True, help_text="Keyed hash of the account: linked anew, its token is left alone."
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"revocation at {self.host}"
