"""Keys with which a member's programs ask the API, and what of the member the API may tell."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.scopes import Scope

NAME_MAX = 60
# Of an Idempotency-Key, in characters.
KEY_MOST = 200
# Eighteen digits: as long as the largest ids that clients of the old API keep.
KLOUTID_LEAST = 10**17
KLOUTID_BEYOND = 10**18


def random_kloutid() -> int:
    """Random, so that nobody counts members or meets one by trying."""
    return KLOUTID_LEAST + secrets.randbelow(KLOUTID_BEYOND - KLOUTID_LEAST)


class ApiKey(models.Model):
    """A key of a member. Only its hash is kept, so that no copy of the database opens anything."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=NAME_MAX)
    begins = models.CharField(max_length=6, help_text="Its first letters, to tell keys apart.")
    digest = models.CharField(
        max_length=64, help_text="SHA-256. The key is 120 random bits: nothing to guess or salt."
    )
    # Values of accounts.scopes.Scope.
    scopes = ArrayField(models.CharField(max_length=20))
    made_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["digest"], name="api_key_once"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_opens_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}...)"

    @property
    def in_words(self) -> list[str]:
        """What it may do; a scope that is no more opens nothing and is left out."""
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]


class KeptAnswer(models.Model):
    """What was answered to a request with an Idempotency-Key, for a day. Nothing of what somebody
    else wrote or is called stands in it: it outlives them here.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_answers"
    )
    asked_by = models.CharField(max_length=80, help_text="Under which name the key is counted.")
    key = models.CharField(max_length=KEY_MOST, help_text="As it was sent.")
    request = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["asked_by", "key"], name="one_answer_to_one_key"),
            models.CheckConstraint(
                condition=Q(status__gte=200, status__lt=300), name="only_what_was_done_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.status} of {self.answered_at}"


class ApiPresence(models.Model):
    """A member's number in the API, and whether it answers with their score. Off without a row."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="api_presence",
    )
    kloutid = models.BigIntegerField(default=random_kloutid, editable=False)
    is_visible = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kloutid"], name="kloutid_once"),
            models.CheckConstraint(
                condition=Q(kloutid__gte=KLOUTID_LEAST, kloutid__lt=KLOUTID_BEYOND),
                name="kloutid_has_eighteen_digits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kloutid)
