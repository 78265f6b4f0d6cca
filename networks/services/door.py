"""The one HTTP door, built from the settings, and the connectors that go through it."""

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from networks.connectors.base import Connector
from networks.http import Door
from networks.registry import PLATFORMS


def door() -> Door:
    """One for the whole process: it remembers which hosts asked us to wait."""
    return _door(frozenset(host.lower() for host in settings.DEVELOPMENT_HOSTS))


@cache
def _door(development_hosts: frozenset[str]) -> Door:
    return Door(development_hosts, user_agent=f"Klout (+{settings.BASE_URL})")


def connector_of(platform: str) -> Connector:
    return cast(Connector, import_string(PLATFORMS[platform].connector)(door()))


def forget() -> None:
    """Begin with a new door that remembers nothing."""
    _door.cache_clear()
