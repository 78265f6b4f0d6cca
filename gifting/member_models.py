"""What members wish beside giving: whom they keep in mind, what they show, what they are mailed.

Everything hangs on the member's hand and is deleted when they leave. Nothing here is part of
the ledger.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from networks.registry import platform_choices

REASON_MAX = 500


class Choices(models.Model):
    """What a member chose; without a row the answer to everything is no."""

    hand = models.OneToOneField(
        "gifting.Hand", primary_key=True, on_delete=models.CASCADE, related_name="choices"
    )
    found_by_name = models.BooleanField(
        default=False, help_text="Members may find me by my name where they look for whom to give."
    )
    shows_appreciation = models.BooleanField(
        default=False, help_text="How many gave to me, and words, may stand on my public profile."
    )
    wants_digest = models.BooleanField(
        default=False, help_text="Mail me once a day at most when a K has come."
    )
    # The digest: not before this moment, and what came up to that one has been told.
    digest_not_before = models.DateTimeField(null=True)
    digest_told_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "choices"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["digest_not_before"],
                name="digest_due",
                condition=Q(wants_digest=True),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(wants_digest=False)
                | Q(digest_not_before__isnull=False, digest_told_until__isnull=False),
                name="digest_knows_where_it_is",
            ),
        ]

    def __str__(self) -> str:
        return f"choices of hand {self.pk}"


class OpenWay(models.Model):
    """`hand` lets every member who knows the address of this K see its way.

    Strangers see it once every hand on the way has such a row.
    """

    k = models.ForeignKey("gifting.K", on_delete=models.CASCADE, db_index=False)
    hand = models.ForeignKey("gifting.Hand", on_delete=models.CASCADE, related_name="open_ways")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["k", "hand"], name="way_opened_once_by_a_hand"),
        ]

    def __str__(self) -> str:
        return f"K {self.k_id:,} open for hand {self.hand_id}"


class ProfileWords(models.Model):
    """Whether the words of a gift may stand on its receiver's public profile: both say so."""

    move = models.OneToOneField(
        "gifting.Move", primary_key=True, on_delete=models.CASCADE, related_name="profile_words"
    )
    giver_allows = models.BooleanField(default=False)
    receiver_shows = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "profile words"

    def __str__(self) -> str:
        return f"words of move {self.pk} on a profile"


class KeptInMind(models.Model):
    """Somebody a member wants to remember, and why. The keeper's own note; nobody else sees it.

    Either a handle on a platform (or somewhere else: ""), or a member whom the keeper exchanged
    a K with. `handle_key` is what handles are compared by (see `handles.handle_key`).
    """

    keeper = models.ForeignKey(
        "gifting.Hand", on_delete=models.CASCADE, related_name="kept_in_mind", db_index=False
    )
    of = models.ForeignKey(
        "gifting.Hand", null=True, on_delete=models.CASCADE, related_name="kept_by"
    )
    platform = models.CharField(max_length=20, blank=True, choices=platform_choices)
    handle = models.CharField(max_length=255, blank=True)
    handle_key = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=80, blank=True, help_text="As the keeper calls them.")
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    link = models.URLField(max_length=500, blank=True, help_text="What moved the keeper; https.")
    kept_at = models.DateTimeField()
    here_since = models.DateTimeField(
        null=True, help_text="When it was seen that this handle can be given K here."
    )
    noted_at = models.DateTimeField(null=True, help_text="The keeper has read that they are here.")

    class Meta:
        verbose_name_plural = "kept in mind"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["platform", "handle_key"],
                name="kept_and_waited_for",
                condition=Q(here_since=None),
            ),
            models.Index(fields=["keeper", "kept_at"], name="kept_newest_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["keeper", "platform", "handle_key"],
                name="handle_kept_once",
                condition=Q(of=None),
            ),
            models.UniqueConstraint(
                fields=["keeper", "of"], name="member_kept_once", condition=~Q(of=None)
            ),
            models.CheckConstraint(
                condition=Q(of__isnull=False, handle="", handle_key="")
                | (Q(of=None) & ~Q(handle="") & ~Q(handle_key="")),
                name="kept_is_a_member_or_a_handle",
            ),
            models.CheckConstraint(condition=~Q(keeper=models.F("of")), name="kept_not_oneself"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="kept_link_is_https"
            ),
        ]

    def __str__(self) -> str:
        return f"kept in mind by hand {self.keeper_id}"
