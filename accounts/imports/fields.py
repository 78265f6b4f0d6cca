"""Single values of a file from outside: each is what it should be, or the file is refused."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.exports.spreadsheets import plain_cell

_BIGGEST = 2**63 - 1


class NotAnExport(ValueError):
    """The file is not an export that can be read here; the text says what is wrong with it."""


class Row:
    """One row of a list, and where it stands, for sentences about what is wrong with it."""

    def __init__(self, cells: Mapping[str | Any, Any], place: str) -> None:
        self._cells, self._place = cells, place

    def text(self, name: str, most: int) -> str:
        """A text without control characters, cut where it is longer than we keep."""
        cell = self._cells.get(name)
        if not isinstance(cell, str):
            raise self._wrong(name)
        kept = "".join(sign for sign in plain_cell(cell) if sign.isprintable() or sign == "\n")
        return kept[:most]

    def one_of(self, name: str, known: Collection[str]) -> str:
        found = self.text(name, 40)
        if found not in known:
            raise self._wrong(name)
        return found

    def count(self, name: str) -> int:
        found = self.text(name, 20)
        if not (found.isascii() and found.isdigit()) or int(found) > _BIGGEST:
            raise self._wrong(name)
        return int(found)

    def hundredths(self, name: str) -> int:
        """`62.34` as 6234."""
        try:
            found = Decimal(self.text(name, 12)) * 100
        except InvalidOperation as error:
            raise self._wrong(name) from error
        if not found.is_finite() or found != int(found):
            raise self._wrong(name)
        return int(found)

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.text(name, 10))
        except ValueError as error:
            raise self._wrong(name) from error

    def moment(self, name: str) -> datetime:
        try:
            found = parse_datetime(self.text(name, 40))
        except ValueError as error:
            raise self._wrong(name) from error
        if found is None or found.tzinfo is None:
            raise self._wrong(name)
        return found.astimezone(UTC)

    def https_link(self, name: str, most: int) -> str:
        """The link, or nothing where it is none that we would show."""
        link = self.text(name, most + 1)
        try:
            parts = urlsplit(link)
        except ValueError:
            return ""
        is_plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
        return link if is_plain and len(link) <= most and "\\" not in link else ""

    def _wrong(self, name: str) -> NotAnExport:
        told = {"place": self._place, "name": name}
        return NotAnExport(_("Row %(place)s: %(name)s is not what it should be.") % told)
