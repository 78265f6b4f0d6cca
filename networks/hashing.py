"""Keyed 64-bit hashes: what stands here for people who never joined.

The key lives outside the database and its backups, so a dump alone tells nobody who they are.
"""

from datetime import date
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_LENGTH_BYTES = 4


def keyed_hash(*parts: str, key: str) -> int:
    """BLAKE2b under `key` as a signed 64-bit integer; ("ab", "c") and ("a", "bc") differ."""
    digest = blake2b(digest_size=8, key=blake2b(key.encode("utf-8"), digest_size=32).digest())
    for part in parts:
        data = part.encode("utf-8")
        digest.update(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    return int.from_bytes(digest.digest(), "big", signed=True)


def person_hash(platform: str, person_key: str) -> int:
    """What stands for a person, the same in everybody's data."""
    return keyed_hash("person", platform, person_key, key=_responder_key())


def act_hash(platform: str, act_key: str) -> int:
    """What stands for one act (see `SeenReaction.key`)."""
    return keyed_hash("act", platform, act_key, key=_responder_key())


def spender_hash(platform: str, host: str, remote_id: str, month: date) -> int:
    """What stands for an account in the books of one month; another one in each month."""
    return keyed_hash("spender", platform, host, remote_id, str(month), key=_responder_key())


def _responder_key() -> str:
    if not settings.RESPONDER_KEY:
        raise ImproperlyConfigured("RESPONDER_KEY is not set: it keys the hashes of responders.")
    return str(settings.RESPONDER_KEY)
