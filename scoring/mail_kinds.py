"""What scoring mails to members."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.mail_kinds import MailKind
from accounts.models import Member


class ScoringMail:
    def kinds(self, member: Member) -> list[MailKind]:  # noqa: ARG002
        return [
            MailKind(
                "scoring.disputes",
                _("Answers about your score"),
                _("One mail when a person has answered what you said looks wrong about a score."),
                has_switch=False,
            ),
        ]

    def switch(self, member: Member, key: str, now: datetime, *, on: bool) -> None:
        """Nothing here has a switch."""


provider = ScoringMail()
