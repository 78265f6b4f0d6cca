"""What gifting mails to members."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail_kinds import MailKind
from accounts.models import Member
from gifting.selectors.choices import choices_of
from gifting.services import showing


class GiftingMail:
    def kinds(self, member: Member) -> list[MailKind]:
        return [
            MailKind(
                "gifting.digest",
                _("K that has come"),
                _(
                    "Once a day at most, without the words; also when somebody you kept in mind is "
                    "here."
                ),
                is_on=choices_of(member).wants_digest,
                url=reverse("k_settings"),
            ),
            MailKind(
                "gifting.decisions",
                _("What became of your report"),
                _("One mail when the operator has decided about a gift that you reported."),
                has_switch=False,
            ),
        ]

    def switch(self, member: Member, key: str, now: datetime, *, on: bool) -> None:  # noqa: ARG002
        showing.want_digest(member, now, wants=on)


provider = GiftingMail()
