"""Scores as they were computed, with the figures each was computed from."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from scoring.band import Band

# In a module of its own; here so that Django finds it.
from scoring.file_models import DayFile, DayFileChange  # noqa: F401
from scoring.rule import HIGHEST, LOWEST


class Night(models.Model):
    """One recompute of everybody. A rerun takes the cut-off that is stored here."""

    on = models.DateField(help_text="The scores speak for midnight UTC at which this day begins.")
    rule = models.CharField(max_length=20)
    cut_off_at = models.DateTimeField(help_text="Records made later count from the next night.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    members = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    phases = models.JSONField(default=dict, help_text="Of each phase: steps done, seconds, rows.")
    set_aside = models.JSONField(default=list, help_text="Ids of members with data in disorder.")
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["on", "rule"], name="one_night_per_day_and_rule"),
        ]

    def __str__(self) -> str:
        return f"night of {self.on} by {self.rule}"


class Score(models.Model):
    """What one member's score was on one day by one rule. History is never rewritten."""

    # Without indexes of their own where the one of a constraint begins with the same column:
    # every night adds a row for everybody.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scores", db_index=False
    )
    on = models.DateField(help_text="The score speaks for midnight UTC at which this day begins.")
    rule = models.CharField(max_length=20)
    hundredths = models.PositiveSmallIntegerField(help_text="6234 is a score of 62.34.")
    low_hundredths = models.PositiveSmallIntegerField(help_text="Where the likely range begins.")
    high_hundredths = models.PositiveSmallIntegerField(help_text="Where the likely range ends.")
    reach = models.BigIntegerField(help_text="People who listen, in 2^-20.")
    cut_off_at = models.DateTimeField()
    backfilled = models.BooleanField(
        default=False, help_text="Computed later: followers and profiles as of the first read."
    )
    days_of_data = models.PositiveSmallIntegerField(help_text="At most the window.")
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member", "on", "rule"], name="one_score_per_member_day_and_rule"
            ),
            models.CheckConstraint(
                condition=models.Q(hundredths__gte=LOWEST, hundredths__lte=HIGHEST),
                name="score_from_1_to_100",
            ),
            models.CheckConstraint(
                condition=models.Q(low_hundredths__gte=LOWEST, high_hundredths__lte=HIGHEST)
                & models.Q(hundredths__gte=models.F("low_hundredths"))
                & models.Q(hundredths__lte=models.F("high_hundredths")),
                name="score_inside_its_likely_range",
            ),
            models.CheckConstraint(
                condition=models.Q(reach__gte=0), name="score_reach_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exact} on {self.on}"

    @property
    def exact(self) -> Decimal:
        return Decimal(self.hundredths) / 100

    @property
    def likely(self) -> Band:
        return Band(self.low_hundredths, self.high_hundredths)


class Contribution(models.Model):
    """What one linked account was and added on that day, kept when the account goes."""

    class State(models.TextChoices):
        COUNTED = "counted", "counted"
        UNKNOWN_HOST = "unknown_host", "on a server we do not know"
        NOT_READ = "not_read", "not read for too long"
        NO_READING = "no_reading", "its audience was not read yet"

    score = models.ForeignKey(
        Score, on_delete=models.CASCADE, related_name="contributions", db_index=False
    )
    account = models.ForeignKey(
        LinkedAccount, null=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    platform = models.CharField(max_length=20)
    handle = models.CharField(max_length=255)
    state = models.CharField(max_length=12, choices=State)
    tenths = models.PositiveSmallIntegerField(help_text="Points added, in tenths.")
    reach = models.BigIntegerField(help_text="People who listen, in 2^-20.")
    audience = models.BigIntegerField(null=True, help_text="Followers.")
    curation = models.BigIntegerField(null=True, help_text="Times put on lists, or starred.")
    response = models.BigIntegerField(help_text="E of the rule, in 2^-20.")
    response_squares = models.BigIntegerField(help_text="For the likely range, in 2^-24.")
    everyone = models.BigIntegerField(
        help_text="Everybody who responded at a sixteenth each, in 2^-20."
    )
    granted = models.BooleanField(help_text="The one-time grant is placed here.")
    acts = models.PositiveIntegerField(help_text="Reactions in the window.")
    people = models.PositiveIntegerField(help_text="Distinct people behind them.")
    by_weight = ArrayField(
        models.PositiveIntegerField(), size=5, help_text="People by weight: 0, 1/4, 1/2, 3/4, 1."
    )
    tally = ArrayField(
        models.IntegerField(),
        default=list,
        help_text="People by weight, age in days and saturation step: see scoring/tallies.py.",
    )
    effective_on = models.DateField(null=True, help_text="Ages are counted to this midnight.")
    clock_on = models.DateField(
        null=True, help_text="It rests: all of this is as it was at this midnight."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-tenths", "-reach", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["score", "account"], name="account_once_in_a_score"),
            models.CheckConstraint(
                condition=models.Q(reach__gte=0, response__gte=0),
                name="contribution_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle}: {self.tenths / 10:.1f}"

    @property
    def fills_the_pot(self) -> bool:
        """Whether its responders count in what everybody is granted (see `rule.common_pot`)."""
        return self.state in (self.State.COUNTED, self.State.NO_READING)

    @property
    def platform_label(self) -> str:
        platform = PLATFORMS.get(self.platform)
        return platform.label if platform else self.platform


class ScoringState(models.Model):
    """What is due for a member outside the night; made when an account's first read is done."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scoring_state"
    )
    accounts = ArrayField(
        models.BigIntegerField(), default=list, help_text="Ids of those in the last rescore."
    )
    seen_change_at = models.DateTimeField(
        null=True, help_text="The newest change of an account that was looked at."
    )
    history_done_at = models.DateTimeField(null=True, help_text="The first 90 days are written.")
    next_try_at = models.DateTimeField(help_text="Pushed ahead before each try.")
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"scoring of member {self.member_id}"


# In modules of their own; here so that Django finds them.
from scoring.brought_models import BroughtScore  # noqa: E402, F401
from scoring.dispute_models import Dispute  # noqa: E402, F401
