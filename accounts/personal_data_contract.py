"""What each app promises about a member's data; settings.PERSONAL_DATA_PROVIDERS lists them."""

from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.exports.rows import listed
from accounts.models import Member


class PersonalData(Protocol):
    """One app's part of a member's data."""

    # The key of this part in the export, e.g. "networks".
    name: str

    def export(self, member: Member) -> dict[str, object]:
        """All that this app holds about the member, ready for JSON (dates may be dates).

        A part that may be long says it as `InRows`. All objects of one list have the same fields.
        """

    def erase(self, member: Member, now: datetime) -> None:
        """Forget the member. May be called again after a failure; the row itself goes last."""


class InRows:
    """A part with long lists: `export_rows` gives them as `Rows`, which are never in memory whole.

    The lists inside the objects of a list are `Rows` as well, so that an empty one is a list too.
    """

    def export_rows(self, member: Member) -> dict[str, object]:
        raise NotImplementedError

    def export(self, member: Member) -> dict[str, object]:
        """The same with everything in lists, for those who want it small and at once."""
        found: dict[str, Any] = listed(self.export_rows(member))
        return found


class ReachesOut:
    """A part through which somebody reads or acts for a member without being signed in."""

    def withdraw(self, member: Member, now: datetime) -> None:
        """End all of it, and keep what the member wrote or what was read for them."""
        raise NotImplementedError


def part_of(provider: PersonalData, member: Member) -> dict[str, object]:
    """What a provider has, in rows where it can."""
    return provider.export_rows(member) if isinstance(provider, InRows) else provider.export(member)


def providers() -> list[PersonalData]:
    """In the order of settings.PERSONAL_DATA_PROVIDERS: accounts is first."""
    return [import_string(path) for path in settings.PERSONAL_DATA_PROVIDERS]
