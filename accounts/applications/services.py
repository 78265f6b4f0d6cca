"""Stories of applications: registered, changed, given a new secret, deleted, let in."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import ngettext

from accounts.api_keys import Refused, digest_of
from accounts.applications import grants
from accounts.applications.grants import SECRET_BYTES
from accounts.applications.models import Application, Grant
from accounts.audit import Event, record
from accounts.models import Member
from accounts.scopes import Scope

APPLICATIONS_AT_MOST = 10
SECRET_PREFIX = "ks_"  # noqa: S105 (what secrets begin with)


@dataclass(frozen=True)
class Described:
    """What its owner says of an application."""

    name: str
    home_page: str
    redirect_uris: Sequence[str]


@dataclass(frozen=True)
class LetIn:
    """An application that may act for a member, on as many devices as there are grants."""

    application: Application
    scopes: tuple[Scope, ...]
    since: datetime
    last_used_on: date | None
    ends_at: datetime
    count: int


def _new_secret() -> str:
    return SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def register(
    owner: Member, described: Described, now: datetime, *, is_confidential: bool
) -> tuple[Application, str]:
    """A new application and its secret, shown this once; "" where it can keep none.

    Raises Refused where the member has as many as there may be.
    """
    secret = _new_secret() if is_confidential else ""
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if Application.objects.filter(owner=owner).count() >= APPLICATIONS_AT_MOST:
            raise Refused(
                ngettext(
                    "You have %(most)s application, as many as there may be. Nothing was made. "
                    "Delete one that is no longer used, then register the new one.",
                    "You have %(most)s applications, as many as there may be. Nothing was made. "
                    "Delete one that is no longer used, then register the new one.",
                    APPLICATIONS_AT_MOST,
                )
                % {"most": APPLICATIONS_AT_MOST}
            )
        application = Application.objects.create(
            owner=owner,
            name=described.name,
            home_page=described.home_page,
            redirect_uris=list(described.redirect_uris),
            secret_digest=digest_of(secret) if secret else "",
            made_at=now,
        )
        record(owner, Event.APPLICATION_MADE, now, detail=application.name)
    return application, secret


def change(application: Application, described: Described, now: datetime) -> None:
    """Say something else of an application; what members allowed it stands."""
    application.name = described.name
    application.home_page = described.home_page
    application.redirect_uris = list(described.redirect_uris)
    with transaction.atomic():
        application.save(update_fields=["name", "home_page", "redirect_uris"])
        record(application.owner, Event.APPLICATION_CHANGED, now, detail=application.name)


def rotate_secret(application: Application, now: datetime) -> str:
    """A new secret, shown this once; the one before opens nothing from now on."""
    secret = _new_secret()
    with transaction.atomic():
        Application.objects.filter(pk=application.pk).update(secret_digest=digest_of(secret))
        record(application.owner, Event.APPLICATION_SECRET, now, detail=application.name)
    return secret


def delete(application: Application, now: datetime) -> None:
    """Take an application away, and with it everything that members allowed it."""
    with transaction.atomic():
        record(application.owner, Event.APPLICATION_GONE, now, detail=application.name)
        application.delete()


def withdraw(member: Member, now: datetime) -> None:
    """End all that the member allowed, and delete what they made: others may know its secret."""
    for one in let_in_by(member, now):
        grants.revoke(member, one.application.client_id, now)
    # Codes that nobody came for yet.
    Grant.objects.filter(member=member, exchanged_at=None).delete()
    for application in Application.objects.filter(owner=member).select_related("owner"):
        delete(application, now)


def let_in_by(member: Member, now: datetime) -> list[LetIn]:
    """The applications that may act for a member, by name; also those that are suspended now."""
    found = (
        Grant.objects.filter(member=member, ended_at=None, exchanged_at__isnull=False)
        .exclude(refresh_expires_at__lte=now)
        .select_related("application")
        .order_by("application__name", "application", "given_at")
    )
    by_application: dict[Application, list[Grant]] = defaultdict(list)
    for grant in found:
        by_application[grant.application].append(grant)
    return [_let_in(application, given) for application, given in by_application.items()]


def _let_in(application: Application, given: Sequence[Grant]) -> LetIn:
    allowed = {name for grant in given for name in grant.scopes}
    return LetIn(
        application=application,
        scopes=tuple(scope for scope in Scope if scope in allowed),
        since=given[0].given_at,
        last_used_on=max((one.last_used_on for one in given if one.last_used_on), default=None),
        ends_at=max(one.ends_at for one in given),
        count=len(given),
    )


def data_of(member: Member) -> dict[str, object]:
    """For the export: applications of the member's, and those let in; nothing that opens."""
    return {
        "registered": list(
            Application.objects.filter(owner=member).values(
                "name",
                "client_id",
                "home_page",
                "redirect_uris",
                "made_at",
                "suspended_at",
                "suspended_for",
            )
        ),
        "let_in": list(
            Grant.objects.filter(member=member, exchanged_at__isnull=False)
            .order_by("given_at", "pk")
            .values(
                "application__name",
                "application__home_page",
                "scopes",
                "given_at",
                "ends_at",
                "last_used_on",
                "ended_at",
                "end",
            )
        ),
    }
