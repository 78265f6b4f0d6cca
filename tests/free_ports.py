"""Ports for servers that the tests start as processes of their own."""

import errno
import itertools
import os
import socket

# Below what kernels hand out by themselves (Linux 32768, macOS 49152, and up): a port from there
# may be given to somebody else between the look and the start.
FIRST, LAST = 10_000, 30_000
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))

# Each process of a test run begins somewhere else.
_numbers = itertools.count(os.getpid() * 61)


def two_free_ports() -> int:
    """A port that is free on loopback together with the one after it."""
    for number in _numbers:
        port = FIRST + 2 * number % (LAST - FIRST)
        if _is_free(port) and _is_free(port + 1):
            return port
    raise AssertionError("counting never ends")


def _is_free(port: int) -> bool:
    for family, address in LOOPBACKS:
        try:
            with socket.socket(family) as door:
                door.bind((address, port))
        except OSError as error:
            # A machine may be without IPv6.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return False
    return True
