"""One HTTP exchange over one socket, bounded in seconds and in bytes.

The standard library's client reads through `_Wire`. So each single read gets only what is left
of the deadline and of the allowance of bytes: whoever drips headers or never stops sending is
cut off, whatever the layer above is waiting for.
"""

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from networks.address_guard import Place
from networks.connectors.base import Transient

MAX_HEADER_BYTES = 32_000
_BLOCK = 64 * 1024
_BUFFER = io.DEFAULT_BUFFER_SIZE
_TRIED_ADDRESSES = 4

Connect = Callable[[str, int, float], socket.socket]


class Deadline:
    """One moment after which everything stops."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than 0. Raises Transient (too_slow) when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise Transient("the deadline passed", code="too_slow")
        return left


@dataclass(frozen=True)
class Request:
    method: str
    place: Place
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reply:
    """`headers` have names in lower case; `body` is inflated."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def open_socket(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


def exchange(
    request: Request,
    addresses: Sequence[str],
    deadline: Deadline,
    max_bytes: int,
    *,
    connect: Connect,
    tls: ssl.SSLContext,
) -> Reply:
    """Send the request to one of the addresses and read the whole reply.

    Raises Transient: unreachable, too_slow, too_large, garbage.
    """
    try:
        sock = _connected(addresses, request.place, deadline, connect)
        with _secured(sock, request.place, deadline, tls) as secured:
            return _spoken(secured, request, deadline, max_bytes)
    except TimeoutError:
        raise Transient(f"{request.place.host}: timed out", code="too_slow") from None
    except OSError as error:
        raise Transient(f"{request.place.host}: {type(error).__name__}") from error
    except http.client.IncompleteRead:
        raise Transient(f"{request.place.host}: the answer was cut short") from None
    except http.client.HTTPException as error:
        code = "too_large" if _is_about_size(error) else "garbage"
        raise Transient(f"{request.place.host}: {type(error).__name__}", code=code) from None


def _connected(
    addresses: Sequence[str], place: Place, deadline: Deadline, connect: Connect
) -> socket.socket:
    """Connected to the first of the checked addresses that answers; never to any other."""
    tried = addresses[:_TRIED_ADDRESSES]
    for address in tried[:-1]:
        try:
            return connect(address, place.port, deadline.left() / 2)
        except OSError:
            continue
    return connect(tried[-1], place.port, deadline.left())


def _secured(
    sock: socket.socket, place: Place, deadline: Deadline, tls: ssl.SSLContext
) -> socket.socket:
    """The socket under TLS, its certificate verified to the name and not to the address."""
    if place.scheme == "http":
        return sock
    sock.settimeout(deadline.left())
    try:
        return tls.wrap_socket(sock, server_hostname=place.host)
    except BaseException:
        sock.close()
        raise


def _spoken(sock: socket.socket, request: Request, deadline: Deadline, max_bytes: int) -> Reply:
    wire = _Wire(sock, deadline, MAX_HEADER_BYTES + _BUFFER)
    connection = http.client.HTTPConnection(request.place.host)
    connection.sock = wire
    connection.request(
        request.method, request.place.target, body=request.body, headers=dict(request.headers)
    )
    response = connection.getresponse()
    headers = _plain_headers(response)
    # Room for what frames the body; the body itself is counted after inflation.
    wire.allowance = 2 * max_bytes + _BUFFER
    return Reply(response.status, headers, _body(response, headers, max_bytes))


def _plain_headers(response: http.client.HTTPResponse) -> dict[str, str]:
    items = response.getheaders()
    if sum(len(name) + len(value) + 4 for name, value in items) > MAX_HEADER_BYTES:
        raise Transient("too many headers", code="too_large")
    found: dict[str, str] = {}
    for name, value in items:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _body(response: http.client.HTTPResponse, headers: Mapping[str, str], max_bytes: int) -> bytes:
    if (response.length or 0) > max_bytes:
        raise Transient("the answer is too large", code="too_large")
    body = _Body(headers.get("content-encoding", "identity").strip().lower(), max_bytes)
    while block := response.read(_BLOCK):
        body.add(block)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return body.whole()


def _is_about_size(error: http.client.HTTPException) -> bool:
    # The standard library has no own class for "more than 100 headers".
    return isinstance(error, http.client.LineTooLong) or "more than" in str(error)


class _Body:
    """Gathers a body, inflating as it comes, and stops at the first byte too many."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise Transient("an encoding we did not ask for", code="garbage")
        # 47: gzip or zlib, told apart by their first bytes.
        self._inflate = None if encoding in ("identity", "") else zlib.decompressobj(47)
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, block: bytes) -> None:
        part = self._inflated(block) if self._inflate else block
        self._parts.append(part)
        self._size += len(part)
        if self._size > self._max_bytes or (self._inflate and self._inflate.unconsumed_tail):
            raise Transient("the answer is too large", code="too_large")

    def _inflated(self, block: bytes) -> bytes:
        assert self._inflate is not None  # noqa: S101 - for the type checker
        try:
            return self._inflate.decompress(block, self._max_bytes - self._size + 1)
        except zlib.error:
            raise Transient("what came cannot be inflated", code="garbage") from None

    def whole(self) -> bytes:
        if self._inflate and self._parts and (not self._inflate.eof or self._inflate.unused_data):
            raise Transient("what came cannot be inflated", code="garbage")
        return b"".join(self._parts)


class _Wire:
    """What http.client takes for a socket: sends and reads within deadline and allowance."""

    def __init__(self, sock: socket.socket, deadline: Deadline, allowance: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self.allowance = allowance

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def receive_into(self, buffer: memoryview) -> int:
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self.allowance -= count
        if self.allowance < 0:
            raise Transient("more than we take", code="too_large")
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self), _BUFFER)

    def close(self) -> None:
        """http.client closes before the body is read; whoever opened the socket closes it."""


class _Incoming(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._wire.receive_into(buffer)
