"""Addresses written in every way that some reader of URLs takes, for servers inside and outside."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import quote

from tests.networks.edge.test_address_guard import LEADING_INSIDE

# Other dots and other digits that Unicode makes plain ones of (UTS 46).
_DOTS = ("\u3002", "\uff0e", "\uff61", "%2e")
_DIGITS = {"fullwidth": 0xFF10, "mathematical": 0x1D7CE, "arabic": 0x0660}
_LOCAL = (
    *("localhost", "LOCALHOST", "localhost.", "local%68ost", "ｌocalhost", "ⓛocalhost"),
    *(
        "ip6-localhost",
        "kubernetes",
        "postgres",
        "redis",
        "valkey",
        "metadata",
        "router",
        "intranet",
    ),
)
_SCHEMES = (
    *("http", "ftp", "file", "gopher", "dict", "ldap", "tftp", "jar", "ws", "wss", "data"),
    *("javascript", "phar", "sftp", "netdoc", "redis", "unix", "view-source", "h2c", "httpss", ""),
)
_PORTS = ("0", "22", "25", "80", "444", "3306", "5432", "6379", "8080", "11211", "65536", "-1", "x")
_BROKEN = (" ", "\t", "\n", "\r", "\x00", "\x0b", "\x1f", "\x7f", "\\")


def inside(port: int) -> list[str]:
    """URLs that lead inside, or that two readers understand differently; `port` is on loopback."""
    found = [
        *_spelled_v4(port),
        *_v6(port),
        *_names(port),
        *_other_than_https(port),
        *_users(port),
        *_broken(port),
    ]
    return list(dict.fromkeys(found))


def _spelled_v4(port: int) -> Iterator[str]:
    for text in LEADING_INSIDE:
        try:
            address = ipaddress.IPv4Address(text)
        except ValueError:
            continue
        number, parts = int(address), str(address).split(".")
        for host in (
            text,
            f"{text}.",
            f"{number}",
            f"{number:#x}",
            f"{number:#o}",
            ".".join(f"{int(part):#x}" for part in parts),
            ".".join(f"0{int(part):o}" for part in parts),
            ".".join(part.zfill(4) for part in parts),
            f"{parts[0]}.{int(address) & 0xFFFFFF}",
            f"[::ffff:{text}]",
        ):
            yield f"https://{host}/"
    for host in ("127.1", "127.0.1", "127.0.0.1"):
        yield f"https://{host}:{port}/"
        yield f"http://{host}:{port}/"
    yield from (f"https://127{dot}0{dot}0{dot}1/" for dot in _DOTS)
    for first in _DIGITS.values():
        host = "".join(chr(first + int(c)) if c.isdigit() else c for c in "127.0.0.1")
        yield f"https://{host}/"


def _v6(port: int) -> Iterator[str]:
    for text in LEADING_INSIDE:
        if ":" in text:
            yield f"https://[{text}]/"
            yield f"https://[{text.upper()}]:443/"
            yield f"https://[{text.replace('%', '%25')}]:{port}/"
    yield from ("https://::1/", "https://[::1/", "https://::1]/", "https://[::1].evil.example/")


def _names(port: int) -> Iterator[str]:
    for name in _LOCAL:
        yield f"https://{name}/"
        yield f"https://{name}:{port}/"
        yield f"http://{name}:{port}/"
    # Names that anybody may let lead inside: the resolver of the test does.
    for number, text in enumerate(LEADING_INSIDE):
        yield f"https://inside-{number}.example/"
        if ":" not in text and text.count(".") == 3:
            yield f"https://{text}.nip.example/"


def _other_than_https(port: int) -> Iterator[str]:
    for scheme in _SCHEMES:
        yield f"{scheme}://127.0.0.1:{port}/"
        yield f"{scheme}://mastodon.example/"
        yield f"{scheme}:127.0.0.1"
    yield from (f"https://mastodon.example:{number}/" for number in _PORTS)
    yield from (
        "//127.0.0.1/",
        "/etc/passwd",
        "127.0.0.1",
        "https:/127.0.0.1",
        "https:///127.0.0.1",
    )


def _users(port: int) -> Iterator[str]:
    for user in ("ada", "ada:secret", "", ":", "mastodon.example", "mastodon.example:443", "%40"):
        yield f"https://{user}@127.0.0.1/"
        yield f"https://{user}@127.0.0.1:{port}/"
        yield f"https://{user}@mastodon.example/"


def _broken(port: int) -> Iterator[str]:
    for mark in _BROKEN:
        yield f"https://mastodon.example{mark}@127.0.0.1:{port}/"
        yield f"https://127.0.0.1{mark}.mastodon.example/"
        yield f"{mark}https://127.0.0.1/"
        yield f"https://mastodon.example/{mark}HTTP/1.1"
    for name in (
        "a..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "xn--.example",
        ".example",
    ):
        yield f"https://{name}/"
    yield f"https://{'a' * 64}.example/"
    yield f"https://{'a.' * 130}example/"
    yield f"https://{quote('127.0.0.1', safe='')}%00.example/"
    yield "https://127.0.0.1%23.mastodon.example/"
    yield "https://127.0.0.1%2f.mastodon.example/"


def outside() -> list[str]:
    """A hundred URLs of plain public servers, as people and platforms write them."""
    names = [
        "mastodon.example",
        "a.b.c.d.example",
        "xn--bcher-kva.example",
        "1.example",
        "a-b.example",
    ]
    written = ["{}", "{}:443", "{}."]
    paths = [
        "/",
        "/api/v1/apps?limit=40",
        "/@ada",
        "/größe?q=ä#part",
        "",
        "/a%20b//c/../d?x=1&y[]=2",
    ]
    found = [
        f"https://{how.format(name)}{path}" for name in names for how in written for path in paths
    ]
    found += [f"HTTPS://{name.upper()}/" for name in names]
    found += ["https://bücher.example/", "https://BÜCHER.example/", "https://mastodon。example/"]
    found += ["https://ｍastodon.example/", "https://mastodon.example/?to=http://127.0.0.1/"]
    return found
