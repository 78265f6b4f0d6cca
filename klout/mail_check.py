"""Whether mail goes out, step by step, and which step failed: DNS, connect, TLS, login, sender.

Speaks SMTP itself with the settings that all mail is sent by, so that what is reported is the
server's own answer and not a stack of libraries.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PATIENCE = 10.0


@dataclass(frozen=True)
class Step:
    """One step. `advice` is empty where it went well."""

    name: str | Promise
    is_well: bool
    said: str = ""
    advice: str = ""


class _Failed(Exception):
    def __init__(self, said: str, advice: str) -> None:
        super().__init__(said)
        self.said, self.advice = said, advice


class _Conversation:
    """With the mail server of the settings, up to the first step that fails."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._host: str = settings.EMAIL_HOST
        self._port = int(settings.EMAIL_PORT)
        self._sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self._client: smtplib.SMTP | None = None

    @property
    def steps(self) -> list[tuple[str | Promise, Callable[[], str]]]:
        return [
            (gettext_lazy("Find the server (DNS)"), self.find),
            (gettext_lazy("Connect"), self.connect),
            (gettext_lazy("Encrypt (TLS)"), self.encrypt),
            (gettext_lazy("Sign in"), self.sign_in),
            (gettext_lazy("Sender"), self.sender),
            (gettext_lazy("Receiver"), self.receiver),
            (gettext_lazy("Hand the mail over"), self.hand_over),
        ]

    def find(self) -> str:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise _Failed(
                f"{self._host}: {error.strerror or error}",
                _("Check the host in EMAIL_URL, and that this machine can ask a name server."),
            ) from error
        return ", ".join(sorted({str(one[4][0]) for one in found}))

    def connect(self) -> str:
        kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
        try:
            self._client = kind(self._host, self._port, timeout=PATIENCE)
        except ssl.SSLError as error:
            raise self._tls(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise _Failed(
                _words(error),
                _(
                    "Nothing that speaks SMTP answers there. Check the port in EMAIL_URL (587 for "
                    "smtp+tls, 465 for smtp+ssl), and whether your host lets mail out: many block "
                    "port 25."
                ),
            ) from error
        return f"{self._host}:{self._port}"

    def encrypt(self) -> str:
        if settings.EMAIL_USE_SSL:
            return _("from the beginning")
        if not settings.EMAIL_USE_TLS:
            return _("none: smtp:// asks for none, so the password and all mail go in the clear")
        try:
            # As Django does it: the certificate must belong to the host.
            self._talk.starttls(context=ssl.create_default_context())
        except ssl.SSLError as error:
            raise self._tls(error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise _Failed(
                _words(error),
                _("The server offers no STARTTLS on this port. smtp+ssl:// on port 465 may do."),
            ) from error
        return _("STARTTLS")

    def _tls(self, error: ssl.SSLError) -> _Failed:
        return _Failed(
            _words(error),
            _(
                "The certificate of the server does not fit its name, or the port speaks another "
                "kind of TLS. Use the name that is in the certificate; smtp+ssl:// is for port "
                "465, smtp+tls:// for 587."
            ),
        )

    def sign_in(self) -> str:
        if not settings.EMAIL_HOST_USER:
            return _("not needed: EMAIL_URL names no user")
        try:
            self._talk.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (OSError, smtplib.SMTPException) as error:
            raise _Failed(
                _words(error),
                _(
                    "Check user and password in EMAIL_URL; letters like @ or : in them are written "
                    "%40 and %3A. Some providers want a password for applications."
                ),
            ) from error
        return settings.EMAIL_HOST_USER

    def sender(self) -> str:
        self._ask(
            lambda: self._talk.mail(self._sender),
            _(
                "The server does not take mail from this address. DEFAULT_FROM_EMAIL must be an "
                "address that the user of EMAIL_URL may send as."
            ),
        )
        return self._sender

    def receiver(self) -> str:
        self._ask(
            lambda: self._talk.rcpt(self._to),
            _(
                "The server does not take mail for this receiver. Check your own address, and that "
                "the server relays for you."
            ),
        )
        return self._to

    def hand_over(self) -> str:
        answer = self._ask(
            lambda: self._talk.data(self._mail().as_bytes()),
            _("The server refused the mail itself; its answer says why."),
        )
        self._talk.quit()
        return answer

    def _ask(self, question: Callable[[], tuple[int, bytes]], advice: str) -> str:
        try:
            code, said = question()
        except (OSError, smtplib.SMTPException) as error:
            raise _Failed(_words(error), advice) from error
        text = said.decode("utf-8", "replace")
        if code >= 300:
            raise _Failed(f"{code} {text}", advice)
        return text

    def _mail(self) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = settings.DEFAULT_FROM_EMAIL, self._to
        mail["Subject"] = _("Klout can send mail")
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="klout.invalid")
        mail.set_content(
            _("This mail was sent from %s to see whether mail goes out. It does.")
            % settings.BASE_URL
        )
        return mail

    @property
    def _talk(self) -> smtplib.SMTP:
        assert self._client is not None  # noqa: S101 (`connect` comes first)
        return self._client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def check_mail(to: str) -> list[Step]:
    """Send a mail to `to` by the settings; the last step is the one that failed, if one did."""
    if not settings.MAIL_IS_CONFIGURED:
        advice = _(
            "Set EMAIL_URL, e.g. smtp+tls://user:password@mail.example.org:587, and restart."
        )
        return [Step(_("Settings"), is_well=False, said=_("EMAIL_URL is empty"), advice=advice)]
    conversation = _Conversation(to)
    try:
        return list(_walk(conversation))
    finally:
        conversation.close()


def _walk(conversation: _Conversation) -> Iterator[Step]:
    for name, step in conversation.steps:
        try:
            yield Step(name, is_well=True, said=step())
        except _Failed as failure:
            yield Step(name, is_well=False, said=failure.said, advice=failure.advice)
            return


def _words(error: Exception) -> str:
    """What the server or the system said."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__
