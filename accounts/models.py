"""The member."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# In modules of their own; here so that Django finds them.
from accounts.api_models import ApiKey, ApiPresence  # noqa: F401
from accounts.applications.models import Application, Grant  # noqa: F401
from accounts.names import initials_of
from accounts.sharing_models import (  # noqa: F401
    Badge,
    Profile,
    PublicName,
    ShareLink,
    SideBySide,
)
from accounts.webhooks.models import Webhook, WebhookMessage  # noqa: F401


def random_address() -> str:
    """A random, unguessable part of a URL: 96 bits, 16 characters."""
    return secrets.token_urlsafe(12)


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Member":
        """Create a member; without a password only a passkey or a reset lets them in."""
        member = self.model(email=self.normalize_email(email), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str, **fields: object) -> "Member":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username)


class Member(AbstractBaseUser, PermissionsMixin):
    """Somebody who signed up. Nothing about a member is public until they say so."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As my device has it")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class ScoreShown(models.TextChoices):
        """How members want to see their own number: by observing one may change it."""

        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")
        BAND = "band", _("Only the likely range")
        HIDDEN = "hidden", _("Not at all")

    email = models.EmailField()
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=24, unique=True, default=random_address, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the member said that they are 16 or older; nobody signs up without saying so.
    age_stated_at = models.DateTimeField(null=True, editable=False)
    language = models.CharField(
        max_length=10, blank=True, default="", help_text="Empty: as the browser asks."
    )
    time_zone = models.CharField(max_length=63, blank=True, default="", help_text="Empty: UTC.")
    theme = models.CharField(max_length=5, choices=Theme, blank=True, default=Theme.SYSTEM)
    score_shown = models.CharField(max_length=6, choices=ScoreShown, default=ScoreShown.DAILY)
    mails_announcements = models.BooleanField(
        default=False, help_text="Mail me what is announced to all members, e.g. a new rule."
    )
    # "I am resting": the clocks of all linked accounts stand still from here on.
    resting_since = models.DateTimeField(null=True, editable=False)
    # Paused: nothing is read, scored or mailed, and nobody sees the member.
    paused_at = models.DateTimeField(null=True, editable=False)
    # Deletion was asked for, and can be undone until then.
    erase_at = models.DateTimeField(null=True, editable=False)
    erasing_until = models.DateTimeField(
        null=True, editable=False, help_text="Lease of the worker that erases."
    )
    # The one condition by which pages and due tasks of all apps pass somebody over.
    takes_part = models.GeneratedField(
        expression=models.Q(is_active=True, paused_at=None, erase_at=None),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Read, scored, mailed and seen: not suspended, paused or leaving.",
    )
    # The picture that the member chose (see networks/picture_models.py); empty: initials.
    picture = models.CharField(max_length=32, blank=True, default="", editable=False)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.CheckConstraint(
                condition=models.Q(theme__in=["", "light", "dark"]), name="member_theme_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(score_shown__in=["daily", "weekly", "band", "hidden"]),
                name="member_score_shown_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(erasing_until=None) | models.Q(erase_at__isnull=False),
                name="only_who_leaves_is_erased",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["erase_at"],
                name="due_to_be_erased",
                condition=models.Q(erase_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the round picture beside a name."""
        return initials_of(self.name)


# In modules of their own; here so that Django finds them.
from accounts.audit_models import AuditEntry  # noqa: E402, F401
from accounts.export_models import Export, Import  # noqa: E402, F401
from accounts.operator_models import Announcement, Invitation, StaffAct, Told  # noqa: E402, F401
