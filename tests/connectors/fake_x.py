"""A small X on loopback: API v2 where the connector touches it, with its bill.

It checks what it is asked as X does, gives only the fields asked for, and counts what X would
charge (each post and person once a UTC day). `spelling` switches between the names with tweet and
those with post; `bend` and `answers` spoil its answers.
"""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.connectors.fake_http import Handler, Loopback

ME = "17"
REDIRECT = "http://localhost:8000/networks/callback/x/x.com/"
EPOCH_MS = 1_288_834_974_657
POST, USER, OWNED = 5_000, 10_000, 1_000
NEW_NAMES = {
    "tweet_count": "post_count",
    "retweet_count": "repost_count",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "tweets": "posts",
}
COMMON = {"tweet.fields", "post.fields", "user.fields", "expansions", "max_results", "since_id"}
LISTS = COMMON | {"until_id", "start_time", "pagination_token"}


def user(number: int | str, username: str, **fields: Any) -> dict[str, Any]:
    metrics = {"followers_count": 120, "following_count": 80, "tweet_count": 900, "listed_count": 3}
    metrics |= {name: fields.pop(name) for name in list(fields) if name in metrics}
    return {
        "id": str(number),
        "name": username.title(),
        "username": username,
        "created_at": "2020-01-01T00:00:00.000Z",
        "protected": False,
        "public_metrics": metrics,
    } | fields


class World:
    """Who is on X and what they posted."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.me = user(ME, "ada", followers_count=321, tweet_count=45, listed_count=7)
        self.users = {ME: self.me}
        self.posts: dict[str, dict[str, Any]] = {}
        self._count = 0

    def person(self, number: int, username: str, **fields: Any) -> dict[str, Any]:
        return self.users.setdefault(str(number), user(number, username, **fields))

    def post(
        self, days_ago: float, author: dict[str, Any] | None = None, text: str = "Hello", **f: Any
    ) -> dict[str, Any]:
        """A post; its id holds the time, as X's do."""
        author = author or self.me
        at = self.now - timedelta(days=days_ago)
        self._count += 1
        post_id = str(((int(at.timestamp() * 1000) - EPOCH_MS) << 22) + self._count)
        said = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        post = {
            "id": post_id,
            "text": text,
            "edit_history_tweet_ids": [post_id],
            "author_id": author["id"],
            "created_at": said,
            "public_metrics": {
                "retweet_count": 0,
                "reply_count": 0,
                "like_count": 0,
                "quote_count": 0,
            },
        } | f
        self.posts[post_id] = post
        return post

    def mentioning(self, *people: dict[str, Any]) -> dict[str, Any]:
        marks = [
            {"start": 0, "end": 4, "username": one["username"], "id": one["id"]} for one in people
        ]
        return {"mentions": marks}

    def reply(self, days_ago: float, author: dict[str, Any], to: dict[str, Any]) -> dict[str, Any]:
        them = self.users[to["author_id"]]
        return self.post(
            days_ago,
            author,
            f"@{them['username']} yes",
            in_reply_to_user_id=them["id"],
            referenced_tweets=[{"type": "replied_to", "id": to["id"]}],
            entities=self.mentioning(them),
        )

    def repost(self, days_ago: float, author: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
        them = self.users[of["author_id"]]
        return self.post(
            days_ago,
            author,
            f"RT @{them['username']}: {of['text']}",
            referenced_tweets=[{"type": "retweeted", "id": of["id"]}],
            entities=self.mentioning(them),
        )

    def quote(self, days_ago: float, author: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
        them = self.users[of["author_id"]]
        url = f"https://x.com/{them['username']}/status/{of['id']}"
        return self.post(
            days_ago,
            author,
            "Look https://t.co/abc",
            referenced_tweets=[{"type": "quoted", "id": of["id"]}],
            entities={
                "urls": [
                    {
                        "start": 5,
                        "end": 21,
                        "url": "https://t.co/abc",
                        "expanded_url": url,
                        "display_url": url[8:],
                    }
                ]
            },
        )


class Refused(Exception):
    def __init__(self, status: int, kind: str, detail: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.value = {
            "type": f"https://api.twitter.com/2/problems/{kind}",
            "title": kind.replace("-", " ").title(),
            "detail": detail,
            "status": status,
        }


class FakeX(Loopback):
    def __init__(self, now: datetime) -> None:
        self.world = World(now)
        self.now = now
        self.apps = {"klout-client": "klout-secret"}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, datetime] = {}
        self.refresh_tokens: set[str] = set()
        self.granted_scopes = ""
        self.spelling = "old"
        self.page_size = 100
        self.page_tokens: dict[str, str] = {}
        self.owner = ""
        self.charged: dict[tuple[object, str, str], int] = {}
        self.windows: dict[str, int] = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.bend: Callable[[str, Any], Any] = lambda _path, value: value
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posted: list[tuple[str, dict[str, str], str]] = []
        fake = self

        class Answering(Handler):
            def do_GET(self) -> None:
                fake._get(self)

            def do_POST(self) -> None:
                fake._post(self)

        super().__init__(Answering)

    # --- For tests ----------------------------------------------------------------------------

    @property
    def options(self) -> dict[str, str]:
        """What an operator sets to use it."""
        client_id, secret = next(iter(self.apps.items()))
        return {
            "client_id": client_id,
            "client_secret": secret,
            "api_url": self.url,
            "owned_reads": self.owner,
        }

    @property
    def bill(self) -> int:
        """Millionths of a dollar charged so far."""
        return sum(self.charged.values())

    def consent(self, url: str) -> str:
        """The member says yes on the page at `url`; returns the code that goes back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert urlsplit(url).path == "/i/oauth2/authorize"
        assert query["client_id"] in self.apps
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return code

    def token(self) -> str:
        token = secrets.token_urlsafe(16)
        self.tokens[token] = self.now + timedelta(hours=2)
        return token

    # --- Answers ------------------------------------------------------------------------------

    def _send(self, to: Handler, status: int, value: Any, **headers: str) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        body = json.dumps(value).encode()
        to.send_whole(status, {"Content-Type": kind, **headers}, body)

    def _get(self, to: Handler) -> None:
        parts = urlsplit(to.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((parts.path, query))
        if parts.path in self.answers:
            return to.send_whole(*self.answers[parts.path])
        try:
            self._check_token(to)
            headers = self._count_down(parts.path)
            value = self._answer(parts.path, query)
        except Refused as refused:
            return self._send(to, refused.status, refused.value)
        if self.spelling == "new":
            value = renamed(value)
        return self._send(to, 200, self.bend(parts.path, value), **headers)

    def _check_token(self, to: Handler) -> None:
        token = to.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, self.now) <= self.now:
            raise Refused(401, "unauthorized", "Unauthorized")

    def _count_down(self, path: str) -> dict[str, str]:
        left = self.windows.get(path, 75)
        reset = str(int((datetime.now(UTC) + timedelta(minutes=15)).timestamp()))
        if left <= 0:
            raise Refused(429, "about:blank", "Too Many Requests")
        self.windows[path] = left - 1
        return {
            "x-rate-limit-limit": "75",
            "x-rate-limit-remaining": str(left - 1),
            "x-rate-limit-reset": reset,
        }

    def _answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        if path == "/2/users/me":
            self._known(query, {"tweet.fields", "post.fields", "user.fields", "expansions"})
            self._charge("user", ME, USER)
            return {"data": _person(self.world.me, query)}
        posts = sorted(self.world.posts.values(), key=lambda post: int(post["id"]), reverse=True)
        if path == f"/2/users/{ME}/tweets":
            self._known(query, LISTS | {"exclude", "end_time"})
            mine = [post for post in posts if post["author_id"] == ME]
            return self._page(query, mine, 5, is_owned=self.owner == ME)
        if path == f"/2/users/{ME}/mentions":
            self._known(query, LISTS | {"end_time"})
            to_me = [post for post in posts if self._mentions_me(post)]
            return self._page(query, to_me, 5, is_owned=self.owner == ME)
        if path == "/2/tweets/search/recent":
            self._known(query, (LISTS | {"query", "next_token", "sort_order", "end_time"}))
            return self._search(query, posts)
        raise Refused(404, "resource-not-found", "Not found")

    def _known(self, query: dict[str, str], names: set[str]) -> None:
        if unknown := query.keys() - names:
            raise Refused(400, "invalid-request", f"unknown parameters {unknown}")

    def _mentions_me(self, post: dict[str, Any]) -> bool:
        marks = post.get("entities", {}).get("mentions", [])
        is_repost = post["text"].startswith("RT @")
        return post["author_id"] != ME and not is_repost and any(m["id"] == ME for m in marks)

    def _search(self, query: dict[str, str], posts: list[dict[str, Any]]) -> dict[str, Any]:
        """The recent search: seven days, and a query of what the connector asks for."""
        week_ago = self.now - timedelta(days=7)
        if len(query["query"]) > 512:
            raise Refused(400, "invalid-request", "the query is too long")
        for name, at in (
            ("since_id", lambda text: made_at(text)),
            ("start_time", lambda text: datetime.fromisoformat(text)),
        ):
            if name in query and at(query[name]) < week_ago:
                raise Refused(400, "invalid-request", f"{name} must be within seven days")
        wanted, _, name = query["query"].partition(") -from:")
        asked = [part.partition(":") for part in wanted.removeprefix("(").split(" OR ")]
        found = [
            post
            for post in posts
            if made_at(post["id"]) >= week_ago
            and self.world.users[post["author_id"]]["username"] != name
            and any(self._is_share(post, kind, of) for kind, _, of in asked)
        ]
        return self._page(query | {"pagination_token": query.get("next_token", "")}, found, 10)

    def _is_share(self, post: dict[str, Any], kind: str, of: str) -> bool:
        for reference in post.get("referenced_tweets", []):
            original = self.world.posts.get(reference["id"])
            if kind == "quotes_of_tweet_id" and reference == {"type": "quoted", "id": of}:
                return True
            author = original and self.world.users[original["author_id"]]["username"]
            if kind == "retweets_of" and reference["type"] == "retweeted" and author == of:
                return True
        return False

    def _page(
        self, query: dict[str, str], posts: list[Any], least: int, *, is_owned: bool = False
    ) -> dict[str, Any]:
        size = int(query.get("max_results", "10"))
        if not least <= size <= 100:
            raise Refused(400, "invalid-request", f"max_results is {size}")
        below = int(query.get("until_id", "9" * 19))
        if query.get("pagination_token"):
            if query["pagination_token"] not in self.page_tokens:
                raise Refused(400, "invalid-request", "the token is over")
            below = int(self.page_tokens[query["pagination_token"]])
        above = int(query.get("since_id", "0"))
        start = query.get("start_time") if "since_id" not in query else None
        found = [post for post in posts if above < int(post["id"]) < below]
        if start:
            at = datetime.fromisoformat(start)
            found = [post for post in found if made_at(post["id"]) >= at]
        page = found[: min(size, self.page_size)]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if len(page) < len(found):
            meta["next_token"] = secrets.token_hex(10)
            self.page_tokens[meta["next_token"]] = page[-1]["id"]
        return self._shown(query, page, is_owned) | {"meta": meta}

    def _shown(self, query: dict[str, str], page: list[Any], is_owned: bool) -> dict[str, Any]:
        """The posts with the fields and expansions asked for, put on the bill."""
        expansions = query.get("expansions", "").split(",")
        tweets = {
            reference["id"]: self.world.posts[reference["id"]]
            for post in page
            for reference in post.get("referenced_tweets", [])
            if "referenced_tweets.id" in expansions and reference["id"] in self.world.posts
        }
        users = {
            post["author_id"]: self.world.users[post["author_id"]]
            for post in page
            if "author_id" in expansions
        }
        for post in [*page, *tweets.values()]:
            self._charge("post", post["id"], OWNED if is_owned else POST)
        for one in users.values():
            self._charge("user", one["id"], OWNED if is_owned else USER)
        asked = query.get("tweet.fields") or query.get("post.fields", "")
        always = "id text edit_history_tweet_ids"
        named = [_person(one, query) for one in users.values()]
        includes = {
            "users": named,
            "tweets": [_fields(post, asked, always) for post in tweets.values()],
        }
        includes = {name: values for name, values in includes.items() if values}
        data = [_fields(post, asked, always) for post in page]
        return ({"data": data} if data else {}) | ({"includes": includes} if includes else {})

    def _charge(self, kind: str, remote_id: str, price: int) -> None:
        self.charged.setdefault((self.now.date(), kind, remote_id), price)

    # --- OAuth --------------------------------------------------------------------------------

    def _post(self, to: Handler) -> None:
        body = to.rfile.read(int(to.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        path = urlsplit(to.path).path
        authorization = to.headers.get("Authorization", "")
        self.posted.append((path, form, authorization))
        if path in self.answers:
            return to.send_whole(*self.answers[path])
        client_id = form.get("client_id", "")
        secret = ""
        if authorization.startswith("Basic "):
            pair = base64.b64decode(authorization[6:]).decode()
            client_id, secret = map(unquote, pair.split(":"))
        if self.apps.get(client_id) != secret:
            return self._send(to, 401, {"error": "unauthorized_client"})
        if path == "/2/oauth2/token":
            return self._grant(to, form)
        if path == "/2/oauth2/revoke":
            self.tokens.pop(form["token"], None)
            self.refresh_tokens.discard(form["token"])
            return self._send(to, 200, {"revoked": True})
        return self._send(to, 404, {})

    def _grant(self, to: Handler, form: dict[str, str]) -> None:
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return self._send(to, 400, {"error": "invalid_request"})
            self.refresh_tokens.discard(form["refresh_token"])
        else:
            query = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                query is None
                or challenge != query["code_challenge"]
                or form["redirect_uri"] != query["redirect_uri"]
            ):
                return self._send(to, 400, {"error": "invalid_request"})
        refresh_token = secrets.token_urlsafe(16)
        self.refresh_tokens.add(refresh_token)
        granted = {
            "token_type": "bearer",
            "expires_in": 7200,
            "access_token": self.token(),
            "refresh_token": refresh_token,
            "scope": self.granted_scopes or "tweet.read users.read offline.access",
        }
        return self._send(to, 200, self.bend("/2/oauth2/token", granted))


def made_at(post_id: str) -> datetime:
    return datetime.fromtimestamp(((int(post_id) >> 22) + EPOCH_MS) / 1000, UTC)


def _fields(value: dict[str, Any], asked: str, always: str) -> dict[str, Any]:
    wanted = {*re.split(r"[ ,]", asked), *always.split()}
    return {name: inner for name, inner in value.items() if name in wanted}


def _person(value: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    return _fields(value, query.get("user.fields", ""), "id name username")


def renamed(value: Any) -> Any:
    """The same under the names of 2026."""
    if isinstance(value, dict):
        return {NEW_NAMES.get(name, name): renamed(inner) for name, inner in value.items()}
    return [renamed(inner) for inner in value] if isinstance(value, list) else value
