"""What each app takes over from an export of another site; settings.IMPORTERS lists them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.imports.archive import Archive
from accounts.models import Member


@dataclass(frozen=True)
class Found:
    """What an app found in the file: what becomes of it here, in a sentence each."""

    taken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Importer(Protocol):
    # The part of the export that this app reads.
    name: str

    def look(self, archive: Archive) -> Found:
        """What would be taken over, and what not. Changes nothing. Raises NotAnExport."""

    def take_over(self, member: Member, archive: Archive, now: datetime) -> int:
        """Take it over; returns how many rows are new. Again, it changes nothing."""


def importers() -> list[Importer]:
    return [import_string(path) for path in settings.IMPORTERS]
