"""The embedded Valkey: every write goes to an append-only file, the only door is a unix socket."""

import socket
from pathlib import Path

from klout.embedded.binaries import valkey_server
from klout.embedded.places import make_folder, write_private
from klout.embedded.processes import Service

SOCKET_NAME = "valkey.sock"


def prepare(home: Path, sockets: Path, *, durable: bool = True) -> None:
    """Writes the configuration anew; the data beside it stay."""
    make_folder(home)
    settings = {
        "port": "0",
        "unixsocket": _quoted(sockets / SOCKET_NAME),
        "unixsocketperm": "700",
        "dir": _quoted(home),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": '""',
        "daemonize": "no",
        "databases": "16",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    write_private(home / "valkey.conf", text)


def service(home: Path, sockets: Path) -> Service:
    return Service(
        name="valkey",
        command=(str(valkey_server()), str(home / "valkey.conf")),
        is_ready=lambda: answers(sockets),
        ready_within=30.0,
        retry_for=2.0,
        folder=home,
    )


def url(sockets: Path, number: int = 0) -> str:
    return f"unix://{sockets / SOCKET_NAME}?db={number}"


def answers(sockets: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(1.0)
            door.connect(str(sockets / SOCKET_NAME))
            door.sendall(b"PING\r\n")
            return door.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
