"""The one HTTP door, built from the settings, and the connectors that go through it."""

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from networks.connectors.base import Connector, Setup
from networks.connectors.own_words import ShowsOwnWords
from networks.connectors.platform import Option
from networks.connectors.proof import ProofConnector
from networks.http import Door
from networks.registry import PLATFORMS
from networks.services.budget import SharedBudget


def door() -> Door:
    return _door(_development_hosts())


def hear_waits() -> None:
    """For the thread that has the database, before others go through the door."""
    _budget(_development_hosts()).hear()


def _development_hosts() -> frozenset[str]:
    return frozenset(host.lower() for host in settings.DEVELOPMENT_HOSTS)


@cache
def _budget(development_hosts: frozenset[str]) -> SharedBudget:
    return SharedBudget(settings.REQUESTS_PER_HOST, unpaced=development_hosts)


@cache
def _door(development_hosts: frozenset[str]) -> Door:
    """Built once: it reads the certificates of the whole public web."""
    user_agent = f"Klout (+{settings.BASE_URL})"
    return Door(development_hosts, user_agent=user_agent, budget=_budget(development_hosts))


def connector_of(platform: str) -> Connector:
    built = import_string(PLATFORMS[platform].connector)(door(), setup_of(platform))
    return cast(Connector, built)


def prover_of(platform: str) -> ProofConnector:
    built = import_string(PLATFORMS[platform].connector)(door(), setup_of(platform))
    return cast(ProofConnector, built)


def shower_of(platform: str) -> ShowsOwnWords:
    built = import_string(PLATFORMS[platform].connector)(door(), setup_of(platform))
    return cast(ShowsOwnWords, built)


def setup_of(platform: str) -> Setup:
    return Setup(settings.BASE_URL, settings.PLATFORM_OPTIONS.get(platform, {}))


def missing_options(platform: str) -> list[Option]:
    """What the operator has not set yet and the platform cannot do without."""
    options = setup_of(platform).options
    wanted = (option for option in PLATFORMS[platform].options if option.is_required)
    return [option for option in wanted if not options.get(option.name)]
