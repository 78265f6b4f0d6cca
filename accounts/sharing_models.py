"""What members show of themselves, and to whom. Without a row here nothing is shown to anybody.

What exactly stands on a page is put together in `klout.showing`; which networks do is said with
the accounts, and whether words of K do with those (`gifting.Choices`).
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

NAME_PATTERN = r"^[a-z0-9_-]{3,30}$"
ABOUT_MAX = 160
LABEL_MAX = 60
ASKED_AS_MAX = 255


def random_share_address() -> str:
    """128 random bits: whoever has the address may look, and nobody comes upon it."""
    return secrets.token_urlsafe(16)


class PublicName(models.Model):
    """An address `/@name/` that somebody has, or had.

    Of one that was given up a keyed hash stays until `free_at`: nobody inherits the links to it.
    """

    name_hash = models.CharField(max_length=64, help_text="Keyed hash of the name.")
    name = models.CharField(max_length=30, blank=True, help_text="Empty once it is given up.")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="public_names",
        help_text="Whoever has it, or gave it up and may take it again.",
    )
    taken_at = models.DateTimeField()
    free_at = models.DateTimeField(null=True, help_text="When others may take it; empty: in use.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name_hash"], name="public_name_once"),
            models.UniqueConstraint(
                fields=["name"], name="public_name_in_use_once", condition=~Q(name="")
            ),
            models.UniqueConstraint(
                fields=["member"], name="one_public_name_in_use", condition=Q(free_at=None)
            ),
            models.CheckConstraint(
                condition=Q(name="") | Q(name__regex=NAME_PATTERN), name="public_name_is_plain"
            ),
            models.CheckConstraint(
                condition=(Q(free_at=None) & ~Q(name="")) | Q(free_at__isnull=False, name=""),
                name="public_name_in_use_or_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.name}" if self.name else "a name that was given up"


class Profile(models.Model):
    """What stands on the page at a member's public name, chosen one by one."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="profile",
    )
    published_at = models.DateTimeField(null=True, help_text="Empty: private.")
    about = models.CharField(max_length=ABOUT_MAX, blank=True)
    shows_score = models.BooleanField(default=False)
    # Also in the database: the version before, which knows no topics, goes on making profiles.
    shows_topics = models.BooleanField(default=False, db_default=False)
    is_indexed = models.BooleanField(
        default=False, help_text="Search engines may list it.", verbose_name="indexed"
    )

    def __str__(self) -> str:
        return f"profile of member {self.member_id}"


class ShareLink(models.Model):
    """A page that whoever has its address may look at until it ends. Revoking deletes the row."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="share_links"
    )
    address = models.CharField(max_length=24, default=random_share_address, editable=False)
    label = models.CharField(max_length=LABEL_MAX, blank=True, help_text="For the owner alone.")
    shows_score = models.BooleanField(default=False)
    shows_words = models.BooleanField(default=False)
    shows_networks = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_on = models.DateField(null=True, help_text="The last day it was opened, not by whom.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["address"], name="share_link_address_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="share_link_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(shows_score=True) | Q(shows_words=True) | Q(shows_networks=True),
                name="share_link_shows_something",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at"], name="share_links_that_ended"),
        ]

    def __str__(self) -> str:
        return f"share link {self.pk} of member {self.member_id}"


class Badge(models.Model):
    """A picture of the score for pages elsewhere, at an address of its own."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="badge",
    )
    address = models.CharField(max_length=24, default=random_share_address, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["address"], name="badge_address_once"),
        ]

    def __str__(self) -> str:
        return f"badge of member {self.member_id}"


class SideBySide(models.Model):
    """One member asked to see scores side by side with another, who may have agreed.

    `other` is empty where nobody could be found: whoever asked cannot tell this, an answer that
    does not come and a no apart. Ending an agreement deletes the row; a question that was taken
    back stays for as long as others do, so that nobody is asked over and over.
    """

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asked_side_by_side"
    )
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="was_asked_side_by_side",
    )
    asked_as = models.CharField(max_length=ASKED_AS_MAX, help_text="As the asker wrote it.")
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["asker", "asked_as"], name="asked_once_as_this"),
            models.UniqueConstraint(
                fields=["asker", "other"], name="asked_once_to_be_side_by_side"
            ),
            models.CheckConstraint(
                condition=~Q(asker=F("other")), name="side_by_side_not_with_oneself"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(declined_at=None, withdrawn_at=None),
                name="side_by_side_yes_or_no",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.asker_id} asked at {self.asked_at}"
