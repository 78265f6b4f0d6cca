"""Who was erased, written where no backup of the database reaches it.

A backup that is restored brings back everybody who was erased since. So each erasure first writes
a line to the file ERASED_LIST: the day, and a keyed hash of the member's random address. The hash
tells nothing of anybody who is not in the database, and finds whoever came back into it.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

from accounts.models import Member

logger = logging.getLogger(__name__)


def mark_of(address: str) -> str:
    """What stands in the list for the member with this address: 160 bits in hex."""
    key = blake2b(str(settings.RESPONDER_KEY).encode(), digest_size=32, person=b"klout-erased")
    return blake2b(address.encode(), key=key.digest(), digest_size=20).hexdigest()


def note(member: Member, now: datetime) -> None:
    """Write the member into the list; it is on the disk when this returns. Raises OSError."""
    line = f"{now:%Y-%m-%d} {mark_of(member.address)}\n".encode()
    path: Path = settings.ERASED_LIST
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # One write each, so that two at once do not mix; a line cut off by a crash is passed over.
        os.write(file, line)
        os.fsync(file)
    finally:
        os.close(file)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make sure that a file made just now is found after a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def marks() -> frozenset[str]:
    """Everybody who was erased here."""
    try:
        lines = settings.ERASED_LIST.read_text().splitlines()
    except FileNotFoundError:
        return frozenset()
    return frozenset(parts[1] for line in lines if len(parts := line.split()) == 2)


def returned() -> Iterator[Member]:
    """Members who are in the list and nevertheless in the database."""
    erased = marks()
    if not erased:
        return
    for member in Member.objects.order_by("pk").iterator(chunk_size=2000):
        if mark_of(member.address) in erased:
            yield member
