"""gunicorn as `make run` has it, and clients that keep their connections."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

WORKERS = 2
CLIENTS = 8


@dataclass(frozen=True)
class Post:
    """A form that is sent: its path, cookies and fields."""

    path: str
    fields: dict[str, str]
    cookies: dict[str, str]


@contextlib.contextmanager
def served(application: str, settings: str, port: int) -> Iterator[None]:
    words = [sys.executable, "-m", "gunicorn", application, "--config", "python:klout.web_server"]
    words += ["--workers", str(WORKERS), "--preload", "--bind", f"127.0.0.1:{port}"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings}
    server = subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.connect()
            connection.close()
            return
        time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def send_all(port: int, posts: Sequence[Post]) -> float:
    """Send the forms from CLIENTS connections; the seconds it took. All must be accepted."""
    shares = [posts[client::CLIENTS] for client in range(CLIENTS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda share: _send(port, share), shares))
    return time.perf_counter() - began


def _send(port: int, posts: Sequence[Post]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for post in posts:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in post.cookies.items()),
        }
        connection.request("POST", post.path, urlencode(post.fields), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 302:
            raise RuntimeError(f"{post.path} was answered with {answer.status}")
    connection.close()


def get_all(port: int, paths: Sequence[str], size_at_least: int) -> float:
    """Ask for the paths from CLIENTS connections; the seconds it took.

    Each must be answered with 200 and so many bytes: a redirect or an error is quick, too.
    """
    shares = [paths[client::CLIENTS] for client in range(CLIENTS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda share: _get(port, share, size_at_least), shares))
    return time.perf_counter() - began


def _get(port: int, paths: Sequence[str], size_at_least: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        if len(answer.read()) < size_at_least or answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
    connection.close()


def read_all(port: int, path: str, sessions: Sequence[str], count: int, at_least: int) -> None:
    """Read a page `count` times from CLIENTS connections, each in a session of its own.

    Raises RuntimeError for an answer that is not the page: another status, or too short.
    """
    shares = [count // CLIENTS + (client < count % CLIENTS) for client in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(
            clients.map(
                lambda session, share: _read(port, path, session, share, at_least),
                sessions,
                shares,
            )
        )


def _read(port: int, path: str, session: str, count: int, at_least: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(count):
        connection.request("GET", path, headers={"Cookie": f"session={session}"})
        answer = connection.getresponse()
        size = len(answer.read())
        if answer.status != 200 or size < at_least:
            raise RuntimeError(f"{path} was answered with {answer.status} and {size} bytes")
    connection.close()
