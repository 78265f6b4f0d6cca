"""The life of a grant: consent, code, tokens, end. Whatever decides holds the grant's row.

A code or a refresh token that is shown a second time was copied by somebody: then the grant ends,
and with it everything that came of it (RFC 6749, 4.1.2; RFC 9700, 4.14.2).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.api_keys import digest_of
from accounts.applications.models import Application, Grant
from accounts.audit import AuditEntry, Event, record
from accounts.models import Member

CODE_FOR = timedelta(seconds=60)
ACCESS_FOR = timedelta(minutes=30)
# Of a refresh token that is not used; each use begins it anew, until the grant ends (GRANT_DAYS).
REFRESH_FOR = timedelta(days=60)
# One for each device on which a member lets the same application in; the oldest ends for one more.
GRANTS_AT_MOST = 10
# How long an ended grant is remembered.
KEPT = timedelta(days=30)

ACCESS_PREFIX = "ka_"
REFRESH_PREFIX = "kr_"
SECRET_BYTES = 32


@dataclass(frozen=True)
class Consent:
    """What a member agreed to: which application, what it may do, and where the code goes."""

    application: Application
    scopes: Sequence[str]
    redirect_uri: str
    code_challenge: str


@dataclass(frozen=True)
class Tokens:
    """Handed out once and kept nowhere."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scopes: tuple[str, ...]


def live() -> QuerySet[Grant]:
    """Grants that may open something: they have not ended, both sides take part, and the operator
    did not suspend the application.
    """
    return Grant.objects.filter(
        ended_at=None,
        member__takes_part=True,
        application__owner__takes_part=True,
        application__suspended_at=None,
    )


def end_of(given_at: datetime) -> datetime:
    """When a consent that is given then ends, however often its tokens are renewed."""
    return given_at + timedelta(days=settings.GRANT_DAYS)


def give(member: Member, consent: Consent, now: datetime) -> str:
    """Write down a consent; returns the code, which is good for a minute and for one use."""
    code = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        # One after the other, so that two consents at once do not make one grant too many.
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        _make_room(member, consent.application, now)
        Grant.objects.create(
            member=member,
            application=consent.application,
            scopes=list(consent.scopes),
            given_at=now,
            ends_at=end_of(now),
            code_digest=digest_of(code),
            code_expires_at=now + CODE_FOR,
            code_challenge=consent.code_challenge,
            redirect_uri=consent.redirect_uri,
        )
        detail = f"{consent.application.name}: {' '.join(consent.scopes)}"
        record(member, Event.ACCESS_GIVEN, now, detail=detail)
    return code


def _make_room(member: Member, application: Application, now: datetime) -> None:
    """Codes that nobody came for go; of the rest the oldest ends where there are too many."""
    mine = Grant.objects.filter(member=member, application=application, ended_at=None)
    mine.filter(exchanged_at=None, code_expires_at__lte=now).delete()
    newest_first = mine.order_by("-given_at", "-pk").values_list("pk", flat=True)
    for pk in newest_first[GRANTS_AT_MOST - 1 :]:
        _end(Grant.objects.get(pk=pk), Grant.End.CROWDED, now)


def by_code(code: str, application: Application, now: datetime) -> Grant | None:
    """The grant whose code this is, locked; to be called in a transaction.

    None for a code that is unknown, late, another application's, or used: then the grant ends.
    """
    grant = _locked(Q(code_digest=digest_of(code), application=application))
    if grant is not None and grant.exchanged_at is not None:
        _end(grant, Grant.End.REPLAY, now)
        return None
    if grant is None or grant.code_expires_at <= now or grant.ended_at is not None:
        return None
    return grant


def by_refresh_token(token: str, application: Application, now: datetime) -> Grant | None:
    """The grant whose refresh token this is, locked; to be called in a transaction.

    None for one that is unknown, late, another application's, or used: then the grant ends.
    """
    grant = _locked(Q(family=_family_of(token), application=application))
    if grant is None or grant.ended_at is not None:
        return None
    if grant.refresh_digest != digest_of(token):
        _end(grant, Grant.End.REUSE, now)
        return None
    assert grant.refresh_expires_at is not None  # noqa: S101 (a constraint of the database)
    return grant if grant.refresh_expires_at > now else None


def _locked(which: Q) -> Grant | None:
    return (
        Grant.objects.select_for_update(of=("self",))
        .filter(which, member__takes_part=True)
        .select_related("member", "application")
        .first()
    )


def new_tokens(grant: Grant, scopes: Sequence[str], now: datetime) -> Tokens:
    """Fresh tokens for a locked grant; those before them open nothing any more."""
    access = ACCESS_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    refresh = f"{REFRESH_PREFIX}{grant.family}.{secrets.token_urlsafe(SECRET_BYTES)}"
    Grant.objects.filter(pk=grant.pk).update(
        exchanged_at=grant.exchanged_at or now,
        access_digest=digest_of(access),
        access_scopes=list(scopes),
        access_expires_at=min(now + ACCESS_FOR, grant.ends_at),
        refresh_digest=digest_of(refresh),
        refresh_expires_at=min(now + REFRESH_FOR, grant.ends_at),
    )
    return Tokens(access, refresh, tuple(scopes))


def opened_by(access_token: str, now: datetime) -> Grant | None:
    """The grant that this access token opens now, with its member and application.

    Notes the day of use, once a day at most.
    """
    if not access_token.startswith(ACCESS_PREFIX):
        return None
    digest = digest_of(access_token)
    grant = (
        live()
        .filter(access_digest=digest, access_expires_at__gt=now)
        .select_related("member", "application")
        .first()
    )
    today = now.date()
    if grant is not None and grant.last_used_on != today:
        Grant.objects.filter(pk=grant.pk).update(last_used_on=today)
    return grant


def with_token(token: str) -> Grant | None:
    """The grant to which a token belongs, access or refresh, for its end (RFC 7009)."""
    digest = digest_of(token)
    which = Q(access_digest=digest) | Q(refresh_digest=digest)
    return Grant.objects.filter(which, ended_at=None).select_related("application").first()


def end(grant: Grant, why: Grant.End, now: datetime) -> None:
    with transaction.atomic():
        _end(grant, why, now)


def revoke(member: Member, client_id: str, now: datetime) -> Application | None:
    """End all that a member allowed an application; None where there is nothing. Twice is once."""
    application = Application.objects.filter(client_id=client_id, grants__member=member).first()
    if application is None:
        return None
    with transaction.atomic():
        theirs = Grant.objects.filter(member=member, application=application, ended_at=None)
        if _close(theirs, Grant.End.MEMBER, now):
            record(member, Event.ACCESS_ENDED, now, detail=application.name)
    return application


def _end(grant: Grant, why: Grant.End, now: datetime) -> None:
    if _close(Grant.objects.filter(pk=grant.pk, ended_at=None), why, now):
        by = AuditEntry.By.SITE
        detail = f"{grant.application.name} ({why.value})"
        record(grant.member, Event.ACCESS_ENDED, now, detail=detail, by=by)


def _close(grants: QuerySet[Grant], why: Grant.End, now: datetime) -> int:
    return grants.update(
        ended_at=now,
        end=why,
        access_digest=None,
        access_expires_at=None,
        refresh_digest=None,
        refresh_expires_at=None,
    )


def _family_of(refresh_token: str) -> str:
    if not refresh_token.startswith(REFRESH_PREFIX) or "\x00" in refresh_token:
        return ""
    return refresh_token.removeprefix(REFRESH_PREFIX).partition(".")[0]


def forget_over(now: datetime) -> None:
    """Codes that nobody came for, grants that ended a month ago, and those that ran out."""
    Grant.objects.filter(exchanged_at=None, code_expires_at__lte=now - CODE_FOR).delete()
    Grant.objects.filter(ended_at__lte=now - KEPT).delete()
    Grant.objects.filter(refresh_expires_at__lte=now - KEPT).delete()
