"""A server on loopback for a fake platform: what was asked, and answers that a test may bend.

`answers[path]` replaces an answer whole; `bend(path, value)` changes the JSON of one.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

Headers = dict[str, str]


class Asked:
    """One request, read whole."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.target = handler.path
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.path = unquote(parts.path)
        self.lists = parse_qs(parts.query, keep_blank_values=True)
        self.query = {name: values[0] for name, values in self.lists.items()}
        self.headers = handler.headers
        self.body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    @property
    def login(self) -> tuple[str, str]:
        """Client id and secret of a Basic header."""
        pair = self.headers.get("Authorization", "").removeprefix("Basic ")
        client_id, _, secret = base64.b64decode(pair + "==").decode().partition(":")
        return unquote(client_id), unquote(secret)


class Handler(BaseHTTPRequestHandler):
    """Without a log."""

    def send_whole(self, status: int, headers: Headers, body: bytes) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Loopback:
    """A server on a free port of this machine, from its making until it is closed."""

    def __init__(self, handler: type[Handler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class FakeServer(Loopback):
    """Subclasses have `answer(asked)`: a status, a JSON value and headers.

    Those where people consent have `consent(url)`, which returns the code that goes back, and
    `consent_path`, where a browser finds the page on which they do.
    """

    consent_path = ""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, tuple[int, Headers, bytes]] = {}
        self.bend: Callable[[str, Any], Any] = lambda _path, value: value
        fake = self

        class Answering(Handler):
            def do_GET(self) -> None:
                asked = Asked(self)
                fake.asked.append(asked)
                self.send_whole(*fake._answered(asked))

            def do_POST(self) -> None:
                self.do_GET()

            def do_DELETE(self) -> None:
                self.do_GET()

        super().__init__(Answering)

    def answer(self, asked: Asked) -> tuple[int, Any, Headers]:
        raise NotImplementedError

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def _answered(self, asked: Asked) -> tuple[int, Headers, bytes]:
        if asked.path in self.answers:
            return self.answers[asked.path]
        if asked.path == self.consent_path:
            return self._consent_page(asked)
        status, value, headers = self.answer(asked)
        if value is None:
            return status, headers, b""
        body = json.dumps(self.bend(asked.path, value)).encode()
        return status, {"Content-Type": "application/json; charset=utf-8", **headers}, body

    def consent(self, url: str) -> str:
        raise NotImplementedError

    def _consent_page(self, asked: Asked) -> tuple[int, Headers, bytes]:
        if asked.method == "GET":
            return consent_page(self.host, asked.target)
        return sent_back(asked.query, code=self.consent(f"{self.url}{asked.target}"))


def consent_page(host: str, target: str) -> tuple[int, Headers, bytes]:
    """What a person sees who is asked whether we may read: one button, which is pressed."""
    page = (
        f"<!doctype html><html lang=en><title>{host}</title><h1>Klout asks for access</h1>"
        f'<form method="post" action="{escape(target)}"><button>Allow</button></form></html>'
    )
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


def sent_back(asked: dict[str, str], **answer: str) -> tuple[int, Headers, bytes]:
    """The way back to us, after the button."""
    answer |= {"state": asked["state"]}
    return 302, {"Location": f"{asked['redirect_uri']}?{urlencode(answer)}"}, b""


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
