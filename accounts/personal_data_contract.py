"""What each app promises about a member's data; settings.PERSONAL_DATA_PROVIDERS lists them."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Member


class PersonalData(Protocol):
    """One app's part of a member's data."""

    # The key of this part in the export, e.g. "networks".
    name: str

    def export(self, member: Member) -> dict[str, object]:
        """All that this app holds about the member, ready for JSON (dates may be dates)."""

    def erase(self, member: Member, now: datetime) -> None:
        """Forget the member. May be called again after a failure; the row itself goes last."""


def providers() -> list[PersonalData]:
    """In the order of settings.PERSONAL_DATA_PROVIDERS: accounts is first."""
    return [import_string(path) for path in settings.PERSONAL_DATA_PROVIDERS]
