"""Every mail that this site sends to members, each with its switch.

Apps contribute by a provider named in settings.MAIL_PROVIDERS, so that no app need know another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Member


@dataclass(frozen=True)
class MailKind:
    """One kind of mail as its receiver sees it. Without `has_switch` it always comes.

    `url` leads to more choices about it, if there are any.
    """

    key: str
    title: str
    words: str
    is_on: bool = True
    has_switch: bool = True
    url: str = ""


class MailProvider(Protocol):
    """One app's mails. Keys are the app's own, and begin with its name and a dot."""

    def kinds(self, member: Member) -> list[MailKind]:
        """What this app mails, and whether this member gets it."""

    def switch(self, member: Member, key: str, now: datetime, *, on: bool) -> None:
        """Turn one of `kinds` that has a switch on or off. Twice is the same as once."""


def mail_kinds(member: Member) -> list[MailKind]:
    """Everything that may be mailed to this member."""
    return [kind for provider in _providers() for kind in provider.kinds(member)]


def switch_mail(member: Member, key: str, now: datetime, *, on: bool) -> MailKind | None:
    """Turn one kind on or off, and return it as it was; None where there is no such switch."""
    for provider in _providers():
        for kind in provider.kinds(member):
            if kind.key == key and kind.has_switch:
                provider.switch(member, key, now, on=on)
                return kind
    return None


def _providers() -> list[MailProvider]:
    return [import_string(path) for path in settings.MAIL_PROVIDERS]


class AccountMail:
    """Mails without which an account could not be used, and what all members are told."""

    def kinds(self, member: Member) -> list[MailKind]:
        return [
            MailKind(
                "accounts.security",
                _("Safety of your account"),
                _("When your address, password, passkeys or codes change, and when you delete it."),
                has_switch=False,
            ),
            MailKind(
                "accounts.asked",
                _("What you ask for"),
                _("Codes that confirm an address, links that reset a password, your export."),
                has_switch=False,
            ),
            MailKind(
                "accounts.webhooks",
                _("Webhooks that were switched off"),
                _("When nothing was accepted at an address of yours for three days."),
                has_switch=False,
            ),
            MailKind(
                "accounts.announcements",
                _("Announcements"),
                _("What all members are told, each once: before a new rule counts, for example."),
                is_on=member.mails_announcements,
            ),
        ]

    def switch(self, member: Member, key: str, now: datetime, *, on: bool) -> None:  # noqa: ARG002
        """Announcements are the one kind with a switch."""
        member.mails_announcements = on
        member.save(update_fields=["mails_announcements"])


provider = AccountMail()
