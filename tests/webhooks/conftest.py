"""A server of ada's that is told things: a real one, on loopback."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from accounts.models import Member
from accounts.webhooks.models import CHOOSABLE, Webhook
from klout.webhooks import services

EVERYTHING = [one.value for one in CHOOSABLE]


@dataclass
class Receiver:
    """What came, as (headers in lower case, body), and what is answered: a status, headers."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.told]

    def take(self, headers: dict[str, str], body: bytes) -> None:
        with self.lock:
            self.came.append((headers, body))


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            if found.status != 204:
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if found.status != 204:
                self.wfile.write(found.body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        # As many as come at once in any test.
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    settings.DEVELOPMENT_HOSTS = [f"127.0.0.1:{server.server_port}"]
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    found.url = f"http://127.0.0.1:{server.server_port}/hook?who=ada"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def now() -> datetime:
    """Receivers look at the clock as well."""
    return timezone.now()


@dataclass
class Hook:
    webhook: Webhook
    secret: str


@pytest.fixture
def hook(ada: Member, receiver: Receiver, now: datetime) -> Hook:
    """Ada wants everything told."""
    return Hook(*services.add(ada, receiver.url, EVERYTHING, now - timedelta(days=1)))


Tell = Callable[[], None]


@pytest.fixture
def tell(hook: Hook, now: datetime) -> Tell:
    """Something is to be told: a test."""
    return lambda: services.send_test(hook.webhook, now)
