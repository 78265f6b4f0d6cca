"""Where the one door may go: names and addresses, refused unless they are plainly public.

Pure but for `resolve_name`. An allow-list rule, measured against 46 addresses that lead inside:
deny-lists and `is_private` let a dozen of them through.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from networks.connectors.base import Transient

# IANA's special-purpose registry, and two addresses that clouds answer on for themselves
# (168.63.129.16; 192.0.0.192 is inside 192.0.0.0/24).
_NOT_PUBLIC_V4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
# Everything public is in here; mapped, compatible and NAT64 forms are not ...
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# ... and these are taken out: protocol assignments (Teredo, ORCHID), documentation, 6to4, AS112.
_NOT_PUBLIC_V6 = [
    ipaddress.IPv6Network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]

_MAX_NAME = 254  # With a final dot.
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE_IN_TARGET = "/%:@!$&'()*+,;=~-._?[]"


@dataclass(frozen=True)
class Place:
    """A URL that may be asked for, once its addresses are found clean.

    `target` is path and query. `development` marks a loopback host that settings name.
    """

    scheme: str
    host: str
    port: int
    target: str
    development: bool = False

    @property
    def authority(self) -> str:
        """`host`, with the port where it is not the usual one; also the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{name}:{self.port}" if self.development else name

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def refused(detail: str) -> Transient:
    return Transient(detail, code="refused_address")


def server_name(text: str) -> str:
    """A server's name in lower-case ASCII (IDNA 2008). Raises ValueError for anything else.

    Names only, with at least one dot and a last part that begins with a letter: no addresses in
    any spelling.
    """
    if len(text) > _MAX_NAME:
        raise ValueError("too long for a server's name")
    try:
        name = idna.encode(text.removesuffix("."), uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError("not a server's name") from error
    if not _NAME.fullmatch(name):
        raise ValueError("not a server's name")
    return name


def development_address(authority: str) -> tuple[str, int]:
    """Address and port of a development host. Raises ValueError unless it is on loopback."""
    parts = urlsplit(f"http://{authority}")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    if parts.port is None or not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"A development host is a loopback address and a port, not {authority!r}.")
    return host, parts.port


def parse_url(url: str, development_hosts: Collection[str] = ()) -> Place:
    """The place a URL names. Raises Transient (refused_address) for all we do not speak to."""
    if _UNSAFE_IN_URL.search(url):
        raise refused("the URL holds a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
        port = parts.port
        query = f"?{parts.query}" if parts.query else ""
        # Half a character, as JSON can hold it, cannot be quoted.
        target = quote((parts.path or "/") + query, safe=_SAFE_IN_TARGET)
    except ValueError as error:
        raise refused("not a URL") from error
    if parts.scheme == "http" and parts.netloc in development_hosts:
        host, development_port = development_address(parts.netloc)
        return Place("http", host, development_port, target, development=True)
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        raise refused("only https on port 443, without a user in the URL")
    try:
        return Place("https", server_name(parts.hostname or ""), 443, target)
    except ValueError as error:
        raise refused("the URL does not name a server") from error


def is_public(text: str) -> bool:
    """Whether an address is one that anybody on the internet reaches, and nothing of ours."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_V4)
    if address.scope_id is not None or address not in _PUBLIC_V6:
        return False
    return not any(address in block for block in _NOT_PUBLIC_V6)


def clean_addresses(addresses: Sequence[str]) -> Sequence[str]:
    """The addresses of one name; a single bad one refuses them all (mixed answers are attacks)."""
    if not addresses:
        raise Transient("the name has no address")
    if not all(is_public(address) for address in addresses):
        raise refused("the name leads to an address that is not public")
    return addresses


def resolve_name(name: str, seconds: float) -> list[str]:
    """Addresses of a name, asked for once. Raises Transient: unreachable or too_slow.

    The system's resolver knows no deadline, so it runs in a thread that is left behind. The
    final dot keeps it from trying the name inside our own domain.
    """
    found: list[str] = []
    problem: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(f"{name}.", 443, type=socket.SOCK_STREAM)
            found.extend(str(answer[4][0]) for answer in answers)
        except (OSError, UnicodeError) as error:
            problem.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    if problem:
        raise Transient(f"{name}: no such name")
    if thread.is_alive():
        raise Transient(f"{name}: the name took too long to look up", code="too_slow")
    return found
