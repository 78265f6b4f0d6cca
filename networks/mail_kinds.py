"""What the sonobuoy mails to members."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail_kinds import MailKind
from accounts.models import Member
from networks.sonobuoy import answers
from networks.sonobuoy.mail import PINGS_MAIL
from networks.sonobuoy.selectors import wishes_of

PINGS, WEEKLY = "networks.pings", "networks.weekly"


class SonobuoyMail:
    def kinds(self, member: Member) -> list[MailKind]:
        wishes = wishes_of(member)
        return [
            MailKind(
                PINGS,
                str(PINGS_MAIL.title),
                str(PINGS_MAIL.when),
                is_on=wishes.wants_pings,
                url=reverse("sonobuoy"),
            ),
            MailKind(
                WEEKLY,
                _("The weekly mail"),
                _("Once a week at most, and only if something happened."),
                is_on=wishes.wants_weekly,
                url=reverse("sonobuoy"),
            ),
        ]

    def switch(self, member: Member, key: str, now: datetime, *, on: bool) -> None:
        wishes = wishes_of(member)
        answers.wish_mail(
            member,
            pings=on if key == PINGS else wishes.wants_pings,
            weekly=on if key == WEEKLY else wishes.wants_weekly,
            quiet_from=wishes.quiet_from,
            quiet_until=wishes.quiet_until,
            now=now,
        )


provider = SonobuoyMail()
