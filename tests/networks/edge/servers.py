"""Small servers on loopback that answer exactly what a test wants, byte by byte."""

import contextlib
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

Say = Callable[[socket.socket, bytes], None]


class Server:
    """Listens on a free loopback port; `say` gets each connection and the request's head."""

    def __init__(self, say: Say, tls: ssl.SSLContext | None = None) -> None:
        self._say = say
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.authority = f"127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def hits(self) -> int:
        return len(self.requests)

    def url(self, path: str = "/") -> str:
        return f"http://{self.authority}{path}"

    def close(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            connection.settimeout(5)
            if self._tls:
                connection = stack.enter_context(
                    self._tls.wrap_socket(connection, server_side=True)
                )
            request = _whole_request(connection)
            self.requests.append(request)
            self._say(connection, request)


def _whole_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        block = connection.recv(65536)
        if not block:
            return request
        request += block
    head, _, body = request.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def path_of(request: bytes) -> str:
    return request.split(b" ", 2)[1].decode()


def reply(
    body: bytes = b"{}", status: str = "200 OK", kind: str = "application/json", **headers: Any
) -> Say:
    """Says one well-formed answer. Header names: underscores stand for dashes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    answer = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return lambda connection, _request: connection.sendall(answer)


def reply_json(value: Any, **headers: Any) -> Say:
    return reply(json.dumps(value).encode(), **headers)


def raw(answer: bytes) -> Say:
    return lambda connection, _request: connection.sendall(answer)


def drip(start: bytes, drop: bytes, over: threading.Event, every: float = 0.02) -> Say:
    """Says `start`, then `drop` again and again until somebody hangs up."""

    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(start)
        while not over.wait(every):
            connection.sendall(drop)

    return say


def gzip_bomb(megabytes: int) -> bytes:
    return gzip.compress(b" " * (megabytes * 1_000_000), 9)


@contextlib.contextmanager
def serving(say: Say, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(say, tls)
    try:
        yield server
    finally:
        server.close()
