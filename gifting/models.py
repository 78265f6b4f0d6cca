"""The ledger of K: hands, allotments, numbered K and the moves between hands.

The chain of moves is the ledger. Rows of `Allotment`, `K` and `Move` are only ever added; the
database refuses to change them (migration 0002), and refuses every move that would counterfeit
a K. What people wrote stands apart in `Words`, so that it can be taken away.
"""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import random_address
from gifting import periods

WORDS_MAX = 500
# Stands in `had_from` and `bars` for "nobody: it came from an allotment". No hand has this id.
NOBODY = 0


class Period(models.Model):
    """The days for which an allotment is granted. Stored as it begins, and never changed.

    So a new length (K_PERIOD_DAYS) starts when the current period ends. Periods never overlap
    (exclusion constraint `periods_apart`, migration 0004).
    """

    begins_on = models.DateField(primary_key=True, help_text="At 00:00 UTC.")
    ends_on = models.DateField(help_text="At 00:00 UTC; the next one begins.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on")), name="period_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins_on} to {self.ends_on}"

    @property
    def days(self) -> int:
        return (self.ends_on - self.begins_on).days

    @property
    def ends_at(self) -> datetime:
        return periods.midnight(self.ends_on)


class Hand(models.Model):
    """What holds K. When its member leaves, the hand stays in the chains without a name."""

    class AcceptsFrom(models.TextChoices):
        ANSWERED = "answered", _("Members I answered")
        ALL = "all", _("All members")
        NOBODY = "nobody", _("Nobody")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="hand"
    )
    accepts_from = models.CharField(
        max_length=10, choices=AcceptsFrom, default=AcceptsFrom.ANSWERED
    )
    stopped_at = models.DateTimeField(
        null=True, help_text="The operator decided that this hand gives no more K."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id__gt=NOBODY), name="hand_is_somebody"),
            models.CheckConstraint(
                condition=Q(accepts_from__in=["answered", "all", "nobody"]),
                name="hand_accepts_from_known",
            ),
        ]

    def __str__(self) -> str:
        return f"hand {self.pk}"

    @property
    def shown_name(self) -> str:
        """What others read; whoever is paused or leaving is hidden from that moment."""
        if self.member is None:
            return gettext("somebody who left")
        return self.member.name if self.member.takes_part else gettext("a member")


class Allotment(models.Model):
    """How many K a hand was granted for a period; the size of a granted one never changes."""

    # db_index=False here and below: a constraint that begins with the column is its index.
    hand = models.ForeignKey(
        Hand, on_delete=models.PROTECT, related_name="allotments", db_index=False
    )
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, db_column="period", db_index=False, related_name="+"
    )
    size = models.PositiveSmallIntegerField()
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hand", "period"], name="allotment_once_a_period"),
            # What a K's claim about its allotment is checked against.
            models.UniqueConstraint(
                fields=["hand", "period", "size"], name="allotment_with_its_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size} K from {self.period_id}"


class K(models.Model):
    """One K. It comes into being when it is first given, from a slot of an allotment.

    Its number to show is its id; its address is what a URL holds.
    """

    hand = models.ForeignKey(
        Hand,
        on_delete=models.PROTECT,
        related_name="minted",
        db_index=False,
        help_text="Allotted to.",
    )
    period = models.ForeignKey(
        Period,
        on_delete=models.PROTECT,
        db_column="period",
        db_index=False,
        db_constraint=False,  # Held to the allotment, which is held to the period.
        related_name="+",
    )
    size = models.PositiveSmallIntegerField(help_text="Of the allotment; checked against it.")
    slot = models.PositiveSmallIntegerField(help_text="1 to size.")
    address = models.CharField(max_length=24, unique=True, default=random_address, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hand", "period", "slot"], name="slot_once"),
            models.UniqueConstraint(fields=["id", "hand"], name="k_with_its_first_hand"),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=F("size")), name="slot_within_allotment"
            ),
        ]

    def __str__(self) -> str:
        return f"K {self.pk:,}"


class MoveQuerySet(models.QuerySet["Move"]):
    def gifts(self) -> "MoveQuerySet":
        """First and on: what somebody wanted somebody to have."""
        return self.exclude(kind=Move.Kind.BACK)

    def in_place(self) -> "MoveQuerySet":
        """The last move of each K: its receiver holds the K."""
        return self.filter(~Exists(_next_move()))

    def held_by(self, hand: Hand, now: datetime) -> "MoveQuerySet":
        """The moves that put a K into this hand, where it still is and has not lapsed.

        The condition is `periods.lapses_at` in SQL.
        """
        has_time = Q(home_since__gt=now - periods.KEPT_AFTER_RETURN) | Q(
            k__period__ends_on__gt=periods.day_of(now)
        )
        return self.in_place().filter(~Q(k__hand=hand) | has_time, receiver=hand)

    def kept(self) -> "MoveQuerySet":
        """Not returned to the giver, neither by undo nor by decline."""
        return self.filter(~Exists(_next_move().filter(kind=Move.Kind.BACK)))

    def not_undone(self) -> "MoveQuerySet":
        """Kept or declined: the giver did not take it back."""
        return self.filter(~Exists(_next_move().filter(kind=Move.Kind.BACK, declined=False)))


def _next_move() -> "MoveQuerySet":
    return Move.objects.filter(k=OuterRef("k"), step=OuterRef("step") + 1)


class Move(models.Model):
    """One passage of a K from hand to hand.

    `first`: out of the allotment. `on`: by somebody who had received it. `back`: returned to
    whoever gave it, by undo or by decline. `had_from` is the hand the giver had it from, `bars`
    the hand that the receiver may not give it straight back to; both are held to the chain by
    composite foreign keys (migration 0002), so a raw insert cannot lie about them.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "given first"
        ON = "on", "passed on"
        BACK = "back", "returned"

    k = models.ForeignKey(K, on_delete=models.PROTECT, related_name="moves", db_index=False)
    step = models.PositiveIntegerField(help_text="1, 2, 3 along the life of this K.")
    kind = models.CharField(max_length=5, choices=Kind)
    prev_kind = models.CharField(max_length=5, null=True, choices=Kind)  # noqa: DJ001
    giver = models.ForeignKey(
        Hand, on_delete=models.PROTECT, related_name="moves_out", db_index=False
    )
    receiver = models.ForeignKey(
        Hand, on_delete=models.PROTECT, related_name="moves_in", db_index=False
    )
    had_from = models.BigIntegerField()
    bars = models.BigIntegerField()
    declined = models.BooleanField(default=False, help_text="Back by decline, not by undo.")
    home_since = models.DateTimeField(
        null=True,
        help_text="In the hand it was allotted to: since when, as its lapse counts it. "
        "Giving it and having it back does not make that later.",
    )
    key = models.UUIDField(null=True, help_text="Of the form; the same request makes one gift.")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Move"]] = MoveQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["giver", "receiver", "made_at"], name="move_between"),
            models.Index(fields=["receiver", "made_at"], name="move_received"),
            models.Index(
                fields=["receiver", "home_since"],
                name="move_home",
                condition=Q(home_since__isnull=False),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two moves of one K cannot follow the same move: it is in one hand at a time.
            models.UniqueConstraint(fields=["k", "step"], name="k_in_one_hand"),
            models.UniqueConstraint(fields=["giver", "key"], name="one_gift_per_request"),
            # What the next move's claims are checked against.
            models.UniqueConstraint(
                fields=["k", "step", "kind", "receiver", "bars"], name="move_as_the_next_sees_it"
            ),
            models.UniqueConstraint(
                fields=["k", "step", "had_from"], name="move_as_its_return_sees_it"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "on", "back"]), name="move_kind_known"
            ),
            models.CheckConstraint(condition=Q(step__gte=1), name="move_steps_from_one"),
            # A foreign key with a NULL in it is not checked: hence prev_kind is never NULL after 1.
            models.CheckConstraint(
                condition=Q(step=1, kind="first", prev_kind__isnull=True, had_from=NOBODY)
                | (Q(step__gt=1, prev_kind__isnull=False) & ~Q(kind="first")),
                name="first_move_is_step_one",
            ),
            models.CheckConstraint(
                condition=~Q(giver_id=F("receiver_id")), name="gift_not_to_self"
            ),
            models.CheckConstraint(
                condition=Q(kind="back") | ~Q(receiver_id=F("had_from")),
                name="gift_not_straight_back",
            ),
            models.CheckConstraint(
                condition=Q(kind="back") | Q(bars=F("giver_id")), name="gift_bars_its_giver"
            ),
            models.CheckConstraint(
                condition=~Q(kind="back")
                | Q(receiver_id=F("had_from"), prev_kind__in=["first", "on"]),
                name="back_to_whoever_gave_it",
            ),
            models.CheckConstraint(
                condition=Q(declined=False) | Q(kind="back"), name="only_a_return_is_declined"
            ),
            models.CheckConstraint(
                condition=Q(home_since__isnull=True) | Q(home_since__lte=F("made_at")),
                name="home_since_is_no_later_than_the_move",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of K {self.k_id:,}"

    @property
    def lapses_at(self) -> datetime | None:
        """While it is the last move of its K: when that lapses; only at home does a K lapse."""
        since = self.home_since
        return periods.lapses_at(self.k.period.ends_on, since) if since else None

    def has_lapsed(self, now: datetime) -> bool:
        return self.lapses_at is not None and self.lapses_at <= now


class Words(models.Model):
    """What the giver wrote with a gift, and who may see it later. Not part of the ledger."""

    move = models.OneToOneField(Move, primary_key=True, on_delete=models.PROTECT)
    text = models.CharField(max_length=WORDS_MAX, blank=True)
    link = models.URLField(max_length=500, blank=True, help_text="What moved the giver; https.")
    giver_shares = models.BooleanField(
        default=False, help_text="Giver: later holders may see my name and these words."
    )
    receiver_shares = models.BooleanField(
        default=False, help_text="Receiver: later holders may see my name and these words."
    )

    class Meta:
        verbose_name_plural = "words"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="link_is_https"
            ),
        ]

    def __str__(self) -> str:
        return f"words of move {self.pk}"


class Block(models.Model):
    """`by` takes no K from `of`, who is not told."""

    by = models.ForeignKey(Hand, on_delete=models.CASCADE, related_name="blocks", db_index=False)
    of = models.ForeignKey(Hand, on_delete=models.CASCADE, related_name="blocked_by")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["by", "of"], name="block_once"),
            models.CheckConstraint(condition=~Q(by=F("of")), name="block_not_of_self"),
        ]

    def __str__(self) -> str:
        return f"block by hand {self.by_id}"


class Report(models.Model):
    """A gift that its receiver showed to the operator, with the words as they were.

    Deleted after 30 days, decided or not; what was decided stays in `Decision`.
    """

    move = models.ForeignKey(Move, on_delete=models.PROTECT, db_index=False)
    reporter = models.ForeignKey(Hand, on_delete=models.CASCADE, related_name="reports")
    words = models.CharField(max_length=WORDS_MAX, blank=True)
    link = models.URLField(max_length=500, blank=True)
    said = models.CharField(max_length=WORDS_MAX, blank=True, help_text="By the reporter.")
    reported_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["move", "reporter"], name="report_once_per_gift"),
        ]

    def __str__(self) -> str:
        return f"report of move {self.move_id}"


class Decision(models.Model):
    """What the operator decided about a report, without the words that were reported."""

    class Outcome(models.TextChoices):
        NOTHING = "nothing", _("Leave everything as it is")
        WORDS_GONE = "words_gone", _("Take the words and the link away")
        STOPPED = "stopped", _("Take them away, and let the giver give no more K")

    report = models.OneToOneField(
        Report, null=True, on_delete=models.SET_NULL, related_name="decision"
    )
    move = models.ForeignKey(Move, on_delete=models.PROTECT)
    reporter = models.ForeignKey(Hand, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(
        max_length=WORDS_MAX, blank=True, help_text="For the reporter, who reads it."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the mail to the reporter went out.")
    # Of a stop: when it was lifted, and by whom.
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["move", "reporter"], name="decided_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["nothing", "words_gone", "stopped"]),
                name="decision_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(outcome="stopped"),
                name="only_a_stop_is_lifted",
            ),
        ]

    def __str__(self) -> str:
        return f"decision on move {self.move_id}: {self.outcome}"


# In modules of their own; here so that Django finds it.
from gifting.brought_models import BroughtMove  # noqa: E402, F401
from gifting.member_models import Choices, KeptInMind, OpenWay, ProfileWords  # noqa: E402, F401
