"""Addresses on the web: which site, which post, whose. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from urllib.parse import quote, urljoin, urlsplit

from publicsuffixlist import PublicSuffixList

from language import gettext
from networks.address_guard import Place, parse_url
from networks.connectors.base import ConnectorError

MAX_ADDRESS = 2_000
MAX_SITE = 200
_MAX_ID = 255
# Hosts that give everybody a subdomain and are not in the Public Suffix List.
_ONE_SITE_A_SUBDOMAIN = frozenset(
    {
        "bearblog.dev",
        "dreamwidth.org",
        "ghost.io",
        "livejournal.com",
        "micro.blog",
        "substack.com",
        "tumblr.com",
        "wordpress.com",
        "write.as",
    }
)


@dataclass(frozen=True)
class Site:
    """The place that somebody owns: a host without `www.`, and the path it begins at.

    `name` says it in one line without the scheme, `example.org` or `example.org/~ada`; it is the
    same for every spelling of the address.
    """

    host: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.host}{self.path}".rstrip("/")

    def holds(self, address: str) -> bool:
        """Whether an address is on this site, by http or https, with or without `www.`."""
        other = _split(address)
        if other is None or other.host != self.host:
            return False
        path, mine = other.path.rstrip("/"), self.path.rstrip("/")
        # An address that climbs may end up elsewhere on the host.
        climbs = ".." in path.split("/") or "%2e" in path.lower()
        return not climbs and (path == mine or path.startswith(f"{mine}/"))


def site_of(address: str) -> Site:
    """The site that a page's address names. Raises ValueError."""
    found = _split(address)
    if found is None or len(found.name) > MAX_SITE:
        raise ValueError("not the address of a site")
    return found


def typed_address(typed: str, development_hosts: Collection[str]) -> str:
    """What somebody typed, as an address the door may fetch. Raises ValueError with a sentence."""
    text = typed.strip()
    authority, _, rest = (
        text.partition("://")[2].partition("/") if "://" in text else (text.partition("/"))
    )
    scheme = "http" if authority in development_hosts else "https"
    try:
        place = parse_url(f"{scheme}://{authority}/{rest}".partition("#")[0], development_hosts)
        return str(Place(**{**vars(place), "target": place.target.partition("?")[0]}).url)
    except (ConnectorError, ValueError) as error:
        raise ValueError(
            gettext(
                "This is not the address of a site that we can visit. Nothing was linked or "
                "changed. Please type it as in the address bar of your browser, for example "
                "ada.example."
            )
        ) from error


def absolute(address: object, base: str) -> str:
    """An http or https address, made whole against `base`, without fragment; or ""."""
    if not isinstance(address, str) or len(address) > MAX_ADDRESS:
        return ""
    try:
        joined = urljoin(base, address.strip()).partition("#")[0]
        parts = urlsplit(joined)
        _ = parts.port
        # Half a character, as JSON can hold it, cannot be quoted.
        quoted = quote(joined, safe="/%:@!$&'()*+,;=~-._?[]")
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return quoted if is_web and len(joined) <= MAX_ADDRESS else ""


def page_id(address: str) -> str:
    """One name for a page however its address is spelled: no scheme, `www.`, or final slash."""
    found = _split(address)
    if found is None:
        return ""
    query = urlsplit(address).query
    name = f"{found.name}?{query}" if query else found.name
    return name if len(name) <= _MAX_ID else f"long:{digest(name)}"


def digest(text: str) -> str:
    """16 bytes of BLAKE2b in hex, to tell texts apart."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def domain_of(address: str) -> str:
    """Whose a page is: the domain that somebody registered, or was given by a host of many.

    Subdomains cost nothing, so `a.example.org` and `b.example.org` are the same somebody; the
    Public Suffix List knows where everybody has a subdomain of their own (`ada.github.io`).
    Addresses on loopback stand for themselves. "" where there is no such domain.
    """
    found = _split(address)
    if found is None:
        return ""
    if ":" in found.host:
        # Another port than the web's is spoken to on loopback only.
        return found.host
    if found.host.rpartition(".")[2].isdigit():
        return ""
    registered = str(_suffixes().privatesuffix(found.host) or "")
    if registered in _ONE_SITE_A_SUBDOMAIN and found.host != registered:
        labels = registered.count(".") + 2
        return ".".join(found.host.split(".")[-labels:])
    return registered


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _split(address: str) -> Site | None:
    if len(address) > MAX_ADDRESS:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    try:
        host = parts.hostname.rstrip(".").encode("idna").decode("ascii")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    except UnicodeError:
        return None
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    return Site(host, path)
