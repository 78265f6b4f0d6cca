"""Secrets of webhooks and what is signed with them, by the Standard Webhooks specification 1.0.

Signed is `id.timestamp.body`, with HMAC-SHA256; a secret is 32 random bytes, written as
`whsec_` and base64. While a secret is being exchanged, both the new and the old one sign.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime

from accounts.webhooks.models import Webhook
from networks.crypto import seal, unseal

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def sealed(webhook: Webhook, secret: str) -> str:
    return seal(secret, place=webhook.place)


def secrets_of(webhook: Webhook, now: datetime) -> list[str]:
    """The newest first. Raises SealError."""
    kept = [webhook.secret]
    if webhook.old_secret_until is not None and webhook.old_secret_until > now:
        kept.append(webhook.old_secret)
    return [unseal(one, place=webhook.place) for one in kept]


def signed_headers(
    message_id: str, sent_at: datetime, body: bytes, signers: list[str]
) -> dict[str, str]:
    timestamp = str(int(sent_at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in signers),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, content, "sha256")).decode("ascii")
