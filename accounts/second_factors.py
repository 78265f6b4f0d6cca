"""Secrets of second factors at rest: sealed like credentials, and bound to the row they are in.

allauth has us seal a secret without saying whose it is. So whose it is stands beside it, sealed as
well, and is compared whenever a row is read: a ciphertext from another row opens to nothing.
"""

import hashlib
import hmac
import json
import logging
import secrets
from base64 import b32encode
from collections.abc import Callable, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import signals

logger = logging.getLogger(__name__)

# What allauth has us seal, of an authenticator app and of recovery codes; passkeys hold no secret.
_SEALED = ("secret", "seed", "migrated_codes")
BOND = "bound"


class NotBoundHere(str):
    """A sealed text in a row that it was not sealed for."""

    __slots__ = ()


def sealer() -> MultiFernet:
    """Encrypts with the first of CREDENTIAL_KEYS, opens with any."""
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def unsealed(sealed: str) -> str:
    """What was sealed; of a text that does not belong in its row a secret that nobody has.

    So no code is right for it, and whoever has another way in is still asked for that one. Raises
    InvalidToken where no key opens it.
    """
    if isinstance(sealed, NotBoundHere):
        return b32encode(secrets.token_bytes(20)).decode()
    return sealer().decrypt(sealed.encode()).decode()


def bond(user_id: int, kind: str, data: Mapping[str, Any]) -> str:
    """What says that these sealed texts belong to this member's row of this kind."""
    return sealer().encrypt(_whose(user_id, kind, data)).decode()


def bind_rows() -> None:
    """Called once, when the app is ready: allauth saves and reads the rows, and these see it."""
    signals.pre_save.connect(_bind, sender=Authenticator)
    signals.post_init.connect(_compare, sender=Authenticator)


def _bind(instance: Authenticator, **_kwargs: Any) -> None:
    """Before it is saved. What did not belong here when it was read belongs here no more now."""
    if _holds_secrets(instance.data) and not is_stranger(instance):
        instance.data[BOND] = bond(instance.user_id, instance.type, instance.data)


def _compare(instance: Authenticator, **_kwargs: Any) -> None:
    """After it was read; what is made anew has no number yet, and is bound when it is saved."""
    if instance.pk is None or not _holds_secrets(instance.data) or _is_bound(instance):
        return
    logger.error("a second factor of member %s is not the one sealed for it", instance.user_id)
    instance.data = {
        name: _each(name, value, NotBoundHere) for name, value in instance.data.items()
    }


def _holds_secrets(data: Mapping[str, Any]) -> bool:
    return any(name in data for name in _SEALED)


def is_stranger(row: Authenticator) -> bool:
    """Whether it was read with secrets that were sealed for another row, or for none."""
    return any(isinstance(one, NotBoundHere) for one in _texts(row.data))


def _texts(data: Mapping[str, Any]) -> list[str]:
    found = [data[name] for name in _SEALED if name in data]
    return [one for value in found for one in (value if isinstance(value, list) else [value])]


def _is_bound(row: Authenticator) -> bool:
    try:
        said = sealer().decrypt(str(row.data.get(BOND, "")).encode())
    except InvalidToken:
        return False
    return hmac.compare_digest(said, _whose(row.user_id, row.type, row.data))


def _whose(user_id: int, kind: str, data: Mapping[str, Any]) -> bytes:
    texts = json.dumps([data.get(name) for name in _SEALED])
    return f"{user_id}:{kind}:{hashlib.sha256(texts.encode()).hexdigest()}".encode()


def rotate() -> tuple[int, int]:
    """Put all of them under the first key; returns how many that were, and how many did not open.

    A row changes only if it still holds what was read, so codes made anew in between win.
    """
    keys, done, closed = sealer(), 0, 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        if is_stranger(row):
            closed += 1
            continue
        try:
            fresh = {
                name: _each(name, value, lambda one: keys.rotate(one.encode()).decode())
                for name, value in row.data.items()
            }
        except InvalidToken:
            closed += 1
            continue
        fresh[BOND] = bond(row.user_id, row.type, fresh)
        done += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=fresh)
    return done, closed


def _each(name: str, value: Any, of: Callable[[str], str]) -> Any:
    """The value with this done to each sealed text in it."""
    if name not in _SEALED:
        return value
    return [of(one) for one in value] if isinstance(value, list) else of(value)
