"""Rows that each want one mail: claimed before they are mailed, and let go where that fails."""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from typing import TypeVar

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Model, QuerySet

MAILED_AT_ONCE = 20

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


def claimed(rows: QuerySet[Row], stamp: str, now: datetime) -> list[Row]:
    """Some of the rows, stamped as mailed before they are: better late by hand than twice."""
    with transaction.atomic():
        taken = list(
            rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:MAILED_AT_ONCE]
        )
        rows.model._default_manager.filter(pk__in=[row.pk for row in taken]).update(**{stamp: now})
    return taken


def mail_row(row: Model, mail: Mail, stamp: str) -> bool:
    """Send the mail of one row; where that fails the stamp is taken back, and it is tried again."""
    try:
        send_mail(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to])
    except (OSError, SMTPException):
        log.warning("%r could not be mailed; it is tried again", row, exc_info=True)
        type(row)._default_manager.filter(pk=row.pk).update(**{stamp: None})
        return False
    return True
