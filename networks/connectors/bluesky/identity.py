"""Who somebody is in the AT Protocol, and where their account lives.

A DID is for ever; the document it resolves to names the handle and the server (PDS) of today. A
handle counts only if it leads to the DID *and* the document names it: anybody can claim either.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from language import gettext as _
from networks.address_guard import server_name
from networks.connectors.base import ConnectorError, Permanent, RateLimited, Transient
from networks.connectors.fields import Unreadable, items, line, mapping
from networks.http import Answer, Door

_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_WEB = re.compile(r"did:web:[a-z0-9.-]{4,150}")
_SCHEME = re.compile(r"^(at|https?)://", re.IGNORECASE)
_PROFILE_PAGE = re.compile(r"^bsky\.app/profile/", re.IGNORECASE)
NO_HANDLE = "handle.invalid"


def did(value: object) -> str:
    """An account's DID by one of the two methods that the protocol knows; or Unreadable."""
    if not isinstance(value, str) or not (_PLC.fullmatch(value) or _WEB.fullmatch(value)):
        raise Unreadable("not a DID")
    return value


def handle(value: object) -> str:
    """A handle in lower case, which is a host name; or Unreadable."""
    if not isinstance(value, str):
        raise Unreadable("not a handle")
    try:
        return server_name(value)
    except ValueError as error:
        raise Unreadable("not a handle") from error


def typed_name(typed: str) -> str:
    """The handle or DID that somebody typed: `@Ada.bsky.social`, their page, `did:plc:...`.

    Raises ValueError with a sentence for the member.
    """
    # A handle copied from a page may bring marks along that nobody sees.
    typed = line(typed, 300)
    bare = _PROFILE_PAGE.sub("", _SCHEME.sub("", typed))
    name = re.split(r"[/?#]", bare)[0].lstrip("@")
    if not name:
        raise ValueError(_("Type your handle, for example ada.bsky.social."))
    shown = typed if len(typed) <= 60 else f"{typed[:60]}…"
    if "@" in name:
        raise ValueError(
            _(
                "“{shown}” looks like an e-mail address. Type your handle, like ada.bsky.social."
            ).format(shown=shown)
        )
    if re.fullmatch(r"[\w-]+", name):
        raise ValueError(
            _(
                "“{shown}” is not a whole handle. Type it with its ending, like {name}.bsky.social."
            ).format(shown=shown, name=name)
        )
    try:
        return did(name) if name.startswith("did:") else handle(name)
    except Unreadable:
        raise ValueError(
            _("“{shown}” is not a handle. Type it like ada.bsky.social.").format(shown=shown)
        ) from None


@dataclass(frozen=True)
class Document:
    """What a DID resolves to: the handle it names (not checked), its services by their ids."""

    did: str
    handle: str
    services: Mapping[str, str]

    def service(self, name: str) -> str:
        """The address of one service, without a slash at the end. Raises Transient if none."""
        try:
            return self.services[name]
        except KeyError:
            raise Transient(f"{self.did} names no {name}", code="garbage") from None


class Directory:
    """Looks people up: DIDs in the PLC directory or on their site, handles at the AppView."""

    def __init__(self, door: Door, plc: str, appview: str) -> None:
        self._door = door
        self._plc = plc
        self._appview = appview

    def person(self, name: str) -> Document:
        """The document of a handle or DID. Raises Permanent (no_such_handle)."""
        if name.startswith("did:"):
            return self.document(name)
        found = self.document(self._did_of(name))
        if found.handle != name:
            raise Permanent(f"{name} is not the handle of its DID", code="no_such_handle")
        return found

    def document(self, wanted: str) -> Document:
        """Raises Permanent (no_such_handle) where there is no such DID any more."""
        if wanted.startswith("did:web:"):
            url = f"https://{wanted.removeprefix('did:web:')}/.well-known/did.json"
        else:
            url = f"{self._plc}/{wanted}"
        answer = self._door.get(url)
        if answer.status in (404, 410):
            raise Permanent(f"{wanted} is not there", code="no_such_handle")
        if answer.status >= 300:
            raise Transient(f"{wanted}: answered {answer.status}", code="server_error")
        try:
            return parse_document(answer.json(), wanted, self._door.development_hosts)
        except Unreadable as error:
            raise Transient(f"{wanted}: {error}", code="garbage") from error

    def _did_of(self, name: str) -> str:
        """Where a handle leads: the AppView knows also what stands in the DNS, which we do not."""
        try:
            url = f"{self._appview}/xrpc/com.atproto.identity.resolveHandle"
            return self._said(self._door.get(url, params={"handle": name}), is_json=True)
        except RateLimited:
            raise
        except ConnectorError as error:
            try:
                return self._said(self._door.get(f"https://{name}/.well-known/atproto-did"))
            except ConnectorError:
                raise error from None

    def _said(self, answer: Answer, *, is_json: bool = False) -> str:
        if answer.status >= 300:
            raise Permanent(f"answered {answer.status}", code="no_such_handle")
        try:
            text = mapping(answer.json()).get("did") if is_json else answer.body[:200].decode()
            return did(str(text).strip())
        except (Unreadable, UnicodeError) as error:
            raise Permanent("no DID in the answer", code="no_such_handle") from error


def parse_document(value: object, wanted: str, development_hosts: Collection[str]) -> Document:
    """The document of `wanted`, of a JSON value; Unreadable where it is another one's."""
    document = mapping(value)
    if document.get("id") != wanted:
        raise Unreadable("the document of another DID")
    names = (name for name in items(document.get("alsoKnownAs"), 20) if isinstance(name, str))
    claimed = next((name for name in names if name.startswith("at://")), "")
    return Document(
        wanted, _claimed(claimed.removeprefix("at://")), _services(document, development_hosts)
    )


def _claimed(name: str) -> str:
    try:
        return handle(name)
    except Unreadable:
        return ""


def _services(document: Mapping[str, Any], development_hosts: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for service in items(document.get("service"), 20):
        if not isinstance(service, dict):
            continue
        name = str(service.get("id")).rpartition("#")[2]
        try:
            found.setdefault(name, origin(service.get("serviceEndpoint"), development_hosts))
        except Unreadable:
            continue
    return found


def origin(value: object, development_hosts: Collection[str]) -> str:
    """`https://example.org` of a server's address, which has no path; or Unreadable."""
    if not isinstance(value, str):
        raise Unreadable("not an address")
    try:
        parts = urlsplit(value)
        if parts.scheme == "http" and parts.netloc in development_hosts:
            name = parts.netloc
        else:
            name = server_name(parts.netloc)
    except ValueError as error:
        raise Unreadable("not an address") from error
    is_web = parts.scheme == "https" or name in development_hosts
    if not is_web or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Unreadable("not an address")
    return f"{parts.scheme}://{name}"
