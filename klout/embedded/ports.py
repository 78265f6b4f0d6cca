"""Is the address free on which a server is to listen?"""

import errno
import socket
import time

from klout.embedded.problems import CannotStart

LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def read_port(text: str) -> int:
    """PORT from the environment; the playground takes the next one."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65534:
        raise CannotStart(
            f"PORT must be a number from 1 to 65534, and it is {text!r}. Nothing was started. "
            "Try `make run PORT=8010`."
        )
    return int(text)


def loopback_addresses() -> list[str]:
    """127.0.0.1, and ::1 where this machine has it: `localhost` may mean either."""
    return [address for family, address in LOOPBACKS if _problem(family, address, 0) is None]


def wait_until_free(port: int, *, seconds: float = 5.0) -> None:
    """Raises CannotStart if the port stays taken; the last workers of a killed server need a
    moment to notice and let go of it."""
    until = time.monotonic() + seconds
    while True:
        problems = [_problem(family, address, port) for family, address in LOOPBACKS]
        if errno.EACCES in problems:
            raise CannotStart(
                f"Port {port} is reserved for root. Nothing was started. Try another one: "
                "`make run PORT=8010`."
            )
        if errno.EADDRINUSE not in problems:
            return
        if time.monotonic() > until:
            raise CannotStart(
                f"Port {port} is in use by another program. Nothing was started and all data are "
                f"kept. Stop that program, or choose another port: `make run PORT={port + 10}`. "
                "(Klout takes PORT and the one after it.)"
            )
        time.sleep(0.2)


def _problem(family: socket.AddressFamily, address: str, port: int) -> int | None:
    """The number of the error that listening there would give."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((address, port))
            door.listen(1)
    except OSError as error:
        return error.errno
    return None
