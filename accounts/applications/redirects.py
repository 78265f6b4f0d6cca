"""Where an application may be answered: addresses it registered, letter by letter. Pure.

https anywhere, and plain http on the member's own machine for programs that run there. Of the
latter the port may differ where the host is an address, since such a program takes a port that is
free at the moment (RFC 8252, 7.3; RFC 9700, 2.1).
"""

import re
from urllib.parse import SplitResult, urlsplit

NUMBERED = frozenset({"127.0.0.1", "::1"})
LOOPBACK = NUMBERED | {"localhost"}
_PLAIN = re.compile(r"[\x21-\x7e]+")


def is_redirect_uri(uri: str) -> bool:
    """Whether it may be registered."""
    parts = _parts(uri)
    if parts is None:
        return False
    if parts.scheme == "https":
        return "." in (parts.hostname or "")
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def matches(registered: str, asked: str) -> bool:
    """Whether an answer may go to `asked` by this registered address."""
    if registered == asked:
        return True
    one, other = _parts(registered), _parts(asked)
    if one is None or other is None or one.scheme != "http" or one.hostname not in NUMBERED:
        return False
    return _without_port(one) == _without_port(other)


def shown_host(uri: str) -> str:
    """What a member reads of an address: its host, and the port on the own machine."""
    parts = _parts(uri)
    if parts is None:
        return ""
    return parts.hostname or "" if parts.scheme == "https" else parts.netloc


def _without_port(parts: SplitResult) -> tuple[str, str | None, str, str]:
    return parts.scheme, parts.hostname, parts.path, parts.query


def _parts(uri: str) -> SplitResult | None:
    """None for what no redirect address may have: spaces, letters beyond ASCII, a user, a part
    after `#`, a backslash, a port that is none."""
    if not _PLAIN.fullmatch(uri) or "#" in uri or "\\" in uri:
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return None if "@" in parts.netloc or not parts.hostname else parts
