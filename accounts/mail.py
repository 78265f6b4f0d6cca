"""Mail while no mail server is configured: kept as files, shown on `/mail/` to this machine only.

Files, because several server processes share them; only the newest are kept.
"""

import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from ipaddress import ip_address
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest

KEPT = 100


@dataclass(frozen=True)
class KeptMail:
    to: str
    subject: str
    text: str
    sent_at: datetime


class KeptMailBackend(BaseEmailBackend):
    """Writes each mail to MAIL_DIR (mode 0600) and one plain line about it to MAIL_LOG."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _keep(settings.MAIL_DIR, message.message().as_bytes())
            _tell(settings.MAIL_LOG, message)
        _forget_old(settings.MAIL_DIR)
        return len(email_messages)


def kept_mail() -> list[KeptMail]:
    """The mail that is kept, newest first."""
    mails = (_read(path) for path in _newest_first(settings.MAIL_DIR))
    return [mail for mail in mails if mail]


def forget_mail_to(address: str) -> None:
    for path in _newest_first(settings.MAIL_DIR):
        mail = _read(path)
        if mail and mail.to.lower() == address.lower():
            path.unlink(missing_ok=True)


def may_see_mail(request: HttpRequest) -> bool:
    """Whether this request may read mail meant for others: only on a machine for trying out.

    The site must be meant for this machine (BASE_URL), the request must be addressed to it and
    come from it, and through no proxy: behind one, everybody comes from loopback.
    """
    if settings.MAIL_IS_CONFIGURED or not _is_here(urlsplit(settings.BASE_URL).hostname or ""):
        return False
    if "Forwarded" in request.headers or "X-Forwarded-For" in request.headers:
        return False
    try:
        host = urlsplit(f"//{request.get_host()}").hostname or ""
    except DisallowedHost:
        # The page that refuses such a request asks as well.
        return False
    return _is_here(host) and (settings.DEBUG or _is_here(request.META.get("REMOTE_ADDR", "")))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _keep(folder: Path, content: bytes) -> None:
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    unfinished = folder / f"{name}.part"
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    unfinished.rename(folder / f"{name}.eml")


def _tell(log: Path, message: EmailMessage) -> None:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    to = ", ".join(message.recipients())
    with _appending(log) as file:
        file.write(f"Mail to {to}: {message.subject}, read it at {settings.BASE_URL}/mail/\n")


def _appending(path: Path) -> IO[str]:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")


def _forget_old(folder: Path) -> None:
    for path in _newest_first(folder)[KEPT:]:
        path.unlink(missing_ok=True)


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True) if folder.is_dir() else []


def _read(path: Path) -> KeptMail | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # another process has just forgotten it
        return None
    mail = message_from_bytes(content, _class=ParsedMail, policy=policy.default)
    body = mail.get_body(("plain",))
    return KeptMail(
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=body.get_content() if body else "",
        sent_at=datetime.fromtimestamp(int(path.name.partition("-")[0]) / 1e9, UTC),
    )
