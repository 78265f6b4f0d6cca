"""What the sonobuoy keeps: what it heard of each account, its pings, rests, and wishes for mail."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

THRESHOLD_MOST = 365


class Listening(models.Model):
    """One account as the sonobuoy hears it: as of the last good read that was judged.

    Made when it is judged first. `usual` and `limit` are days, None while it is still learning.
    """

    account = models.OneToOneField(
        "networks.LinkedAccount",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="listening",
    )
    heard_to = models.DateTimeField(null=True, help_text="The good read this was judged by.")
    spoke_at = models.DateTimeField(null=True, help_text="The last post known.")
    silent_days = models.PositiveIntegerField(null=True)
    usual_days = models.PositiveSmallIntegerField(null=True)
    limit_days = models.PositiveSmallIntegerField(null=True)
    # What the member says.
    threshold_days = models.PositiveSmallIntegerField(
        null=True, help_text="Quiet after so many days; none: by the own rhythm."
    )
    resting_since = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    muted_at = models.DateTimeField(null=True)
    # Pings in a row that stayed without an answer; after two of them it stops by itself.
    unanswered = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(resting_since=None) | Q(left_at=None), name="rests_or_left_not_both"
            ),
            models.CheckConstraint(
                condition=Q(threshold_days=None)
                | Q(threshold_days__gte=1, threshold_days__lte=THRESHOLD_MOST),
                name="threshold_from_a_day_to_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"listening to {self.account_id}"

    @property
    def is_muted(self) -> bool:
        """By the member, or by itself after two pings without an answer."""
        return self.muted_at is not None or self.stopped_at is not None


class Ping(models.Model):
    """A notice that a network has gone quiet: one for each silence, whatever becomes of it."""

    class End(models.TextChoices):
        SPOKE = "spoke", "spoke again"
        FINE = "fine", "it is fine"
        RESTING = "resting", "let it rest"
        LEFT = "left", "left"
        MUTED = "muted", "muted"

    account = models.ForeignKey(
        "networks.LinkedAccount", on_delete=models.CASCADE, related_name="pings"
    )
    silent_since = models.DateTimeField(help_text="The last post before the silence.")
    heard_to = models.DateTimeField(help_text="The good read that showed it.")
    silent_days = models.PositiveIntegerField()
    usual_days = models.PositiveSmallIntegerField(null=True)
    limit_days = models.PositiveSmallIntegerField()
    is_chosen = models.BooleanField(help_text="The limit is the member's own number of days.")
    is_last = models.BooleanField(
        default=False, help_text="If this one stays unanswered too, no more come."
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=7, choices=End, blank=True)
    mail_due_at = models.DateTimeField(null=True, help_text="None: no mail, or sent already.")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "silent_since"], name="one_ping_per_silence"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="one_open_ping_per_account"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="ping_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(mail_due_at=None) | Q(ended_at=None, mailed_at=None),
                name="only_an_open_ping_waits_for_its_mail",
            ),
            models.CheckConstraint(
                condition=Q(silent_days__gt=F("limit_days")), name="ping_of_a_silence_beyond_usual"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["mail_due_at"],
                name="ping_mail_due",
                condition=Q(mail_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"ping about {self.account_id} of {self.made_at}"


class Rest(models.Model):
    """A time in which the clocks stand still: of one account, or of all of the member's."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rests"
    )
    account = models.ForeignKey(
        "networks.LinkedAccount", null=True, on_delete=models.CASCADE, related_name="rests"
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="rest_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(account=None, ended_at=None),
                name="one_open_rest_per_member",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="one_open_rest_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"rest of {self.account_id or 'all'} from {self.began_at}"


class ListeningWishes(models.Model):
    """What mail a member wants of the sonobuoy, and when; without a row, none."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="listening_wishes",
    )
    wants_pings = models.BooleanField(default=False, help_text="Pings by mail as well.")
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    wants_weekly = models.BooleanField(default=False, help_text="One mail a week at most.")
    # The weekly mail: not before this moment, and what came up to that one has been told.
    weekly_not_before = models.DateTimeField(null=True)
    weekly_told_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "listening wishes"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(wants_weekly=False)
                | Q(weekly_not_before__isnull=False, weekly_told_until__isnull=False),
                name="weekly_mail_knows_where_it_is",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["weekly_not_before"],
                name="weekly_mail_due",
                condition=Q(wants_weekly=True),
            ),
        ]

    def __str__(self) -> str:
        return f"wishes of member {self.member_id}"
