"""What this site tells other servers it is, where they come and look."""

from typing import Any

from networks.connectors.bluesky import BlueskyConnector
from networks.connectors.bluesky.parsing import HOST
from networks.models import InstanceApp
from networks.services import vault
from networks.services.door import door, setup_of
from networks.services.linking import redirect_uri


def describe_to_bluesky() -> dict[str, Any] | None:
    """The client metadata that stand at our client id; None before anybody has linked there.

    Made of the registration that the first walk to a consent page writes, a moment before the
    server comes to look.
    """
    connector = BlueskyConnector(door(), setup_of("bluesky"))
    uri = redirect_uri("bluesky", HOST)
    app = InstanceApp.objects.filter(platform="bluesky", host=HOST, redirect_uri=uri).first()
    if app is None or not app.client_id.startswith("https://"):
        return None
    return connector.describe(vault.registration_of(app), uri)
