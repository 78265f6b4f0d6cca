"""Writing and reading the audit trail, and forgetting it in time.

`record` is the one way in, for every app. The database lets nobody change an entry, and deletes
one only inside `forgetting` (trigger `audit_only_grows`, migration 0003).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.audit_models import AuditEntry, Event
from accounts.browsers import browser_name
from accounts.models import Member

__all__ = ["KEPT", "PLACE_KEPT", "AuditEntry", "Event", "forgetting", "record"]

# How long an entry is kept, and how long it tells where it came from.
KEPT = timedelta(days=365)
PLACE_KEPT = timedelta(days=30)
# Failed tries to sign in that are noted within an hour: enough to see them, too few to fill a disk.
FAILED_AN_HOUR = 10
# A network that an address is shown as belongs to many: the street, not the house.
_BITS = {4: 24, 6: 48}


def record(
    member: Member,
    event: Event,
    now: datetime,
    *,
    detail: str = "",
    request: HttpRequest | None = None,
    by: AuditEntry.By = AuditEntry.By.MEMBER,
) -> AuditEntry:
    """Note what happened to an account. `detail` holds facts and no secret.

    `request` is that of whoever did it: its browser and the coarse network are noted.
    """
    return AuditEntry.objects.create(
        member=member,
        event=event,
        done_by=by,
        detail=detail[:300],
        browser=_browser(request) if request else "",
        place=place_of(request) if request else "",
        happened_at=now,
    )


def record_failure(member: Member, now: datetime, request: HttpRequest | None) -> None:
    """Note that somebody could not sign in; of many within an hour the first ten."""
    hour = now - timedelta(hours=1)
    lately = member.audit_entries.filter(
        event__in=[Event.SIGN_IN_FAILED, Event.MORE_FAILED], happened_at__gt=hour
    ).count()
    if lately <= FAILED_AN_HOUR:
        event = Event.SIGN_IN_FAILED if lately < FAILED_AN_HOUR else Event.MORE_FAILED
        record(member, event, now, request=request, by=AuditEntry.By.SOMEBODY)


def _browser(request: HttpRequest) -> str:
    return browser_name(request.headers.get("User-Agent", ""))


def place_of(request: HttpRequest) -> str:
    """The coarse network a request came from; empty where it tells none."""
    try:
        return coarse(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        # Through a socket, or fewer proxies than were told: what is recorded matters more.
        return ""


def coarse(address: str, bits: Mapping[int, int] = _BITS) -> str:
    """E.g. 203.0.113.0/24 or 2001:db8:1::/48; an address of IPv4 within IPv6 is told as IPv4.

    `bits`: how much of an address is kept, by the version of IP.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    kept = bits[found.version]
    whole = int(found) >> (found.max_prefixlen - kept) << (found.max_prefixlen - kept)
    return f"{type(found)(whole)}/{kept}"


def trail_of(member: Member) -> QuerySet[AuditEntry]:
    """What the member may read: all of it, newest first."""
    return member.audit_entries.order_by("-happened_at", "-id")


@contextmanager
def forgetting() -> Iterator[None]:
    """A transaction in which entries of the trail may be deleted, or lose where they came from."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('klout.forgetting', 'on', true)")
        yield
        cursor.execute("SELECT set_config('klout.forgetting', 'off', true)")


def forget_old(now: datetime) -> None:
    """Delete what is older than a year; older than a month it no longer tells from where."""
    with forgetting():
        AuditEntry.objects.filter(happened_at__lt=now - KEPT).delete()
        AuditEntry.objects.filter(happened_at__lt=now - PLACE_KEPT).exclude(
            place="", browser=""
        ).update(place="", browser="")
