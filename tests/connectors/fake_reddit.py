"""A small Reddit on loopback, true to its API and OAuth where the connector is.

Shapes are those of the published description of listings, links (t3), comments (t1) and accounts.
It keeps tokens that end and are renewed, pages by `after`, and counts what is left of the window.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.connectors.fake_http import Asked, FakeServer, Headers

CLIENT = ("klout-on-reddit", "shh-reddit")
REDIRECT = "http://localhost:8000/networks/callback/reddit/here/"
ME = "ada1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


class World:
    """What is on Reddit. ada is the member."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.accounts: dict[str, dict[str, Any]] = {}
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self._last_id = 36**5
        self.person("ada", ME, subscribers=42)

    def next_id(self) -> str:
        self._last_id += 1
        return base36(self._last_id)

    def at(self, days_ago: float) -> float:
        return (self.now - timedelta(days=days_ago)).timestamp()

    def person(
        self, name: str, account_id: str = "", joined: float = 1500, subscribers: int = 3
    ) -> str:
        self.accounts[name] = {
            "id": account_id or self.next_id(),
            "name": name,
            "created_utc": self.at(joined),
            "link_karma": 9_000,
            "comment_karma": 12_000,
            "total_karma": 21_000,
            "subreddit": {"subscribers": subscribers, "title": name},
        }
        return name

    def post(self, who: str, days_ago: float) -> dict[str, Any]:
        number = self.next_id()
        post = {
            "id": number,
            "name": f"t3_{number}",
            "author": who,
            "author_fullname": f"t2_{self.accounts[who]['id']}",
            "created_utc": self.at(days_ago),
            "title": "How to sail a kettle",
            "selftext": "With patience.",
            "subreddit": "kettles",
            "permalink": f"/r/kettles/comments/{number}/how_to_sail_a_kettle/",
            "num_comments": 0,
            "score": 77,
        }
        self.posts.append(post)
        return post

    def comment(
        self, who: str, post: dict[str, Any], days_ago: float, under: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        number = self.next_id()
        comment = {
            "id": number,
            "name": f"t1_{number}",
            "author": who,
            "author_fullname": f"t2_{self.accounts[who]['id']}",
            "created_utc": self.at(days_ago),
            "body": "Quite so.",
            "subreddit": "kettles",
            "link_id": post["name"],
            "link_author": post["author"],
            "parent_id": (under or post)["name"],
            "permalink": f"{post['permalink']}{number}/",
        }
        self.comments.append(comment)
        post["num_comments"] += 1
        return comment


class FakeReddit(FakeServer):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.world = World(now)
        self.tokens: set[str] = set()
        self.lasting: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.most_a_page = 100
        self.left = 100.0

    # --- OAuth ------------------------------------------------------------------------------------

    def consent(self, url: str) -> str:
        """The member says yes on the page at `url`."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["client_id"] == CLIENT[0]
        assert query["duration"] == "permanent"
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        return code

    def token(self) -> str:
        token = secrets.token_urlsafe(18)
        self.tokens.add(token)
        return token

    def _trade(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.login != CLIENT:
            return 401, {"message": "Unauthorized", "error": 401}, {}
        form = asked.form
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self.lasting:
                return 400, {"message": "Bad Request", "error": 400}, {}
            return 200, self._access(self.token()), {}
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or query["redirect_uri"] != form.get("redirect_uri"):
            return 200, {"error": "invalid_grant"}, {}
        lasting = secrets.token_urlsafe(18)
        self.lasting.add(lasting)
        return 200, {**self._access(self.token()), "refresh_token": lasting}, {}

    def _access(self, token: str) -> dict[str, Any]:
        scope = "history identity read"
        return {"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": scope}

    def _revoke(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.login != CLIENT:
            return 401, {"message": "Unauthorized", "error": 401}, {}
        if asked.form["token"] in self.lasting:
            self.lasting.discard(asked.form["token"])
            self.tokens.clear()
        return 204, None, {}

    # --- API --------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.path == "/api/v1/access_token":
            return self._trade(asked)
        if asked.path == "/api/v1/revoke_token":
            return self._revoke(asked)
        if asked.token not in self.tokens:
            return 401, {"message": "Unauthorized", "error": 401}, {}
        self.left -= 1
        headers = {"X-Ratelimit-Remaining": f"{self.left}", "X-Ratelimit-Reset": "300"}
        status, value = self._read(asked)
        return status, value, headers

    def _read(self, asked: Asked) -> tuple[int, Any]:
        parts = asked.path.strip("/").split("/")
        world = self.world
        if parts == ["api", "v1", "me"]:
            return 200, world.accounts["ada"]
        if parts[0] == "user" and parts[2] == "about":
            account = world.accounts.get(parts[1])
            gone = {"message": "Not Found", "error": 404}
            return (200, {"kind": "t2", "data": account}) if account else (404, gone)
        if parts[0] == "user":
            every = {"submitted": world.posts, "comments": world.comments}[parts[2]]
            mine = [one for one in every if one["author"] == parts[1]]
            return 200, self._listed(mine, "t3" if parts[2] == "submitted" else "t1", asked)
        return 200, self._tree(parts[1])

    def _listed(self, things: list[dict[str, Any]], kind: str, asked: Asked) -> dict[str, Any]:
        newest = sorted(things, key=lambda one: -one["created_utc"])
        names = [one["name"] for one in newest]
        after = asked.query.get("after", "")
        start = names.index(after) + 1 if after in names else 0
        end = start + min(self.most_a_page, int(asked.query["limit"]))
        children = [{"kind": kind, "data": one} for one in newest[start:end]]
        following = names[end - 1] if end < len(names) else None
        return {"kind": "Listing", "data": {"after": following, "children": children}}

    def _tree(self, post_id: str) -> list[dict[str, Any]]:
        post = next(one for one in self.world.posts if one["id"] == post_id)
        listing = {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": post}]}}
        return [listing, self._replies(post["name"])]

    def _replies(self, name: str) -> dict[str, Any]:
        here = [one for one in self.world.comments if one["parent_id"] == name]
        children = [
            {"kind": "t1", "data": {**one, "replies": self._replies(one["name"])}} for one in here
        ]
        return {"kind": "Listing", "data": {"after": None, "children": children}}
