"""Credentials at rest: encrypted, and bound to the place they were put.

Fernet knows no associated data, so the place goes in under the seal and is compared when it is
opened: a ciphertext moved to another row or field does not open there.
"""

import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_BETWEEN = b"\x00"


class SealError(Exception):
    """Sealed text that does not open: another key, another place, or not sealed by us."""


def seal(text: str, *, place: str) -> str:
    """Encrypt `text` for `place`, such as "account-credentials:17", with the first key."""
    return _keys().encrypt(_at(place) + text.encode("utf-8")).decode("ascii")


def unseal(sealed: str, *, place: str) -> str:
    """What was sealed for `place`, with any of the keys. Raises SealError."""
    return _opened(_keys(), sealed, place).decode("utf-8")


def reseal(sealed: str, *, place: str) -> str:
    """The same secret under the first key; for rotation. Raises SealError."""
    keys = _keys()
    return keys.encrypt(_at(place) + _opened(keys, sealed, place)).decode("ascii")


def _opened(keys: MultiFernet, sealed: str, place: str) -> bytes:
    try:
        content = keys.decrypt(sealed)
    except (InvalidToken, ValueError):
        raise SealError(f"What is kept for {place} does not open with our keys.") from None
    written_for, _, secret = content.partition(_BETWEEN)
    if not hmac.compare_digest(written_for + _BETWEEN, _at(place)):
        raise SealError(f"What is kept for {place} was sealed for another place.")
    return secret


def _at(place: str) -> bytes:
    if "\x00" in place:
        raise ValueError("A place holds no NUL.")
    return place.encode("utf-8") + _BETWEEN


def _keys() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
    except ValueError as error:
        raise SealError(
            "CREDENTIAL_KEYS must be a list of Fernet keys (32 bytes in URL-safe base64)."
        ) from error
