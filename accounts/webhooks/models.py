"""Addresses that members want told, and what is to be told there."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

URL_MAX = 500


class Happening(models.TextChoices):
    """What may be told; the names are part of what receivers read."""

    SCORE = "score.new", _("A new score")
    PING = "sonobuoy.ping", _("The sonobuoy heard that a network went quiet")
    K_RECEIVED = "k.received", _("A K came to you")
    # Only when its owner presses a button; nobody chooses it.
    TEST = "webhook.test", _("A test")


CHOOSABLE = tuple(one for one in Happening if one is not Happening.TEST)


def random_address() -> str:
    return secrets.token_urlsafe(12)


class Webhook(models.Model):
    """An address of a member's. Its secret signs, so it is kept: sealed, never in the clear.

    `old_secret` goes on signing beside the new one until `old_secret_until`.
    """

    class Off(models.TextChoices):
        MEMBER = "member", _("switched off by you")
        FAILING = "failing", _("switched off: nothing was accepted there for three days")
        GONE = "gone", _("switched off: the server there says it is gone (410)")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    address = models.CharField(max_length=24, default=random_address, editable=False)
    url = models.URLField(max_length=URL_MAX)
    happenings = ArrayField(models.CharField(max_length=20))
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True)
    off = models.CharField(max_length=7, choices=Off, blank=True)
    told_at = models.DateTimeField(null=True, help_text="When its owner was mailed that it is off.")

    class Meta:
        ordering: ClassVar[list[str]] = ["made_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["address"], name="webhook_once"),
            models.CheckConstraint(condition=~Q(happenings=[]), name="webhook_is_told_something"),
            models.CheckConstraint(
                condition=Q(off_at=None, off="") | (Q(off_at__isnull=False) & ~Q(off="")),
                name="webhook_is_off_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_secret_until=None)
                | (~Q(old_secret="") & Q(old_secret_until__isnull=False)),
                name="webhook_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"

    @property
    def place(self) -> str:
        """What its secrets are sealed to."""
        return f"webhook-secret:{self.address}"


class WebhookMessage(models.Model):
    """One thing to tell at one address: the outbox, and for a week the record of it.

    `about` names what happened, so that the same thing is told once however often it is said.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        GIVEN_UP = "given_up", _("given up")

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    happening = models.CharField(max_length=20, choices=Happening)
    about = models.CharField(max_length=120)
    data = models.JSONField()
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(null=True, help_text="None: nothing is to be done.")
    tries = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="What the server answered last.")
    problem = models.CharField(max_length=20, blank=True, help_text="Why there was no answer.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["webhook", "happening", "about"], name="webhook_told_once"
            ),
            models.UniqueConstraint(fields=["uid"], name="webhook_message_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | (Q(due_at=None) & ~Q(state="waiting")),
                name="webhook_message_due_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(tries=0, first_tried_at=None)
                | Q(tries__gt=0, first_tried_at__isnull=False),
                name="webhook_message_tries_begin",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="webhook_message_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["webhook", "-happened_at", "-id"], name="webhook_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.happening} to {self.webhook_id}"
