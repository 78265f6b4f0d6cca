"""The domain in a server's handles, which need not be where the server is.

`@ada@example.org` may live on `social.example.org`. Everybody else knows her by the first, so
her key must be made of it, or she is two people. Found by WebFinger (RFC 7033), as Mastodon does.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from networks.address_guard import server_name
from networks.connectors.base import ConnectorError
from networks.connectors.fields import Unreadable, items, mapping
from networks.http import Answer, Door


def home_of(door: Door, host: str, acct: str) -> tuple[str, bool]:
    """The domain of the handles at `host`, and whether that is certain.

    `acct` is somebody there, as the server calls them: `ada`, or `ada@` and a domain. Any server
    can claim any domain, so the domain itself is asked, too: unless it points back to `host`,
    handles are taken to be at `host`. Uncertain is what failed on the way.
    """
    user, _, claimed = acct.partition("@")
    try:
        home = _name(claimed) if claimed else _domain(_finger(door, host, f"{user}@{host}"))
        if home == host:
            return host, True
        confirmed = _finger(door, home, f"{user}@{home}")
        agrees = _domain(confirmed) == home and host in _hosts(confirmed)
        return (home if agrees else host), True
    except Unreadable:
        return host, True
    except ConnectorError:
        return host, False


def kept_home(value: object) -> str:
    """The domain that an earlier run kept; "" where it is none, and has to be asked for anew."""
    try:
        return server_name(value) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _finger(door: Door, host: str, acct: str) -> Mapping[str, Any]:
    answer: Answer = door.get(
        f"https://{host}/.well-known/webfinger", params={"resource": f"acct:{acct}"}
    )
    if answer.status != 200:
        raise Unreadable("no WebFinger")
    return mapping(answer.json())


def _domain(found: Mapping[str, Any]) -> str:
    scheme, _, acct = str(found.get("subject")).partition(":")
    if scheme != "acct":
        raise Unreadable("not an account")
    return _name(acct.rpartition("@")[2])


def _name(text: str) -> str:
    try:
        return server_name(text)
    except ValueError as error:
        raise Unreadable("not a domain") from error


def _hosts(found: Mapping[str, Any]) -> set[str]:
    """Where the account itself is, as its domain says."""
    links = [link for link in items(found.get("links"), 20) if isinstance(link, dict)]
    addresses = [str(link.get("href")) for link in links if link.get("rel") == "self"]
    return {_host(address) for address in addresses}


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        return parts.netloc.lower() if parts.scheme == "https" else ""
    except ValueError:
        return ""
