"""Applications, and what members allowed them. Of secrets and tokens only hashes are kept."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

NAME_MAX = 60
URI_MAX = 500
URIS_AT_MOST = 10
DIGEST_LENGTH = 64


def random_client_id() -> str:
    """96 random bits: an application is named by it, and none is found by trying."""
    return secrets.token_urlsafe(12)


def random_family() -> str:
    """What all refresh tokens of one grant begin with."""
    return secrets.token_urlsafe(12)


class Application(models.Model):
    """A program of somebody else's that may ask members to act for them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="applications"
    )
    client_id = models.CharField(max_length=24, default=random_client_id, editable=False)
    name = models.CharField(max_length=NAME_MAX)
    home_page = models.URLField(max_length=URI_MAX)
    redirect_uris = ArrayField(models.CharField(max_length=URI_MAX))
    secret_digest = models.CharField(
        max_length=DIGEST_LENGTH, blank=True, help_text="Empty: it can keep no secret (public)."
    )
    made_at = models.DateTimeField()
    suspended_at = models.DateTimeField(
        null=True, help_text="Since when the operator lets it do nothing."
    )
    suspended_for = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="Why, for its owner."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client_id"], name="application_once"),
            models.CheckConstraint(
                condition=~Q(redirect_uris=[]), name="application_leads_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(home_page__startswith="https://"), name="application_home_is_https"
            ),
            models.CheckConstraint(
                condition=Q(suspended_at=None, suspended_for="")
                | (Q(suspended_at__isnull=False) & ~Q(suspended_for="")),
                name="application_suspended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        """Whether it runs where it can keep a secret, and has to show it."""
        return self.secret_digest != ""


class Grant(models.Model):
    """One consent. First a code; once that was exchanged, an access and a refresh token.

    `family` is the part that all refresh tokens of the grant have in common, so that one which
    was used before is recognised without keeping it. An ended grant holds nothing that opens.
    """

    class End(models.TextChoices):
        MEMBER = "member", _("by you")
        APPLICATION = "application", _("by the application")
        REPLAY = "replay", _("by this site: a code was used twice")
        REUSE = "reuse", _("by this site: a token was used twice")
        CROWDED = "crowded", _("by this site: newer ones took its place")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="grants")
    scopes = ArrayField(models.CharField(max_length=20))
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(
        # For what was given by a version that knew no end.
        db_default=Now() + timedelta(days=180),
        help_text="However often it is renewed.",
    )

    code_digest = models.CharField(max_length=DIGEST_LENGTH)
    code_expires_at = models.DateTimeField()
    code_challenge = models.CharField(max_length=128, help_text="S256.")
    redirect_uri = models.CharField(max_length=URI_MAX)
    exchanged_at = models.DateTimeField(null=True)

    family = models.CharField(max_length=24, default=random_family, editable=False)
    access_digest = models.CharField(max_length=DIGEST_LENGTH, null=True)  # noqa: DJ001 (unique)
    access_scopes = ArrayField(
        models.CharField(max_length=20), default=list, help_text="A part of `scopes`, or all."
    )
    access_expires_at = models.DateTimeField(null=True)
    refresh_digest = models.CharField(max_length=DIGEST_LENGTH, null=True)  # noqa: DJ001 (unique)
    refresh_expires_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=11, choices=End, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code_digest"], name="grant_code_once"),
            models.UniqueConstraint(fields=["access_digest"], name="grant_access_token_once"),
            models.UniqueConstraint(fields=["family"], name="grant_family_once"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="grant_opens_something"),
            models.CheckConstraint(
                condition=Q(access_scopes__contained_by=models.F("scopes")),
                name="grant_token_opens_no_more",
            ),
            models.CheckConstraint(
                condition=Q(exchanged_at__isnull=False)
                | Q(access_digest=None, refresh_digest=None),
                name="grant_has_tokens_for_a_code",
            ),
            models.CheckConstraint(
                condition=Q(access_digest=None, access_expires_at=None)
                | Q(access_digest__isnull=False, access_expires_at__isnull=False),
                name="grant_access_token_ends",
            ),
            models.CheckConstraint(
                condition=Q(refresh_digest=None, refresh_expires_at=None)
                | Q(refresh_digest__isnull=False, refresh_expires_at__isnull=False),
                name="grant_refresh_token_ends",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(access_expires_at=None) | Q(access_expires_at__lte=F("ends_at")))
                    & (Q(refresh_expires_at=None) | Q(refresh_expires_at__lte=F("ends_at")))
                ),
                name="grant_tokens_end_with_it",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="")
                | (Q(ended_at__isnull=False, access_digest=None, refresh_digest=None) & ~Q(end="")),
                name="ended_grant_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk} to {self.application_id}"
