"""A small Stack Exchange on loopback, true to API 2.3 and its OAuth where the connector is.

Shapes are those of the published documentation of the types question, answer, comment, user and
network_user with the filter `withbody`, in the common wrapper. It keeps tokens, pages, the day's
allowance, and asks to back off where a test wants it.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.connectors.fake_http import Asked, FakeServer, Headers

CLIENT = ("4242", "shh-stackexchange")
KEY = "key-of-klout"
REDIRECT = "http://localhost:8000/networks/callback/stackexchange/here/"
SITES = ("stackoverflow.com", "cooking.stackexchange.com", "math.stackexchange.com")
ME = 7001


class World:
    """What is on the sites. Lists are kept oldest first. ada is the member."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.users: dict[int, dict[str, Any]] = {}
        self.questions: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self._last_id = 500_000
        self.ada = self.person("Ada Lind", ME)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def at(self, days_ago: float) -> int:
        return int((self.now - timedelta(days=days_ago)).timestamp())

    def person(self, name: str, account_id: int | None = None, joined: float = 2000) -> int:
        account_id = account_id or self.next_id()
        self.users[account_id] = {
            "account_id": account_id,
            "user_id": account_id + 100_000,
            "user_type": "registered",
            "display_name": name,
            "reputation": 12_345,
            "creation_date": self.at(joined),
            "link": f"https://stackoverflow.com/users/{account_id + 100_000}/someone",
        }
        return account_id

    def shallow(self, account_id: int) -> dict[str, Any]:
        return {k: v for k, v in self.users[account_id].items() if k != "creation_date"}

    def ask(self, who: int, days_ago: float, site: str = SITES[0]) -> dict[str, Any]:
        number = self.next_id()
        question = {
            "question_id": number,
            "owner": self.shallow(who),
            "creation_date": self.at(days_ago),
            "title": "Why does the kettle &amp; the lid sing?",
            "body": "<p>It <em>sings</em> at noon.</p>",
            "tags": ["kettle", "noon"],
            "link": f"https://{site}/questions/{number}/why",
            "site": site,
        }
        self.questions.append(question)
        return question

    def answer(self, who: int, question: dict[str, Any], days_ago: float) -> dict[str, Any]:
        answer = {
            "answer_id": self.next_id(),
            "question_id": question["question_id"],
            "owner": self.shallow(who),
            "creation_date": self.at(days_ago),
            "body": "<p>Because of the lid.</p>",
            "site": question["site"],
        }
        self.answers.append(answer)
        return answer

    def comment(
        self, who: int, post: dict[str, Any], days_ago: float, to: int | None = None
    ) -> dict[str, Any]:
        comment = {
            "comment_id": self.next_id(),
            "post_id": post.get("answer_id") or post["question_id"],
            "owner": self.shallow(who),
            "creation_date": self.at(days_ago),
            "body": "Thank you.",
            "site": post["site"],
        }
        if to:
            comment["reply_to_user"] = self.shallow(to)
        self.comments.append(comment)
        return comment


class FakeStackExchange(FakeServer):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.world = World(now)
        self.tokens: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.quota = 10_000
        self.backoff = 0
        self.most_a_page = 100

    # --- OAuth ------------------------------------------------------------------------------------

    def consent(self, url: str) -> str:
        """The member says yes on the page at `url`."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["client_id"] == CLIENT[0]
        assert query["scope"] == "no_expiry"
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        return code

    def token(self) -> str:
        token = secrets.token_urlsafe(18)
        self.tokens.add(token)
        return token

    def _trade(self, form: dict[str, str]) -> tuple[int, Any, Headers]:
        if (form.get("client_id"), form.get("client_secret")) != CLIENT:
            return 400, _oauth_error("client_id or client_secret is not known"), {}
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, _oauth_error("code is not valid"), {}
        return 200, {"access_token": self.token()}, {}

    # --- API --------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.path == "/oauth/access_token/json":
            return self._trade(asked.form)
        parts = asked.path.removeprefix("/2.3/").split("/")
        if parts[-1] == "de-authenticate":
            self.tokens.discard(parts[1])
            return 200, self._wrapped([], asked), {}
        if asked.headers.get("X-API-Access-Token", "") not in self.tokens:
            return 400, _error(402, "invalid_access_token"), {}
        if asked.headers.get("X-API-Key") != KEY:
            return 400, _error(405, "key_required"), {}
        if not 1 <= int(asked.query.get("pagesize", "30")) <= 100:
            return 400, _error(400, "bad_parameter"), {}
        found = self._list(parts, asked.query.get("site", ""))
        if found is None:
            return 404, _error(404, "no_method"), {}
        return 200, self._wrapped(found, asked), {}

    def _list(self, parts: list[str], site: str) -> list[dict[str, Any]] | None:
        world = self.world
        if parts == ["me", "associated"]:
            return [self._membership(one) for one in SITES]
        if parts == ["me"]:
            return [world.users[ME]]
        if parts[0] == "me" and len(parts) == 2:
            return [one for one in self._here(parts[1], site) if _is_by(one, ME)]
        if len(parts) == 2:
            ids = {int(number) for number in parts[1].split(";")}
            if parts[0] == "users":
                return [user for user in world.users.values() if user["user_id"] in ids]
            return [one for one in self._here("questions", site) if one["question_id"] in ids]
        ids = {int(number) for number in parts[1].split(";")}
        if (parts[0], parts[2]) == ("questions", "answers"):
            return [one for one in self._here("answers", site) if one["question_id"] in ids]
        if (parts[0], parts[2]) == ("posts", "comments"):
            return [one for one in self._here("comments", site) if one["post_id"] in ids]
        return None

    def _here(self, kind: str, site: str) -> list[dict[str, Any]]:
        every = {
            "questions": self.world.questions,
            "answers": self.world.answers,
            "comments": self.world.comments,
        }[kind]
        here = [one for one in every if one["site"] == site]
        return sorted(here, key=lambda one: -one["creation_date"])

    def _membership(self, site: str) -> dict[str, Any]:
        counts = {
            name: sum(_is_by(one, ME) for one in self._here(name, site))
            for name in ("questions", "answers")
        }
        return {
            "site_name": site,
            "site_url": f"https://{site}",
            "user_id": ME + 100_000,
            "account_id": ME,
            "reputation": 5,
            "question_count": counts["questions"],
            "answer_count": counts["answers"],
        }

    def _wrapped(self, found: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
        self.quota -= 1
        size = min(self.most_a_page, int(asked.query.get("pagesize", "30")))
        start = (int(asked.query.get("page", "1")) - 1) * size
        shown = [{k: v for k, v in one.items() if k != "site"} for one in found]
        wrapper: dict[str, Any] = {
            "items": shown[start : start + size],
            "has_more": start + size < len(found),
            "quota_max": 10_000,
            "quota_remaining": max(0, self.quota),
        }
        if self.backoff:
            wrapper["backoff"] = self.backoff
        return wrapper


def _is_by(one: dict[str, Any], account_id: int) -> bool:
    return bool(one["owner"].get("account_id") == account_id)


def _error(number: int, name: str) -> dict[str, Any]:
    return {"error_id": number, "error_name": name, "error_message": name.replace("_", " ")}


def _oauth_error(message: str) -> dict[str, Any]:
    return {"error": {"type": "OAuthException", "message": message}}
