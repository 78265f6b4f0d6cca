"""The door as the product builds it."""

import pytest

from networks.connectors.base import RateLimited
from networks.services.budget import SharedBudget
from networks.services.door import door
from tests.networks.edge.servers import reply

pytestmark = pytest.mark.django_db


def test_the_door_of_the_product_shares_what_it_hears(serve, settings):
    server = serve(reply(b"{}", status="429 Slow down", Retry_After="60"))
    settings.DEVELOPMENT_HOSTS = [server.authority]
    with pytest.raises(RateLimited):
        door().get(server.url(), token="secret-token")
    with pytest.raises(RateLimited) as caught:
        SharedBudget(20).allow(server.authority)
    assert "secret-token" not in str(caught.value)


def test_the_door_of_the_product_says_who_we_are(serve, settings):
    server = serve(reply())
    settings.DEVELOPMENT_HOSTS = [server.authority]
    door().get(server.url())
    assert f"Klout (+{settings.BASE_URL})".encode() in server.requests[0]
