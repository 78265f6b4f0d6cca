"""What the operator does: acts, invitations, announcements."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StaffAct(models.Model):
    """One act of somebody of the staff: who, what, on whom, when, why. Only added.

    The database refuses to change or delete one (trigger `staff_acts_only_grow`); when a member
    leaves, an act forgets who it was about, and the reason with it.
    """

    class What(models.TextChoices):
        MADE_STAFF = "made_staff", _("made somebody an operator")
        SUSPENDED = "suspended", _("suspended a member")
        LET_IN_AGAIN = "let_in_again", _("let a member in again")
        UNLINKED = "unlinked", _("unlinked an account")
        STOPPED_APPLICATION = "stopped_application", _("suspended an application")
        LET_APPLICATION_IN = "let_application_in", _("let an application in again")
        INVITED = "invited", _("made an invitation")
        TOOK_BACK = "took_back", _("took an invitation back")
        ANNOUNCED = "announced", _("announced something")
        WITHDREW = "withdrew", _("withdrew an announcement")
        TRIED_MAIL = "tried_mail", _("sent a mail to try it")

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=80, help_text="As they were called then.")
    what = models.CharField(max_length=20, choices=What)
    on_member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="acts_of_staff"
    )
    detail = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.by_name} {self.what} at {self.done_at}"


class Invitation(models.Model):
    """One link with which one person can sign up. The link goes out, only its hash stays."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True, help_text="For the operator: for whom.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitation"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(used_by=None) | Q(used_at__isnull=False),
                name="who_used_an_invitation_used_it_once",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(taken_back_at=None),
                name="an_invitation_is_used_or_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="invitation_lasts_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.made_at}"


class Announcement(models.Model):
    """Something that every member is told once: a coming rule, or what the operator wrote.

    For a rule, `rule` names its version and the words come from the pages, in each member's own
    language; else `title` and `text` are the operator's.
    """

    rule = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    shown_until = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule"], condition=~Q(rule=""), name="a_rule_is_announced_once"
            ),
            models.CheckConstraint(
                condition=(~Q(rule="") & Q(title="", text=""))
                | (Q(rule="") & ~Q(title="") & ~Q(text="")),
                name="announcement_of_a_rule_or_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"rule {self.rule}"


class Told(models.Model):
    """That one member was told of one announcement: by mail, or on a page that they closed."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="told")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="announcements_told"
    )
    dismissed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "told"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["announcement", "member"], name="announced_once_to_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {self.announcement_id} to member {self.member_id}"
