"""A small Mastodon on loopback, true to the client API where the connector touches it.

What it answers can be bent: `bend(path, value)` changes the JSON of an answer, `answers[path]`
replaces the answer whole.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.connectors.fake_http import Handler, Loopback

ME = "1"
REDIRECT = "http://localhost:8000/networks/callback/mastodon/here/"

PICTURES = ("avatar", "avatar_static", "header", "header_static")


def account(number: int | str, acct: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "username": acct.partition("@")[0],
        "acct": acct,
        "display_name": acct.partition("@")[0].title(),
        **dict.fromkeys(("url", "uri"), f"https://known.example/@{acct}"),
        **dict.fromkeys(PICTURES, "https://known.example/picture.png"),
        **dict.fromkeys(("locked", "group", "indexable"), False),
        **{name: [] for name in ("emojis", "fields")},
        "note": "<p>By the sea</p>",
        "created_at": "2020-01-01T00:00:00.000Z",
        "followers_count": 120,
        "following_count": 80,
        "statuses_count": 900,
        "bot": False,
    } | fields


_SOURCE = {
    "note": "By the sea",
    "fields": [],
    "privacy": "public",
    "sensitive": False,
    "language": "",
    "attribution_domains": [],
    "follow_requests_count": 0,
    "hide_collections": None,
    "discoverable": True,
    "indexable": False,
    "quote_policy": "public",
}
_ROLE = {"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": False}


def mention_of(person: dict[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in ("id", "username", "acct", "url")}


class World:
    """What is on the server. Lists are kept newest first."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        own = {"followers_count": 321, "statuses_count": 45, "source": _SOURCE, "role": _ROLE}
        self.me = account(ME, "ada", **own)
        self.statuses: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.following: list[dict[str, Any]] = []
        self._last_id = 1000

    def next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def at(self, days_ago: float) -> str:
        return (self.now - timedelta(days=days_ago)).isoformat().replace("+00:00", "Z")

    def status(self, days_ago: float, text: str = "Hello", **fields: Any) -> dict[str, Any]:
        status_id = self.next_id()
        return {
            "id": status_id,
            "created_at": self.at(days_ago),
            "account": self.me,
            "content": f"<p>{text}</p>",
            **dict.fromkeys(("url", "uri"), f"https://known.example/@ada/{status_id}"),
            "visibility": "public",
            "sensitive": False,
            "spoiler_text": "",
            **{name: [] for name in ("mentions", "tags", "emojis", "media_attachments")},
            **dict.fromkeys(("favourites_count", "reblogs_count", "replies_count"), 1),
            "reblog": None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
        } | fields

    def write(self, days_ago: float, text: str = "Hello", **fields: Any) -> dict[str, Any]:
        written = self.status(days_ago, text, **fields)
        self.statuses.insert(0, written)
        return written

    def notify(self, kind: str, person: dict[str, Any], days_ago: float, **fields: Any) -> str:
        notified = self.next_id()
        self.notifications.insert(
            0,
            {
                "id": notified,
                "type": kind,
                "group_key": f"ungrouped-{notified}",
                "created_at": self.at(days_ago),
                "account": person,
                **fields,
            },
        )
        return notified

    def follow(self, person: dict[str, Any]) -> None:
        self.following.insert(0, person)


class FakeMastodon(Loopback):
    def __init__(self, now: datetime) -> None:
        self.world = World(now)
        self.apps: dict[str, dict[str, str]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.granted_scopes = ""
        self.limits: dict[str, int] = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.bend: Callable[[str, Any], Any] = lambda _path, value: value
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        fake = self

        class Answering(Handler):
            def do_GET(self) -> None:
                fake._get(self)

            def do_POST(self) -> None:
                fake._post(self)

        super().__init__(Answering)

    # --- Consent, without the page ----------------------------------------------------------

    def consent(self, url: str) -> str:
        """The member says yes on the page at `url`; returns the code that goes back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        app = self.apps[query["client_id"]]
        assert query["redirect_uri"] == app["redirect_uris"]
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert set(query["scope"].split()) <= set(app["scopes"].split())
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return code

    def token(self) -> str:
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        return token

    # --- Answers ------------------------------------------------------------------------------

    def _send(self, to: Handler, status: int, value: Any, **headers: str) -> None:
        body = json.dumps(value).encode()
        to.send_whole(status, {"Content-Type": "application/json", **headers}, body)

    def _get(self, to: Handler) -> None:
        path, query = urlsplit(to.path).path, parse_qs(urlsplit(to.path).query)
        self.asked.append((path, query))
        if path in self.answers:
            return to.send_whole(*self.answers[path])
        if to.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self._send(to, 401, {"error": "The access token is invalid"})
        if path == "/api/v1/accounts/verify_credentials":
            return self._send(to, 200, self.bend(path, self.world.me))
        if path == f"/api/v1/accounts/{ME}/statuses":
            return self._by_id(to, path, query, self.world.statuses, 40)
        if path == "/api/v1/notifications":
            hidden = query.get("exclude_types[]", [])
            shown = [item for item in self.world.notifications if item["type"] not in hidden]
            return self._by_id(to, path, query, shown, 80)
        if path == f"/api/v1/accounts/{ME}/following":
            return self._follows(to, path, query)
        return self._send(to, 404, {"error": "Record not found"})

    def _by_id(
        self, to: Handler, path: str, query: dict[str, list[str]], items: list[Any], most: int
    ) -> None:
        limit = min(int(query.get("limit", ["20"])[0]), self.limits.get(path, most))
        below = int(query.get("max_id", ["9" * 18])[0])
        above = int(query.get("min_id", ["0"])[0])
        found = [item for item in items if above < int(item["id"]) < below]
        page = found[-limit:] if "min_id" in query else found[:limit]
        self._send(to, 200, self.bend(path, page))

    def _follows(self, to: Handler, path: str, query: dict[str, list[str]]) -> None:
        """Paged by ids that nobody can guess, as Mastodon pages relationships."""
        total = len(self.world.following)
        limit = min(int(query["limit"][0]), self.limits.get(path, 80))
        begin = total - int(query.get("max_id", [str(total)])[0])
        page = self.world.following[begin : begin + limit]
        headers = {}
        if begin + limit < total:
            following = urlencode({"limit": limit, "max_id": total - begin - limit})
            headers["Link"] = f'<http://{self.host}{path}?{following}>; rel="next"'
        self._send(to, 200, self.bend(path, page), **headers)

    def _post(self, to: Handler) -> None:
        body = to.rfile.read(int(to.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        path = urlsplit(to.path).path
        self.posted.append((path, parse_qs(body)))
        if path in self.answers:
            return to.send_whole(*self.answers[path])
        if path == "/api/v1/apps":
            return self._register(to, form)
        app = self.apps.get(form.get("client_id", ""))
        if app is None or app["client_secret"] != form.get("client_secret"):
            return self._send(to, 401, {"error": "invalid_client"})
        if path == "/oauth/token":
            return self._grant(to, form)
        if path == "/oauth/revoke":
            self.tokens.discard(form["token"])
            return self._send(to, 200, {})
        return self._send(to, 404, {"error": "Not found"})

    def _register(self, to: Handler, form: dict[str, str]) -> None:
        app = form | {"client_id": secrets.token_hex(8), "client_secret": secrets.token_hex(8)}
        self.apps[app["client_id"]] = app
        registered = {key: app[key] for key in ("client_id", "client_secret", "website")}
        registered |= {"id": "1", "name": app["client_name"], "scopes": app["scopes"].split()}
        registered |= {"redirect_uri": app["redirect_uris"], "vapid_key": "BCk"}
        registered |= {"redirect_uris": [app["redirect_uris"]]}
        self._send(to, 200, self.bend("/api/v1/apps", registered))

    def _grant(self, to: Handler, form: dict[str, str]) -> None:
        scope = self.granted_scopes or form.get("scope", "read")
        granted = {"token_type": "Bearer", "scope": scope, "created_at": 1}
        if form["grant_type"] == "client_credentials":
            return self._send(to, 200, granted | {"access_token": secrets.token_urlsafe(8)})
        query = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if query is None or challenge != query["code_challenge"]:
            return self._send(to, 400, {"error": "invalid_grant"})
        granted["access_token"] = self.token()
        return self._send(to, 200, self.bend("/oauth/token", granted))
