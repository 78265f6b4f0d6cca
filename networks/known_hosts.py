"""Hosts whose figures are believed.

Anyone can run a server that claims a million followers. A host is known if its platform lists it
(`Platform.known_hosts`), if the operator names it (KNOWN_HOSTS; DEVELOPMENT_HOSTS while
developing), or if members whose own account is on another known host have reached out to at least
20 distinct people there.
Once known a host stays known: a member who leaves must not move the score of others. Only the
operator takes a host away (UNKNOWN_HOSTS), or the host itself, by telling more of people on other
servers than those servers do (see `services.second_looks`), unless the operator names it.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, F

from networks.models import HostAccuracy, KnownHost, Outreach
from networks.registry import PLATFORMS

PEOPLE_TO_BE_KNOWN = 20
# A host is caught when of at least so many looked up it told more of more than one in so many.
LOOKED_UP_AT_LEAST = 20
TOLD_MORE_ONE_IN = 5


def known_hosts(platform: str) -> frozenset[str]:
    """Every known host of a platform; fetch it once for many questions."""
    found_out = KnownHost.objects.filter(platform=platform).values_list("host", flat=True)
    believed = (PLATFORMS[platform].known_hosts | frozenset(found_out)) - _caught(platform)
    return (believed | _named()) - _taken_away()


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


def _named() -> frozenset[str]:
    return frozenset(host.lower() for host in (*settings.KNOWN_HOSTS, *settings.DEVELOPMENT_HOSTS))


def _caught(platform: str) -> frozenset[str]:
    often = HostAccuracy.objects.filter(
        platform=platform,
        looked_up__gte=LOOKED_UP_AT_LEAST,
        told_more__gt=F("looked_up") / TOLD_MORE_ONE_IN,
    )
    return frozenset(often.values_list("host", flat=True))


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
