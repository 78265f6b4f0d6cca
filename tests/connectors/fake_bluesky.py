"""A small AT Protocol on loopback: directory, two accounts' servers, their OAuth server, AppView.

True to the protocol where the connector touches it. What a host answers can be bent:
`bend(path, value)` changes the JSON of an answer, `answers[path]` replaces the answer whole.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from networks.connectors.bluesky.keys import digest
from tests.connectors.fake_http import Handler, Loopback, consent_page, sent_back
from tests.connectors.tokens import opened, thumbprint

APPVIEW_DID = "did:plc:appviewappviewappviewapp"
NOTIFICATIONS = "app.bsky.notification.listNotifications"
POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"
REPOST, FOLLOW = "app.bsky.feed.repost", "app.bsky.graph.follow"
REASONS = {"like": LIKE, "repost": REPOST, "follow": FOLLOW}

Answer = tuple[int, dict[str, str], bytes]
Query = dict[str, list[str]]


def did_of(name: str) -> str:
    """A DID that is made of a name, so that tests can be read."""
    return f"did:plc:{name:z<24}".replace("0", "a").replace("1", "b").replace("8", "c")


def tid(moment: datetime, number: int = 0) -> str:
    """The key of a record made at that moment."""
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    value = micros << 10 | number
    return "".join(letters[value >> shift & 31] for shift in range(60, -1, -5))


class Host(Loopback):
    """One HTTP server, which asks `respond` for every answer."""

    def __init__(self, respond: Callable[[BaseHTTPRequestHandler], Answer]) -> None:
        class Responding(Handler):
            def do_POST(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                self.send_whole(*respond(self))

        super().__init__(Responding)


def said(value: Any, status: int = 200, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


def refused(error: str, status: int = 400, **headers: str) -> Answer:
    return said({"error": error, "message": "No."}, status, **headers)


@dataclass
class Session:
    """What one consent led to; `key` is the thumbprint of the key that it is bound to."""

    did: str
    client_id: str
    key: str
    access: str = ""
    refresh: str = ""
    used: list[str] = field(default_factory=list)


class World:
    """Who is there and what they did. `records` are kept by owner and collection."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.records: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.notifications: list[dict[str, Any]] = []
        self._number = 0

    def at(self, days_ago: float) -> datetime:
        return self.now - timedelta(days=days_ago)

    def joins(self, name: str, home: str = "pds", **figures: Any) -> str:
        who = did_of(name)
        self.homes[who] = home
        self.people[who] = {
            "did": who,
            "handle": f"{name}.example",
            "displayName": name.title(),
            "createdAt": "2023-05-01T00:00:00.000Z",
            "followersCount": 120,
            "followsCount": 80,
            "postsCount": 900,
            "labels": [],
        } | figures
        return who

    def write(self, who: str, collection: str, days_ago: float, **content: Any) -> str:
        """A record in somebody's repository; returns its key."""
        self._number += 1
        key = tid(self.at(days_ago), self._number % 1000)
        created_at = self.at(days_ago).isoformat().replace("+00:00", "Z")
        record = {
            "uri": f"at://{who}/{collection}/{key}",
            "cid": "bafyrei",
            "value": {"$type": collection, "createdAt": created_at} | content,
        }
        kept = self.records.setdefault((who, collection), [])
        kept.append(record)
        kept.sort(key=lambda item: item["uri"], reverse=True)
        return key

    def notify(self, who: str, reason: str, days_ago: float, post: str = "", **more: Any) -> None:
        """The member (`ada`) is told of what somebody did, to one of her posts perhaps."""
        ada, collection = did_of("ada"), REASONS.get(reason, POST)
        subject = f"at://{ada}/{POST}/{post}"
        reply = {"reply": {"parent": {"uri": subject}}} if reason == "reply" else {}
        key = self.write(who, collection, days_ago, text="Yes!", **reply)
        notification = {
            "uri": f"at://{who}/{collection}/{key}",
            "author": {"did": who, "handle": "not.believed"},
            "reason": reason,
            "record": {"$type": collection} | reply,
            "indexedAt": self.at(days_ago).isoformat().replace("+00:00", "Z"),
        }
        if post:
            notification["reasonSubject"] = subject
        self.notifications.append(notification | more)
        self.notifications.sort(key=lambda item: item["indexedAt"], reverse=True)


class FakeBluesky:
    def __init__(self, now: datetime) -> None:
        self.world = World(now)
        self.ada = self.world.joins("ada", followersCount=321, postsCount=45)
        self.answers: dict[str, Answer] = {}
        self.bend: Callable[[str, Any], Any] = lambda _path, value: value
        self.limits: dict[str, int] = {}
        self.asked: list[tuple[str, Query]] = []
        self.asked_at: list[tuple[str, str]] = []  # Host and path.
        # Descriptions of clients that stand somewhere on the web.
        self.described: dict[str, dict[str, Any]] = {}
        self.sessions: list[Session] = []
        self.subject = ""  # Who signs in on the consent page, if not whom was asked for.
        self.nonce = secrets.token_urlsafe(8)
        self._pushed: dict[str, dict[str, str]] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self._passes: dict[str, tuple[str, str, str]] = {}
        self._assertions: set[str] = set()
        self.plc = Host(self._plc)
        self.pds = Host(self._pds)
        self.other_pds = Host(self._pds)
        self.entryway = Host(self._entryway)
        self.appview = Host(self._appview)
        self.hosts = (self.plc, self.pds, self.other_pds, self.entryway, self.appview)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(host.host for host in self.hosts)

    @property
    def options(self) -> dict[str, str]:
        return {
            "plc_url": self.plc.url,
            "appview_url": self.appview.url,
            "appview_did": APPVIEW_DID,
        }

    def close(self) -> None:
        for host in self.hosts:
            host.close()

    # --- Consent, without the page ----------------------------------------------------------

    def asked_for(self, url: str) -> dict[str, str]:
        """What was pushed before the browser came to `url`."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        pushed = self._pushed[query["request_uri"]]
        assert query == {"client_id": pushed["client_id"], "request_uri": query["request_uri"]}
        return pushed

    def consent(self, url: str) -> str:
        """The member says yes on the page at `url`; returns the code that goes back."""
        pushed, code = self.asked_for(url), secrets.token_urlsafe(8)
        self._codes[code] = pushed
        return code

    def withdraw_consent(self) -> None:
        self.sessions.clear()

    # --- The directory ------------------------------------------------------------------------

    def _plc(self, request: BaseHTTPRequestHandler) -> Answer:
        return self._bent(request, self._document)

    def _document(self, request: BaseHTTPRequestHandler, path: str, query: Query) -> Answer:
        who = path.removeprefix("/")
        if who == APPVIEW_DID:
            service = {"id": "#bsky_appview", "serviceEndpoint": self.appview.url}
            return said({"id": who, "alsoKnownAs": [], "service": [service]})
        if who not in self.world.homes:
            return refused("not registered", 404)
        home = getattr(self, self.world.homes[who]).url
        service = {"id": "#atproto_pds", "serviceEndpoint": home}
        names = [f"at://{self.world.people[who]['handle']}"]
        return said(self.bend("document", {"id": who, "alsoKnownAs": names, "service": [service]}))

    # --- The account's server -----------------------------------------------------------------

    def _pds(self, request: BaseHTTPRequestHandler) -> Answer:
        return self._bent(request, self._home)

    def _home(self, request: BaseHTTPRequestHandler, path: str, query: Query) -> Answer:
        url = f"http://{request.headers['Host']}"
        if path == "/.well-known/oauth-protected-resource":
            named = {"resource": url, "authorization_servers": [self.entryway.url]}
            return said(self.bend(path, named))
        if path == "/xrpc/com.atproto.repo.listRecords":
            return self._records(query)
        if path == "/xrpc/com.atproto.server.getServiceAuth":
            return self._write_a_pass(request, f"{url}{path}", query)
        return refused("MethodNotImplemented", 501)

    def _records(self, query: Query) -> Answer:
        (who,), (collection,) = query["repo"], query["collection"]
        records = self.world.records.get((who, collection), [])
        below = query.get("cursor", ["~"])[0]
        found = [item for item in records if item["uri"].rpartition("/")[2] < below]
        limit = min(int(query["limit"][0]), self.limits.get(collection, 100))
        page = found[:limit]
        answer = {"records": page} | (
            {"cursor": page[-1]["uri"].rpartition("/")[2]} if page else {}
        )
        return said(self.bend(collection, answer))

    def _write_a_pass(self, request: BaseHTTPRequestHandler, url: str, query: Query) -> Answer:
        proof = self._proof(request, "GET", url)
        if proof is None:
            return self._challenge(401)
        token = request.headers.get("Authorization", "").removeprefix("DPoP ")
        session = next((s for s in self.sessions if s.access == token), None)
        if session is None or session.key != thumbprint(proof[0]["jwk"]):
            return refused("invalid_token", 401)
        if proof[1].get("ath") != digest(token):
            return refused("invalid_dpop_proof", 401)
        if not time.time() < int(query["exp"][0]) <= time.time() + 3600:
            return refused("BadExpiration")
        written = secrets.token_urlsafe(16)
        self._passes[written] = (session.did, query["aud"][0], query["lxm"][0])
        return said({"token": written})

    # --- The OAuth server -----------------------------------------------------------------------

    def _entryway(self, request: BaseHTTPRequestHandler) -> Answer:
        return self._bent(request, self._authorize)

    def _authorize(self, request: BaseHTTPRequestHandler, path: str, query: Query) -> Answer:
        url = self.entryway.url
        if path == "/.well-known/oauth-authorization-server":
            about = {
                "issuer": url,
                "authorization_endpoint": f"{url}/oauth/authorize",
                "token_endpoint": f"{url}/oauth/token",
                "revocation_endpoint": f"{url}/oauth/revoke",
                "pushed_authorization_request_endpoint": f"{url}/oauth/par",
            }
            return said(self.bend(path, about))
        if path == "/oauth/authorize":
            return self._ask(request, f"{url}{request.path}")
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        proof = self._proof(request, "POST", f"{url}{path}")
        if proof is None:
            return self._challenge(400)
        if path != "/oauth/revoke" and not self._is_client(form):
            return refused("invalid_client", 401)
        key = thumbprint(proof[0]["jwk"])
        act = {"/oauth/par": self._push, "/oauth/token": self._grant, "/oauth/revoke": self._end}
        return act[path](form, key)

    def _ask(self, request: BaseHTTPRequestHandler, url: str) -> Answer:
        """The page on which a person consents, and the way back from it."""
        if request.command == "GET":
            return consent_page(self.entryway.host, request.path)
        return sent_back(self.asked_for(url), code=self.consent(url), iss=self.entryway.url)

    def _is_client(self, form: dict[str, str]) -> bool:
        """Known by a description: one that is in its name, or one that stands there on the web."""
        name = form.get("client_id", "")
        if name.startswith("http://localhost?"):
            return "client_assertion" not in form
        description = self.described.get(name)
        if description is None:
            return False
        (key,) = description["jwks"]["keys"]
        header, claims = opened(form["client_assertion"], key)
        is_new = claims["jti"] not in self._assertions
        self._assertions.add(claims["jti"])
        return (
            is_new
            and header["kid"] == key["kid"]
            and (claims["iss"], claims["sub"], claims["aud"]) == (name, name, self.entryway.url)
            and time.time() < claims["exp"]
        )

    def _push(self, form: dict[str, str], key: str) -> Answer:
        name = form["client_id"]
        if name in self.described:
            uris, scope = self.described[name]["redirect_uris"], self.described[name]["scope"]
        else:
            inside = parse_qs(urlsplit(name).query)
            uris, (scope,) = inside["redirect_uri"], inside["scope"]
            if not all(uri.startswith("http://127.0.0.1:") for uri in uris):
                return refused("invalid_client_metadata")
        if form["redirect_uri"] not in uris or form["scope"] != scope:
            return refused("invalid_request")
        reference = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(8)}"
        self._pushed[reference] = form | {"key": key}
        return said({"request_uri": reference, "expires_in": 300}, 201)

    def _grant(self, form: dict[str, str], key: str) -> Answer:
        if form["grant_type"] == "refresh_token":
            return self._renew(form, key)
        pushed = self._codes.pop(form["code"], None)
        if (
            pushed is None
            or digest(form["code_verifier"]) != pushed["code_challenge"]
            or key != pushed["key"]
            or form["redirect_uri"] != pushed["redirect_uri"]
        ):
            return refused("invalid_grant")
        who = pushed["login_hint"]
        if not who.startswith("did:"):
            who = next(d for d, person in self.world.people.items() if person["handle"] == who)
        self.sessions.append(Session(self.subject or who, form["client_id"], key))
        return self._tokens(self.sessions[-1], pushed["scope"])

    def _renew(self, form: dict[str, str], key: str) -> Answer:
        """A refresh token serves once; one that comes again ends all that came of it."""
        token = form["refresh_token"]
        session = next((s for s in self.sessions if token in (s.refresh, *s.used)), None)
        if session is None or (session.key, session.client_id) != (key, form["client_id"]):
            return refused("invalid_grant")
        if token in session.used:
            self.sessions.remove(session)
            return refused("invalid_grant")
        session.used.append(token)
        return self._tokens(session, "")

    def _tokens(self, session: Session, scope: str) -> Answer:
        session.access, session.refresh = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        granted = {
            "access_token": session.access,
            "refresh_token": session.refresh,
            "token_type": "DPoP",
            "expires_in": 3600,
            "sub": session.did,
            "scope": scope or f"atproto rpc:{NOTIFICATIONS}?aud=*",
        }
        self.nonce = secrets.token_urlsafe(8)
        return said(self.bend("/oauth/token", granted), **{"DPoP-Nonce": self.nonce})

    def _end(self, form: dict[str, str], key: str) -> Answer:
        self.sessions = [s for s in self.sessions if form["token"] not in (s.access, s.refresh)]
        return said({})

    def _proof(
        self, request: BaseHTTPRequestHandler, method: str, url: str
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Header and claims of a good proof with our present nonce; None for any other."""
        token = request.headers.get("DPoP", "")
        header, claims = opened(token, None)
        assert (header["typ"], header["alg"]) == ("dpop+jwt", "ES256")
        assert (claims["htm"], claims["htu"]) == (method, url)
        assert abs(claims["iat"] - time.time()) < 60
        assert "d" not in header["jwk"]
        return (header, claims) if claims.get("nonce") == self.nonce else None

    def _challenge(self, status: int) -> Answer:
        headers = {"DPoP-Nonce": self.nonce, "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
        return refused("use_dpop_nonce", status, **headers)

    # --- The AppView --------------------------------------------------------------------------

    def _appview(self, request: BaseHTTPRequestHandler) -> Answer:
        return self._bent(request, self._shows)

    def _shows(self, request: BaseHTTPRequestHandler, path: str, query: Query) -> Answer:
        people = self.world.people
        if path == "/xrpc/com.atproto.identity.resolveHandle":
            (name,) = query["handle"]
            found = [who for who, person in people.items() if person["handle"] == name]
            return said(self.bend(path, {"did": found[0]})) if found else refused("InvalidRequest")
        if path == "/xrpc/app.bsky.actor.getProfiles":
            assert len(query["actors"]) <= 25
            wanted = [who for who in query["actors"] if who not in self.world.hidden]
            shown = [people[who] for who in wanted if who in people]
            return said(self.bend("profiles", {"profiles": shown}))
        if path == f"/xrpc/{NOTIFICATIONS}":
            return self._notifications(request, query)
        return refused("MethodNotImplemented", 501)

    def _notifications(self, request: BaseHTTPRequestHandler, query: Query) -> Answer:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._passes.get(token) != (self.ada, APPVIEW_DID, NOTIFICATIONS):
            return refused("BadJwt", 401)
        below = query.get("cursor", ["9999"])[0]
        items = [item for item in self.world.notifications if item["indexedAt"] < below]
        limit = min(int(query["limit"][0]), self.limits.get(NOTIFICATIONS, 100))
        page = items[:limit]
        shown = [item for item in page if item["reason"] in query["reasons"]]
        answer = {"notifications": shown} | ({"cursor": page[-1]["indexedAt"]} if page else {})
        return said(self.bend(NOTIFICATIONS, answer))

    # --- All of them --------------------------------------------------------------------------

    def _bent(
        self,
        request: BaseHTTPRequestHandler,
        respond: Callable[[BaseHTTPRequestHandler, str, Query], Answer],
    ) -> Answer:
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        self.asked.append((parts.path, query))
        self.asked_at.append((request.headers["Host"], parts.path))
        if parts.path in self.answers:
            return self.answers[parts.path]
        return respond(request, parts.path, query)


def loopback_client(redirect_uri: str, scope: str) -> str:
    return f"http://localhost?{urlencode({'redirect_uri': redirect_uri, 'scope': scope})}"
