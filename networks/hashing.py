"""Keyed 64-bit hashes: what stands here for people who never joined.

The key lives outside the database and its backups, so a dump alone tells nobody who they are.
"""

from datetime import date
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_LENGTH_BYTES = 4


def keyed_name(*parts: str, key: str, size: int = 16) -> str:
    """The same hash, longer and in hex, for what people copy by hand; `size` is in bytes."""
    return _digest(parts, key, size).hex()


def keyed_hash(*parts: str, key: str) -> int:
    """BLAKE2b under `key` as a signed 64-bit integer; ("ab", "c") and ("a", "bc") differ."""
    return int.from_bytes(_digest(parts, key, 8), "big", signed=True)


def _digest(parts: tuple[str, ...], key: str, size: int) -> bytes:
    digest = blake2b(digest_size=size, key=blake2b(key.encode("utf-8"), digest_size=32).digest())
    for part in parts:
        data = part.encode("utf-8")
        digest.update(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    return digest.digest()


def person_hash(platform: str, person_key: str) -> int:
    """What stands for a person, the same in everybody's data."""
    return keyed_hash("person", platform, person_key, key=_responder_key())


def act_hash(platform: str, act_key: str) -> int:
    """What stands for one act (see `SeenReaction.key`)."""
    return keyed_hash("act", platform, act_key, key=_responder_key())


def own_address(member_address: str) -> str:
    """The part of /me/.../ that is one member's: it tells nobody whose, or whether anybody's."""
    return keyed_name("me", member_address, key=_responder_key(), size=12)


def proof_token(member_address: str, place: str) -> str:
    """The words that show that a place is a member's; made for these two, so nothing is stored."""
    return keyed_name("proof", member_address, place, key=_responder_key())


def mention_hash(source: str, target: str) -> int:
    """What stands for one Webmention once its source's address is forgotten."""
    return keyed_hash("webmention", source, target, key=_responder_key())


def spender_hash(platform: str, host: str, remote_id: str, month: date) -> int:
    """What stands for an account in the books of one month; another one in each month."""
    return keyed_hash("spender", platform, host, remote_id, str(month), key=_responder_key())


def account_hash(platform: str, host: str, remote_id: str) -> int:
    """What stands for an account of somebody who left, while its token is still to be revoked."""
    return keyed_hash("revocation", platform, host, remote_id, key=_responder_key())


def _responder_key() -> str:
    if not settings.RESPONDER_KEY:
        raise ImproperlyConfigured("RESPONDER_KEY is not set: it keys the hashes of responders.")
    return str(settings.RESPONDER_KEY)
