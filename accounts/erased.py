"""Who was erased, written where no backup of the database reaches it.

A backup that is restored brings back everybody who was erased since. So each erasure first writes
a line to the file ERASED_LIST: the day, and a keyed hash of the member's random address. The hash
tells nothing of anybody who is not in the database, and finds whoever came back into it.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

from django.conf import settings

from accounts import kept_lines
from accounts.models import Member


def mark_of(address: str) -> str:
    """What stands in the list for the member with this address: 160 bits in hex."""
    key = blake2b(str(settings.RESPONDER_KEY).encode(), digest_size=32, person=b"klout-erased")
    return blake2b(address.encode(), key=key.digest(), digest_size=20).hexdigest()


def note(member: Member, now: datetime) -> None:
    """Write the member into the list; it is on the disk when this returns. Raises OSError."""
    kept_lines.append(settings.ERASED_LIST, f"{now:%Y-%m-%d} {mark_of(member.address)}")


def marks() -> frozenset[str]:
    """Everybody who was erased here."""
    return frozenset(mark for _day, mark in kept_lines.words_of(settings.ERASED_LIST, 2))


def returned() -> Iterator[Member]:
    """Members who are in the list and nevertheless in the database."""
    erased = marks()
    if not erased:
        return
    for member in Member.objects.order_by("pk").iterator(chunk_size=2000):
        if mark_of(member.address) in erased:
            yield member
