"""How secrets go into rows and come out again; each is sealed to the place it stands in."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from networks.connectors.base import AppRegistration, Consent, Credentials
from networks.crypto import seal, unseal
from networks.models import InstanceApp, LinkAttempt, LinkedAccount


@dataclass(frozen=True)
class Kept:
    """What one walk to a consent page must remember: its PKCE verifier, and see `base.Consent`."""

    verifier: str = field(repr=False)
    issuer: str = ""
    needs_issuer: bool = False
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


def place_of_credentials(account: LinkedAccount) -> str:
    return f"account-credentials:{account.platform}:{account.host}:{account.remote_id}"


def place_of_secret(app: InstanceApp) -> str:
    return f"app-secret:{app.platform}:{app.host}:{app.redirect_uri}"


def place_of_kept(attempt: LinkAttempt) -> str:
    return f"link-attempt:{attempt.state_hash}"


def seal_credentials(account: LinkedAccount, credentials: Credentials) -> str:
    return seal_at(place_of_credentials(account), credentials)


def seal_at(place: str, credentials: Credentials) -> str:
    fields = asdict(credentials)
    if credentials.expires_at:
        fields["expires_at"] = credentials.expires_at.isoformat()
    return seal(json.dumps(fields), place=place)


def credentials_of(account: LinkedAccount) -> Credentials:
    """Raises SealError where the row holds no text that was sealed for it."""
    return open_at(place_of_credentials(account), account.credentials)


def open_at(place: str, sealed: str) -> Credentials:
    """Raises SealError where the text was not sealed for this place."""
    fields = json.loads(unseal(sealed, place=place))
    if fields["expires_at"]:
        fields["expires_at"] = datetime.fromisoformat(fields["expires_at"])
    return Credentials(**fields)


def registration_of(app: InstanceApp) -> AppRegistration:
    """Raises SealError where the row holds no text that was sealed for it."""
    secret = unseal(app.client_secret, place=place_of_secret(app))
    return AppRegistration(app.client_id, secret, app.scopes)


def seal_kept(attempt: LinkAttempt, verifier: str, consent: Consent) -> str:
    kept = Kept(verifier, consent.issuer, consent.needs_issuer, dict(consent.kept))
    return seal(json.dumps(asdict(kept)), place=place_of_kept(attempt))


def kept_of(attempt: LinkAttempt) -> Kept:
    """Raises SealError where the row holds no text that was sealed for it."""
    return Kept(**json.loads(unseal(attempt.kept, place=place_of_kept(attempt))))
