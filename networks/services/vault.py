"""How secrets go into rows and come out again; each is sealed to the place it stands in."""

import json
from dataclasses import asdict
from datetime import datetime

from networks.connectors.base import AppRegistration, Credentials
from networks.crypto import seal, unseal
from networks.models import InstanceApp, LinkAttempt, LinkedAccount


def place_of_credentials(account: LinkedAccount) -> str:
    return f"account-credentials:{account.platform}:{account.host}:{account.remote_id}"


def place_of_secret(app: InstanceApp) -> str:
    return f"app-secret:{app.platform}:{app.host}:{app.redirect_uri}"


def place_of_verifier(attempt: LinkAttempt) -> str:
    return f"link-verifier:{attempt.state_hash}"


def seal_credentials(account: LinkedAccount, credentials: Credentials) -> str:
    fields = asdict(credentials)
    if credentials.expires_at:
        fields["expires_at"] = credentials.expires_at.isoformat()
    return seal(json.dumps(fields), place=place_of_credentials(account))


def credentials_of(account: LinkedAccount) -> Credentials:
    """Raises SealError where the row holds no text that was sealed for it."""
    fields = json.loads(unseal(account.credentials, place=place_of_credentials(account)))
    if fields["expires_at"]:
        fields["expires_at"] = datetime.fromisoformat(fields["expires_at"])
    return Credentials(**fields)


def registration_of(app: InstanceApp) -> AppRegistration:
    """Raises SealError where the row holds no text that was sealed for it."""
    secret = unseal(app.client_secret, place=place_of_secret(app))
    return AppRegistration(app.client_id, secret, app.scopes)
