"""Some thousand hostile payloads for every connector; `make fuzz` is the long run."""

import pytest

from networks.registry import PLATFORMS
from tests.connectors.hostile_payloads import by_chance
from tests.connectors.lively import LIVELY


@pytest.mark.parametrize("platform", sorted(LIVELY))
def test_nothing_hostile_breaks_a_connector_or_gets_through(platform):
    assert by_chance(platform, 1_500, seed=2026) >= 1_500


def test_every_platform_with_a_connector_is_tried():
    assert set(LIVELY) == {one.key for one in PLATFORMS.values() if one.connector}
