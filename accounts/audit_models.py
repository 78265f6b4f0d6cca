"""The audit trail: what happened to a member's account, for the member to read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(models.TextChoices):
    """Everything that lands in the trail, whichever app says so."""

    SIGNED_UP = "signed_up", _("You signed up")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Somebody could not sign in")
    MORE_FAILED = "more_failed", _("More could not sign in; no more of that hour is noted")
    SESSIONS_ENDED = "sessions_ended", _("Browsers were signed out")
    PASSWORD_SET = "password_set", _("A password was set")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    PASSWORD_RESET = "password_reset", _("The password was reset by a mailed link")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
    APP_ADDED = "app_added", _("An authenticator app was set up")
    APP_REMOVED = "app_removed", _("The authenticator app was removed")
    CODES_MADE = "codes_made", _("New recovery codes were made")
    CODES_REMOVED = "codes_removed", _("The recovery codes were removed")
    ADDRESS_CONFIRMED = "address_confirmed", _("An e-mail address was confirmed")
    ADDRESS_CHANGED = "address_changed", _("The e-mail address was changed")
    NETWORK_LINKED = "network_linked", _("A network was linked, with your consent")
    NETWORK_RENEWED = "network_renewed", _("You gave consent to a network again")
    NETWORK_UNLINKED = "network_unlinked", _("A network was unlinked, and consent withdrawn")
    FINDABLE = "findable", _("You can be found by this handle")
    NOT_FINDABLE = "not_findable", _("You can no longer be found by this handle")
    PUBLISHED = "published", _("Something of yours was made public")
    WITHDRAWN = "withdrawn", _("Something of yours is no longer public")
    EXPORTED = "exported", _("Your data were taken along")
    IMPORTED = "imported", _("Data were brought here from another Klout")
    KEY_MADE = "key_made", _("An API key was made")
    KEY_REVOKED = "key_revoked", _("An API key was revoked")
    APPLICATION_MADE = "application_made", _("You registered an application")
    APPLICATION_CHANGED = "application_changed", _("An application of yours was changed")
    APPLICATION_SECRET = "application_secret", _("An application of yours got a new secret")
    APPLICATION_GONE = "application_gone", _("An application of yours was deleted")
    APPLICATION_STOPPED = (
        "application_stopped",
        _("The operator suspended an application of yours"),
    )
    APPLICATION_LET_IN = (
        "application_let_in",
        _("The operator let an application of yours in again"),
    )
    ACCESS_GIVEN = "access_given", _("You let an application act for you")
    ACCESS_ENDED = "access_ended", _("An application may not act for you any more")
    WEBHOOK_MADE = "webhook_made", _("A webhook was added")
    WEBHOOK_CHANGED = "webhook_changed", _("A webhook was changed")
    WEBHOOK_SECRET = "webhook_secret", _("A webhook got a new secret")
    WEBHOOK_GONE = "webhook_gone", _("A webhook was deleted")
    WEBHOOK_OFF = "webhook_off", _("A webhook was switched off")
    PAUSED = "paused", _("The account was paused")
    RESUMED = "resumed", _("The pause ended")
    DELETION_ASKED = "deletion_asked", _("Deletion was asked for")
    DELETION_UNDONE = "deletion_undone", _("The deletion was undone")
    SUSPENDED = "suspended", _("The operator suspended the account")
    UNSUSPENDED = "unsuspended", _("The operator let the account in again")
    OPERATOR_ACT = "operator_act", _("The operator did something to the account")


def events() -> list[tuple[str, str]]:
    """A callable, so that a new kind of event makes no migration."""
    return [(event.value, str(event.label)) for event in Event]


class AuditEntry(models.Model):
    """One thing that happened. Only added, never changed (migration 0003), deleted by age or with
    the member. Holds no secret; where it came from is coarse, and forgotten first.
    """

    class By(models.TextChoices):
        MEMBER = "member", pgettext_lazy("done by", "you")
        OPERATOR = "operator", pgettext_lazy("done by", "the operator")
        SOMEBODY = "somebody", pgettext_lazy("done by", "somebody")
        SITE = "site", pgettext_lazy("done by", "this site")

    # db_index=False: the index below begins with it.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="audit_entries",
        db_index=False,
    )
    event = models.CharField(max_length=20, choices=events)
    done_by = models.CharField(max_length=8, choices=By, default=By.MEMBER)
    detail = models.CharField(max_length=300, blank=True, help_text="Facts: a handle, a name.")
    browser = models.CharField(max_length=80, blank=True)
    place = models.CharField(
        max_length=45, blank=True, help_text="A network of many addresses, never one address."
    )
    happened_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["member", "-happened_at", "-id"], name="audit_newest_first"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(done_by__in=["member", "operator", "somebody", "site"]),
                name="audit_by_somebody_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.happened_at}"
