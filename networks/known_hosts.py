"""Hosts whose figures are believed.

Anyone can run a server that claims a million followers. A host is known if its platform lists it
(`Platform.known_hosts`), if the operator names it (KNOWN_HOSTS; DEVELOPMENT_HOSTS while
developing), or if members whose own account is on another known host have reached out to at least
20 distinct people there.
Once known a host stays known: a member who leaves must not move the score of others. Only the
operator takes a host away (UNKNOWN_HOSTS).
"""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, F

from networks.models import KnownHost, Outreach
from networks.registry import PLATFORMS

PEOPLE_TO_BE_KNOWN = 20


def known_hosts(platform: str) -> frozenset[str]:
    """Every known host of a platform; fetch it once for many questions."""
    found_out = KnownHost.objects.filter(platform=platform).values_list("host", flat=True)
    return (_given(platform) | frozenset(found_out)) - _taken_away()


def is_known(platform: str, host: str) -> bool:
    return host in known_hosts(platform)


def refresh_known_hosts(now: datetime) -> int:
    """Make known what members' outreach has made known since; returns how many are new."""
    new = 0
    for platform in PLATFORMS:
        while found := _found_through_outreach(platform, now):
            KnownHost.objects.bulk_create(found, ignore_conflicts=True)
            new += len(found)
    return new


def _given(platform: str) -> frozenset[str]:
    named = {host.lower() for host in (*settings.KNOWN_HOSTS, *settings.DEVELOPMENT_HOSTS)}
    return PLATFORMS[platform].known_hosts | named


def _taken_away() -> frozenset[str]:
    return frozenset(host.lower() for host in settings.UNKNOWN_HOSTS)


def _found_through_outreach(platform: str, now: datetime) -> list[KnownHost]:
    known = known_hosts(platform)
    reached = (
        Outreach.objects.filter(account__platform=platform, account__served_by__in=known)
        .exclude(target_host__in=known | _taken_away())
        .exclude(target_host=F("account__host"))
        .values("target_host")
        .annotate(people=Count("target_hash", distinct=True))
        .filter(people__gte=PEOPLE_TO_BE_KNOWN)
        .order_by("target_host")
    )
    return [
        KnownHost(platform=platform, host=row["target_host"], people=row["people"], known_since=now)
        for row in reached
    ]
