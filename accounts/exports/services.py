"""Asking for an export, seeing how far it is, and being told."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.export_models import Export
from accounts.exports.making import KEPT_FOR
from accounts.models import Member
from accounts.personal_data_contract import providers
from accounts.speaking import in_the_language_of

logger = logging.getLogger(__name__)

# Making one is work for the site: another one not before this.
ANOTHER_AFTER = timedelta(minutes=10)
MAILED_AT_ONCE = 20

# What the parts are called on the page; a part without a name here is shown by its key.
PART_NAMES: dict[str, str | Promise] = {
    "account": gettext_lazy("Your account and settings"),
    "networks": gettext_lazy("Your networks and what was read from them"),
    "scores": gettext_lazy("Your scores, with all that they were computed from"),
    "gifting": gettext_lazy("Your K, the words with them, and whom you keep in mind"),
    "exports": gettext_lazy("What you took along and brought here"),
}


@dataclass(frozen=True)
class PartState:
    name: str | Promise
    is_done: bool


@dataclass(frozen=True)
class ExportState:
    """The newest export as the page shows it; `another_at`: when the next can be asked for."""

    export: Export
    parts: tuple[PartState, ...]
    another_at: datetime
    now: datetime

    @property
    def is_under_way(self) -> bool:
        return self.export.ready_at is None and self.export.failed_at is None

    @property
    def may_ask_again(self) -> bool:
        return _may_ask_again(self.export, self.now)

    @property
    def done(self) -> int:
        return sum(part.is_done for part in self.parts)


def ask(member: Member, now: datetime) -> Export:
    """The export that is under way or was made lately; else a new one. Two at once get one."""
    newest = _newest(member)
    if newest and not _may_ask_again(newest, now):
        return newest
    try:
        with transaction.atomic():
            return Export.objects.create(member=member, asked_at=now, next_try_at=now)
    except IntegrityError:
        return Export.objects.get(member=member, ready_at=None, failed_at=None)


def _may_ask_again(newest: Export, now: datetime) -> bool:
    if newest.failed_at:
        return True
    return newest.ready_at is not None and newest.ready_at + ANOTHER_AFTER <= now


def _newest(member: Member) -> Export | None:
    return member.exports.order_by("-pk").first()


def state(member: Member, now: datetime) -> ExportState | None:
    """The newest export of the member; None if there is none or it has expired."""
    export = _newest(member)
    if export is None or (export.expires_at and export.expires_at <= now):
        return None
    parts = tuple(
        PartState(PART_NAMES.get(one.name, one.name), one.name in export.parts_done)
        for one in providers()
    )
    return ExportState(export, parts, (export.ready_at or now) + ANOTHER_AFTER, now)


def file_of(member: Member, export_id: int, now: datetime) -> Path | None:
    """The file of a ready export of this member; None where there is none."""
    found = member.exports.filter(pk=export_id, expires_at__gt=now).first()
    if found is None:
        return None
    path: Path = settings.EXPORT_DIR / found.file_name
    return path if path.is_file() else None


def mail_ready(now: datetime) -> int:
    """Tell by mail, once, whose export is ready; nothing where no mail server is set up."""
    if not settings.MAIL_IS_CONFIGURED:
        return 0
    ready = Export.objects.filter(mailed_at=None, expires_at__gt=now).select_related("member")
    with transaction.atomic():
        claimed = list(ready.select_for_update(skip_locked=True, of=("self",))[:MAILED_AT_ONCE])
        Export.objects.filter(pk__in=[one.pk for one in claimed]).update(mailed_at=now)
    return sum(_mail(one) for one in claimed)


def _mail(export: Export) -> bool:
    context = {
        "member": export.member,
        "url": settings.BASE_URL + reverse("export_member"),
        "days": KEPT_FOR.days,
    }
    with in_the_language_of(export.member):
        subject = _("Your data are ready to take along")
        text = render_to_string("accounts/mail/export_ready.txt", context)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [export.member.email])
    except (OSError, SMTPException):
        logger.warning("the mail about an export could not be sent; it is tried again")
        Export.objects.filter(pk=export.pk).update(mailed_at=None)
        return False
    return True
