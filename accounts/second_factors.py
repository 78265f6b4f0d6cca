"""Secrets of second factors at rest: sealed like credentials, and moved to a new key like them."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# What allauth has us seal, of an authenticator app and of recovery codes; passkeys hold no secret.
_SEALED = ("secret", "seed", "migrated_codes")


def sealer() -> MultiFernet:
    """Encrypts with the first of CREDENTIAL_KEYS, opens with any."""
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def rotate() -> tuple[int, int]:
    """Put all of them under the first key; returns how many that were, and how many did not open.

    A row changes only if it still holds what was read, so codes made anew in between win.
    """
    keys, done, closed = sealer(), 0, 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        try:
            fresh = {name: _anew(keys, name, value) for name, value in row.data.items()}
        except InvalidToken:
            closed += 1
            continue
        done += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=fresh)
    return done, closed


def _anew(keys: MultiFernet, name: str, value: Any) -> Any:
    if name not in _SEALED:
        return value
    if isinstance(value, list):
        return [_anew(keys, name, one) for one in value]
    return keys.rotate(value.encode()).decode()
