"""The settings in an export of another site."""

from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.imports.archive import Archive
from accounts.imports.contract import Found
from accounts.models import Member


class ChoicesImporter:
    """How things look. Name, address, password and who is found by what are asked for here."""

    name = "account"

    def look(self, archive: Archive) -> Found:
        taken: tuple[str, ...] = ()
        if _choices(archive):
            taken = (_("Your language, time zone, colours, and how your number is shown"),)
        left = (
            _("Your name, address, password and passkeys: those you have here stay."),
            _("Your linked networks: your consent was given to the other site. Link them here."),
        )
        return Found(taken, left)

    def take_over(self, member: Member, archive: Archive, now: datetime) -> int:  # noqa: ARG002
        found = _choices(archive)
        Member.objects.filter(pk=member.pk).update(**found)
        return len(found)


def _choices(archive: Archive) -> dict[str, str]:
    """What the file says and this site knows."""
    known = {
        "language": {code for code, _name in settings.LANGUAGES},
        "time_zone": available_timezones(),
        "theme": set(Member.Theme.values) - {""},
        "score_shown": set(Member.ScoreShown.values),
    }
    account = archive.whole("account.json")
    return {
        name: account[name]
        for name, values in known.items()
        if isinstance(account.get(name), str) and account[name] in values
    }


importer = ChoicesImporter()
