"""The browsers that are signed in as somebody: seeing them, and signing them out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.audit import Event, coarse, record
from accounts.browsers import browser_name
from accounts.models import Member

# The moment a session was last noted as seen, in the session itself: pages then ask no table.
SEEN = "seen_at"
# The moment somebody signed in with it.
BEGAN = "began_at"
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class BrowserSession:
    """One browser. `place` is the coarse network; `is_current`: the one that asks."""

    id: int
    browser: str
    place: str
    since: datetime
    last_seen_at: datetime
    is_current: bool


def living(member: Member, now: datetime) -> QuerySet[UserSession]:
    """Those of the member's sessions that still sign somebody in."""
    valid = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    found: QuerySet[UserSession] = UserSession.objects.filter(Exists(valid), user=member)
    return found


def browsers_of(member: Member, current_key: str | None, now: datetime) -> list[BrowserSession]:
    """This one first, then the one seen last; in one query."""
    rows = living(member, now).order_by("-last_seen_at", "-id")
    shown = [
        BrowserSession(
            id=row.pk,
            browser=browser_name(row.user_agent),
            place=coarse(row.ip),
            since=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: not one.is_current)


def end_one(member: Member, session: UserSession, now: datetime, request: HttpRequest) -> None:
    """Sign one browser out."""
    browser = browser_name(session.user_agent)
    session.end()
    record(member, Event.SESSIONS_ENDED, now, detail=browser, request=request)


def end_others(member: Member, now: datetime, request: HttpRequest) -> int:
    """Sign out every browser but the one that asks; returns how many."""
    others = UserSession.objects.filter(user=member).exclude(
        session_key=request.session.session_key
    )
    browsers = [browser_name(one.user_agent) for one in others]
    end_all(others)
    if browsers:
        record(member, Event.SESSIONS_ENDED, now, detail=", ".join(browsers), request=request)
    return len(browsers)


def end_all(sessions: QuerySet[UserSession]) -> None:
    """Sign all of them out, in two queries."""
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def end_everybodys() -> None:
    """Sign everybody out: after a restore, those are back who had signed out since."""
    Session.objects.all().delete()
    UserSession.objects.all().delete()


def is_over(request: HttpRequest, now: datetime) -> bool:
    """Whether one signed in longer ago than a session lasts, however often one came since."""
    began = request.session.get(BEGAN)
    return began is not None and now - datetime.fromtimestamp(began, UTC) > settings.SESSION_LASTS


def note_seen(request: HttpRequest, now: datetime) -> None:
    """Note every ten minutes that a browser was seen. Only real sign-ins put the stamp there."""
    seen = request.session.get(SEEN)
    if seen is None or now - datetime.fromtimestamp(seen, UTC) < NOTED_EVERY:
        return
    request.session[SEEN] = int(now.timestamp())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)
