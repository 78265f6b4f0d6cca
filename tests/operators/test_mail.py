"""A mail that tests itself, against a real SMTP server that fails where it is told to."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import trustme
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.operator_models import StaffAct
from klout.mail_check import check_mail
from tests.free_ports import two_free_ports

pytestmark = pytest.mark.django_db


class Server(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as one mail needs. `refuses` names the commands that it refuses."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, refuses: tuple[str, ...], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.refuses, self.tls = refuses, tls
        self.mails: list[str] = []


class Talk(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        self._say("220 mail.example ESMTP")
        while line := self._line():
            self._answer(line)

    def _line(self) -> str:
        got = b""
        while not got.endswith(b"\r\n"):
            byte = self.request.recv(1)
            if not byte:
                return ""
            got += byte
        return got.decode()

    def _answer(self, line: str) -> None:
        verb = line.split()[0].upper().split(":")[0]
        if verb in self.server.refuses:
            self._say(f"550 5.7.1 {verb} not wanted")
        elif verb == "EHLO":
            offers = ["AUTH PLAIN", *(["STARTTLS"] if self.server.tls else [])]
            self._say(
                "\r\n".join(
                    [f"250-{offer}" for offer in ["mail.example", *offers]] + ["250 SIZE 1000000"]
                )
            )
        elif verb == "STARTTLS" and self.server.tls:
            self._say("220 go on")
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        elif verb == "AUTH":
            self._say("235 in")
        elif verb == "DATA":
            self._say("354 go on")
            self.server.mails.append("".join(iter(self._line, ".\r\n")))
            self._say("250 queued as 42")
        else:
            self._say("221 bye" if verb == "QUIT" else "250 fine")

    def _say(self, text: str) -> None:
        self.request.sendall(f"{text}\r\n".encode())


Serve = Callable[..., Server]


@pytest.fixture
def serve(settings: Any) -> Iterator[Serve]:
    running: list[Server] = []

    def begin(*refuses: str, tls: ssl.SSLContext | None = None) -> Server:
        server = Server(refuses, tls)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_IS_CONFIGURED = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.server_address[1]
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "klout", "secret"
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = tls is not None, False
        settings.DEFAULT_FROM_EMAIL = "Klout <klout@example.org>"
        return server

    yield begin
    for server in running:
        server.shutdown()
        server.server_close()


def names(to: str = "olga@example.org") -> list[tuple[str, bool]]:
    return [(str(step.name), step.is_well) for step in check_mail(to)]


def test_all_goes_well_and_the_mail_is_there(serve: Serve) -> None:
    server = serve()
    steps = check_mail("olga@example.org")
    assert all(step.is_well for step in steps)
    assert len(steps) == 7
    assert "Klout can send mail" in server.mails[0]
    assert "in the clear" in steps[2].said


@pytest.mark.parametrize(
    ("refused", "failed", "advice"),
    [
        ("AUTH", "Sign in", "user and password in EMAIL_URL"),
        ("MAIL", "Sender", "DEFAULT_FROM_EMAIL"),
        ("RCPT", "Receiver", "relays for you"),
        ("DATA", "Hand the mail over", "its answer says why"),
    ],
)
def test_the_step_that_failed_is_named_with_what_to_do(
    serve: Serve, refused: str, failed: str, advice: str
) -> None:
    serve(refused)
    last = check_mail("olga@example.org")[-1]
    assert (str(last.name), last.is_well) == (failed, False)
    assert f"{refused} not wanted" in last.said
    assert advice in last.advice


def test_a_name_that_is_not_there(serve: Serve, settings: Any) -> None:
    serve()
    settings.EMAIL_HOST = "nowhere.invalid"
    assert names() == [("Find the server (DNS)", False)]


def test_a_port_where_nobody_listens(serve: Serve, settings: Any) -> None:
    serve()
    settings.EMAIL_PORT = two_free_ports()
    assert names()[-1] == ("Connect", False)


def test_a_certificate_of_somebody_else(serve: Serve) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("elsewhere.example").configure_cert(context)
    serve(tls=context)
    last = check_mail("olga@example.org")[-1]
    assert (str(last.name), last.is_well) == ("Encrypt (TLS)", False)
    assert "certificate" in last.advice


def test_a_server_that_offers_no_encryption(serve: Serve, settings: Any) -> None:
    serve()
    settings.EMAIL_USE_TLS = True
    last = check_mail("olga@example.org")[-1]
    assert (str(last.name), last.is_well) == ("Encrypt (TLS)", False)
    assert "no STARTTLS" in last.advice


def test_without_a_server_it_says_what_to_set() -> None:
    (step,) = check_mail("olga@example.org")
    assert "EMAIL_URL" in step.advice


def test_as_a_command(serve: Serve) -> None:
    serve("RCPT")
    out = StringIO()
    with pytest.raises(CommandError, match="relays for you"):
        call_command("try_mail", "olga@example.org", stdout=out)
    assert "FAIL Receiver: 550" in out.getvalue()


def test_as_a_page_and_on_record(at_olga: Client, serve: Serve) -> None:
    serve("MAIL")
    page = at_olga.post("/admin/mail/", {"to": "olga@example.org"}).content.decode()
    assert "failed here" in page
    assert "DEFAULT_FROM_EMAIL" in page
    assert "secret" not in page
    assert StaffAct.objects.get().detail == "failed at: Sender"
