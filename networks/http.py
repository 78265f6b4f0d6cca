"""The one door to the outside: nothing else in the product opens a connection to the internet.

https to public addresses only (see `address_guard`), within one deadline and one size (see
`wire`), and as patient as the platform asks us to be. Every failure is a ConnectorError. It
writes no log, and no message it raises holds a token, a query or a body.
"""

import re
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from json import dumps
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urljoin

import certifi

from networks import strict_json
from networks.address_guard import (
    Place,
    clean_addresses,
    development_address,
    parse_url,
    refused,
    resolve_name,
)
from networks.connectors.base import AccessRevoked, RateLimited, Transient
from networks.quota import Quota
from networks.rate_limits import is_used_up, wait_until
from networks.wire import Connect, Deadline, Reply, Request, exchange, open_socket

MAX_REDIRECTS = 2
# How long a request stands in line behind others of ours to the same host.
LONGEST_TURN_SECONDS = 5.0
# Headers that say who we are speaking for.
_SECRETS = ("Authorization", "X-API-Access-Token")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r"""(?:^|[\s;])rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)

Resolve = Callable[[str, float], Sequence[str]]
Fields = Mapping[str, str | int | Sequence[str]]


class HostBudget(Protocol):
    """Remembers who asked us to wait. Shared by all workers where the caller shares it.

    `host` is a host, or a host and a fingerprint of one token on it: a server that says that the
    last request of a window was made means that token, one that answers 429 may mean us all.
    """

    def allow(self, *hosts: str) -> None:
        """Raises RateLimited(until) while one of `hosts` is to be left alone."""
        ...

    def note(self, host: str, until: datetime) -> None:
        """`host` asked not to be asked again before `until` (UTC)."""
        ...

    def turn(self, host: str) -> float:
        """Take a turn at `host`: 0 if it is now, else seconds until it is worth asking again."""
        ...

    def spend(self, quota: Quota, units: int, share: float) -> None:
        """Take units of a day's quota, of which `share` is there for what asks.

        Raises RateLimited until the hour in which more of them are let out.
        """
        ...


class OwnBudget:
    """The budget of one process."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._spent: dict[tuple[Quota, date], int] = {}

    def allow(self, *hosts: str) -> None:
        now = datetime.now(UTC)
        for host in hosts:
            until = self._until.get(host)
            if until and until > now:
                raise RateLimited(until, f"{host.partition('#')[0]} asked us to wait")

    def note(self, host: str, until: datetime) -> None:
        now = datetime.now(UTC)
        self._until = {name: to for name, to in self._until.items() if to > now} | {host: until}

    def turn(self, host: str) -> float:  # noqa: ARG002
        """One process that is not told a pace keeps none."""
        return 0.0

    def spend(self, quota: Quota, units: int, share: float) -> None:
        now = datetime.now(UTC)
        self.allow(lane_of(quota))
        day = (quota, quota.day(now))
        spent = self._spent.get(day, 0) + units
        if spent > share * quota.let_out(now):
            raise used_up(quota, now)
        others = {kept: n for kept, n in self._spent.items() if kept[0] != quota}
        self._spent = others | {day: spent}


def lane_of(quota: Quota) -> str:
    """The lane of a budget in which a platform said that the day's quota is used up."""
    return f"quota of {quota.name}"


def used_up(quota: Quota, now: datetime) -> RateLimited:
    return RateLimited(quota.next_at(now), f"{quota.name}: used up")


@dataclass(frozen=True)
class Answer:
    """What a server answered with a status below 500 other than 429.

    `headers` have names in lower case. `url` is where the answer came from, after redirects.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)

    def json(self) -> Any:
        """The JSON value, strictly parsed. Raises Transient (garbage) if it is none."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not (kind == "application/json" or kind.endswith("+json")):
            raise Transient(f"not JSON but {kind[:80] or 'untyped'}", code="garbage")
        try:
            return strict_json.parse(self.body)
        except strict_json.NotStrictJson as error:
            raise Transient(str(error), code="garbage") from error

    def link(self, rel: str) -> str | None:
        """The absolute URL of the first link of that relation (RFC 8288), if there is a good one.

        It is what the server says and may be anywhere: never send a token there unchecked.
        """
        for url, parameters in _LINK.findall(self.headers.get("link", "")):
            match = _REL.search(parameters)
            if match and rel in (match[1] or match[2] or "").lower().split():
                return _joined(self.url, url)
        return None


class Door:
    """Fetches from public servers, and over plain http from the named loopback hosts.

    `development_hosts` are exact `address:port` pairs. `deadline` is in seconds and covers a
    whole call with its redirects; `max_bytes` is the largest body after inflation.
    `resolve`, `connect`, `sleep` and `tls` are replaced in tests.
    """

    def __init__(
        self,
        development_hosts: frozenset[str] = frozenset(),
        *,
        deadline: float = 15.0,
        max_bytes: int = 1_000_000,
        user_agent: str = "Klout",
        budget: HostBudget | None = None,
        resolve: Resolve = resolve_name,
        connect: Connect = open_socket,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        for authority in development_hosts:
            development_address(authority)
        self.development_hosts = development_hosts
        self._seconds = deadline
        self._max_bytes = max_bytes
        self._user_agent = user_agent
        self._budget = budget or OwnBudget()
        self._resolve = resolve
        self._connect = connect
        self._sleep = sleep
        self._tls = tls or _public_certificates()

    def get(
        self,
        url: str,
        *,
        params: Fields | None = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Fetch; follows at most two redirects, none to another server with a secret."""
        place = parse_url(_with_query(url, params), self.development_hosts)
        sent = self._headers(token) | dict(headers or {})
        has_secret = any(name in sent for name in _SECRETS)
        deadline = Deadline(self._seconds)
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._asked(Request("GET", place, sent), deadline)
            if reply.status not in _REDIRECTS:
                return Answer(reply.status, reply.headers, reply.body, place.url)
            place = self._redirected(place, reply, has_secret=has_secret)
        raise Transient(f"{place.host}: too many redirects", code="redirected_away")

    def post(
        self,
        url: str,
        *,
        data: Fields | None = None,
        json: Mapping[str, Any] | bytes | None = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a form, or JSON (as bytes where they are signed); never follows a redirect."""
        return self._send("POST", url, data, json, self._headers(token) | dict(headers or {}))

    def delete(
        self,
        url: str,
        *,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Take something away there; never follows a redirect."""
        return self._send("DELETE", url, None, json or {}, self._headers("") | dict(headers or {}))

    def spend(self, quota: Quota, units: int, share: float = 1.0) -> None:
        """Take units of a day's quota before asking for something; see `HostBudget.spend`."""
        try:
            self._budget.spend(quota, units, share)
        except RateLimited as error:
            error.code = "quota_used_up"
            raise

    def is_used_up(self, quota: Quota) -> RateLimited:
        """The platform says that nothing is left of today's quota: nobody asks until tomorrow."""
        until = quota.ends_at(datetime.now(UTC))
        self._budget.note(lane_of(quota), until)
        return RateLimited(until, f"{quota.name}: used up", code="quota_used_up")

    def _send(
        self,
        method: str,
        url: str,
        data: Fields | None,
        json: Mapping[str, Any] | bytes | None,
        headers: dict[str, str],
    ) -> Answer:
        place = parse_url(url, self.development_hosts)
        if json is None:
            kind = "application/x-www-form-urlencoded"
            body = urlencode(data or {}, doseq=True).encode("ascii")
        else:
            kind = "application/json"
            body = json if isinstance(json, bytes) else dumps(json).encode("ascii")
        request = Request(method, place, headers | {"Content-Type": kind}, body)
        reply = self._asked(request, Deadline(self._seconds))
        if reply.status in _REDIRECTS:
            raise Transient(f"{place.host}: redirects what is sent", code="redirected_away")
        return Answer(reply.status, reply.headers, reply.body, place.url)

    def _headers(self, token: str) -> dict[str, str]:
        sent = {
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        if not token:
            return sent
        if not _TOKEN.fullmatch(token):
            raise AccessRevoked("the token cannot be sent")
        return sent | {"Authorization": f"Bearer {token}"}

    def _asked(self, request: Request, deadline: Deadline) -> Reply:
        place = request.place
        lanes = _lanes(request)
        self._wait_for_a_turn(place.authority)
        self._budget.allow(*lanes)
        if place.development:
            addresses: Sequence[str] = [place.host]
        else:
            addresses = clean_addresses(self._resolve(place.host, deadline.left()))
        reply = exchange(
            replace(request, headers={"Host": place.authority, **request.headers}),
            addresses,
            deadline,
            self._max_bytes,
            connect=self._connect,
            tls=self._tls,
        )
        self._heed(lanes, reply)
        return reply

    def _wait_for_a_turn(self, host: str) -> None:
        """Wait a little where many ask the same host; raises RateLimited where it would be long."""
        waited = 0.0
        while seconds := self._budget.turn(host):
            if waited + seconds > LONGEST_TURN_SECONDS:
                until = datetime.now(UTC) + timedelta(seconds=LONGEST_TURN_SECONDS)
                raise RateLimited(until, f"{host}: too many of us ask there", code="busy")
            self._sleep(seconds)
            waited += seconds

    def _heed(self, lanes: Sequence[str], reply: Reply) -> None:
        """Hear what the reply says about asking again, and whether the server is well."""
        host, narrowest = lanes[0], lanes[-1]
        used_up = is_used_up(reply.headers)
        told_to_wait = (
            reply.status == 429
            or (reply.status in (403, 503) and "retry-after" in reply.headers)
            or (reply.status == 403 and used_up)
        )
        if told_to_wait or used_up:
            until = wait_until(reply.headers, datetime.now(UTC))
            # A used up window, and the 403 by which GitHub says so, are those of one token.
            means_all = told_to_wait and reply.status != 403 and not used_up
            self._budget.note(host if means_all else narrowest, until)
            if told_to_wait:
                raise RateLimited(until, f"{host}: {reply.status}")
        if reply.status >= 500:
            raise Transient(f"{host}: {reply.status}", code="server_error")

    def _redirected(self, place: Place, reply: Reply, *, has_secret: bool) -> Place:
        location = reply.headers.get("location", "")
        joined = _joined(place.url, location)
        if joined is None:
            raise refused(f"{place.host}: redirects to what is no URL")
        following = parse_url(joined, self.development_hosts)
        if following.authority == place.authority:
            return following
        if following.development:
            raise refused(f"{place.host}: redirects to a development host")
        if has_secret:
            # Without the token the answer would be about nobody.
            raise Transient(f"{place.host}: redirects to another server", code="redirected_away")
        return following


def _lanes(request: Request) -> list[str]:
    """What of the budget a request takes: the host's, and that of its token there."""
    host, secret = request.place.authority, request.headers.get("Authorization", "")
    if not secret:
        return [host]
    return [host, f"{host}#{blake2b(secret.encode('ascii'), digest_size=8).hexdigest()}"]


def _joined(base: str, url: str) -> str | None:
    """A URL seen from another one; None where it is none, such as `https://[`."""
    try:
        return str(urljoin(base, url))
    except ValueError:
        return None


def _with_query(url: str, params: Fields | None) -> str:
    return f"{url}?{urlencode(params, doseq=True)}" if params else url


def basic(user: str, password: str) -> dict[str, str]:
    """The header with which an application says who it is (RFC 6749, 2.3.1)."""
    pair = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode('ascii')}"}


@cache
def _public_certificates() -> ssl.SSLContext:
    """The system's certificates and certifi's, for machines that have none of their own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
