"""A small GitHub on loopback, true to the REST API, GraphQL and OAuth where the connector is.

Its answers are whole: the official description of the API is the judge (see tests/peers/prism).
Pages of events end after 30 days or 300 events; the same answer has the same ETag; a token has an
allowance, of which a 304 takes nothing.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.connectors.fake_http import Asked, FakeServer, Headers, challenge_of

CLIENT = ("Iv1.klout", "shh-github")
REDIRECT = "http://localhost:8000/networks/callback/github/here/"
EVENT_DAYS, EVENT_MOST = 30, 300
_STAR = "application/vnd.github.star+json"
_OF_USERS = (
    "events followers following gists organizations received_events repos starred subscriptions"
)
_OF_REPOSITORIES = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors "
    "deployments downloads events forks git_commits git_refs git_tags hooks issue_comment "
    "issue_events issues keys labels languages merges milestones notifications pulls releases "
    "stargazers statuses subscribers subscription tags teams trees clone git ssh svn"
)


class World:
    """What is on GitHub. Lists are kept newest first. ada is the member."""

    def __init__(self, now: datetime, url: str) -> None:
        self.now, self.url = now, url
        self.users: dict[str, dict[str, Any]] = {}
        self.repositories: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.review_comments: list[dict[str, Any]] = []
        self.starred: list[dict[str, Any]] = []
        self.following: list[dict[str, Any]] = []
        self._last_id = 50_000
        self.ada = self.person("ada", 583231, followers=321, following=12)

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def at(self, days_ago: float) -> str:
        return (self.now - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")

    # --- People and repositories --------------------------------------------------------------

    def person(self, login: str, number: int | None = None, **fields: Any) -> dict[str, Any]:
        """Somebody, as `GET /user` and `GET /users/...` show them."""
        api = f"{self.url}/users/{login}"
        person = {
            "login": login,
            "id": number or self.next_id(),
            "node_id": f"U_{login}",
            "avatar_url": f"{self.url}/avatars/{login}",
            "gravatar_id": "",
            "url": api,
            "html_url": f"{self.url}/{login}",
            "type": "User",
            "user_view_type": "public",
            "site_admin": False,
            **{f"{name}_url": f"{api}/{name}" for name in _OF_USERS.split()},
            **dict.fromkeys(("company", "location", "email", "hireable", "bio"), None),
            "name": login.title(),
            "blog": "",
            "public_repos": 8,
            "public_gists": 1,
            "followers": 120,
            "following": 80,
            "created_at": "2015-01-25T18:44:36Z",
            "updated_at": "2026-01-22T08:00:00Z",
        } | fields
        self.users[login.lower()] = person
        return person

    def repository(
        self, owner: dict[str, Any], name: str, days_ago: float = 400, **fields: Any
    ) -> dict[str, Any]:
        path = f"{owner['login']}/{name}"
        api = f"{self.url}/repos/{path}"
        stars, forks = fields.pop("stars", 0), fields.pop("forks", 0)
        repository = {
            "id": self.next_id(),
            "node_id": f"R_{name}",
            "name": name,
            "full_name": path,
            "owner": simple(owner),
            "private": False,
            "html_url": f"{self.url}/{path}",
            "description": f"What {name} is for",
            "fork": False,
            "url": api,
            **{f"{kind}_url": f"{api}/{kind}" for kind in _OF_REPOSITORIES.split()},
            **dict.fromkeys(("homepage", "mirror_url", "language", "license"), None),
            "topics": ["sea"],
            "visibility": "public",
            "default_branch": "main",
            "size": 108,
            "archived": False,
            "disabled": False,
            **{f"has_{kind}": True for kind in ("issues", "projects", "wiki", "downloads")},
            "has_pages": False,
            **dict.fromkeys(("stargazers_count", "watchers_count", "watchers"), stars),
            **dict.fromkeys(("forks_count", "forks"), forks),
            **dict.fromkeys(("open_issues_count", "open_issues"), 0),
            "pushed_at": self.at(1),
            "created_at": self.at(days_ago),
            "updated_at": self.at(1),
        } | fields
        self.repositories.insert(0, repository)
        return repository

    # --- What happens -------------------------------------------------------------------------

    def event(
        self,
        kind: str,
        actor: dict[str, Any],
        repository: dict[str, Any],
        days_ago: float,
        payload: dict[str, Any],
    ) -> dict[str, Any]:
        event = {
            "id": str(self.next_id()),
            "type": kind,
            "actor": actor_of(actor),
            "repo": {key: repository[key] for key in ("id", "url")}
            | {"name": repository["full_name"]},
            "payload": payload,
            "public": True,
            "created_at": self.at(days_ago),
        }
        self._put(self.events, event)
        return event

    def issue(
        self,
        author: dict[str, Any],
        repository: dict[str, Any],
        days_ago: float,
        title: str = "Leak",
    ) -> dict[str, Any]:
        """An issue is opened; it is in the list of issues and in the events."""
        number = self.next_id() % 10_000
        api = f"{repository['url']}/issues/{number}"
        issue = {
            "id": self.next_id(),
            "node_id": f"I_{number}",
            "url": api,
            "repository_url": repository["url"],
            "labels_url": f"{api}/labels{{/name}}",
            "comments_url": f"{api}/comments",
            "events_url": f"{api}/events",
            "html_url": f"{repository['html_url']}/issues/{number}",
            "number": number,
            "state": "open",
            "title": title,
            "body": "It leaks.",
            "user": simple(author),
            "labels": [],
            "assignee": None,
            "assignees": [],
            "milestone": None,
            "locked": False,
            "comments": 0,
            "closed_at": None,
            "created_at": self.at(days_ago),
            "updated_at": self.at(days_ago),
        }
        self._put(self.issues, issue)
        self.event(
            "IssuesEvent", author, repository, days_ago, {"action": "opened", "issue": issue}
        )
        return issue

    def comment(
        self,
        author: dict[str, Any],
        repository: dict[str, Any],
        issue: dict[str, Any],
        days_ago: float,
        body: str = "Here too.",
    ) -> dict[str, Any]:
        number = self.next_id()
        comment = {
            "id": number,
            "node_id": f"IC_{number}",
            "url": f"{repository['url']}/issues/comments/{number}",
            "html_url": f"{issue['html_url']}#issuecomment-{number}",
            "issue_url": issue["url"],
            "user": simple(author),
            "body": body,
            "created_at": self.at(days_ago),
            "updated_at": self.at(days_ago),
        }
        self._put(self.comments, comment)
        payload = {"action": "created", "issue": issue, "comment": comment}
        self.event("IssueCommentEvent", author, repository, days_ago, payload)
        return comment

    def pull_request(
        self, author: dict[str, Any], repository: dict[str, Any], days_ago: float
    ) -> dict[str, Any]:
        """A pull request is opened, as the events show it since titles and authors are gone."""
        number = self.next_id() % 10_000
        fork = {"id": self.next_id(), "name": repository["name"]}
        fork["url"] = f"{self.url}/repos/{author['login']}/{repository['name']}"
        base = {key: repository[key] for key in ("id", "url", "name")}
        pull = {
            "id": self.next_id(),
            "number": number,
            "url": f"{repository['url']}/pulls/{number}",
            "head": {"ref": "mend", "sha": "a" * 40, "repo": fork},
            "base": {"ref": "main", "sha": "b" * 40, "repo": base},
        }
        payload = {"action": "opened", "number": number, "pull_request": pull}
        self.event("PullRequestEvent", author, repository, days_ago, payload)
        return pull

    def review(
        self,
        author: dict[str, Any],
        repository: dict[str, Any],
        pull: dict[str, Any],
        days_ago: float,
    ) -> None:
        number = self.next_id()
        html = f"{repository['html_url']}/pull/{pull['number']}#pullrequestreview-{number}"
        review = {
            "id": number,
            "node_id": f"PRR_{number}",
            "user": simple(author),
            "body": "Looks good.",
            "commit_id": "a" * 40,
            "submitted_at": self.at(days_ago),
            "updated_at": self.at(days_ago),
            "state": "approved",
            "html_url": html,
            "pull_request_url": pull["url"],
            "_links": {"html": {"href": html}, "pull_request": {"href": pull["url"]}},
        }
        payload = {"action": "created", "review": review, "pull_request": pull}
        self.event("PullRequestReviewEvent", author, repository, days_ago, payload)

    def push(self, author: dict[str, Any], repository: dict[str, Any], days_ago: float) -> None:
        payload = {
            "repository_id": repository["id"],
            "push_id": self.next_id(),
            "ref": "refs/heads/main",
            "head": "c" * 40,
            "before": "d" * 40,
        }
        self.event("PushEvent", author, repository, days_ago, payload)

    def star(self, repository: dict[str, Any], days_ago: float) -> None:
        """ada stars something."""
        self._put(self.starred, {"starred_at": self.at(days_ago), "repo": repository}, "starred_at")

    def _put(
        self, items: list[dict[str, Any]], item: dict[str, Any], time: str = "created_at"
    ) -> None:
        items.append(item)
        items.sort(key=lambda one: one[time], reverse=True)


def simple(user: dict[str, Any]) -> dict[str, Any]:
    """A user as others' answers show them."""
    left_out = "name followers following created_at updated_at company blog location email bio"
    gone = {*left_out.split(), "hireable", "public_repos", "public_gists"}
    return {key: value for key, value in user.items() if key not in gone}


def actor_of(user: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "login", "gravatar_id", "url", "avatar_url")
    return {key: user[key] for key in kept} | {"display_login": user["login"]}


class FakeGitHub(FakeServer):
    """Also where people sign in: `host` is both."""

    consent_path = "/login/oauth/authorize"

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.world = World(now, self.url)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, int] = {}
        self.allowance = 5_000
        self.most_a_page = 100
        self.headers: Headers = {}
        self.unchanged = 0

    # --- Consent, without the page --------------------------------------------------------------

    def consent(self, url: str) -> str:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["client_id"] == CLIENT[0]
        assert "scope" not in query
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return code

    def token(self) -> str:
        token = f"gho_{secrets.token_hex(18)}"
        self.tokens[token] = self.allowance
        return token

    def _grant(self, form: dict[str, str]) -> dict[str, str]:
        if (form["client_id"], form["client_secret"]) != CLIENT:
            return {"error": "incorrect_client_credentials"}
        query = self.codes.pop(form["code"], None)
        if query is None or challenge_of(form["code_verifier"]) != query["code_challenge"]:
            return {"error": "bad_verification_code"}
        return {"access_token": self.token(), "scope": "", "token_type": "bearer"}

    def _revoke(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.login != CLIENT:
            return 401, _no("Bad credentials"), {}
        if self.tokens.pop(asked.json["access_token"], None) is None:
            return 422, _no("Validation failed"), {}
        # The grant goes, and all its tokens with it.
        self.tokens.clear()
        return 204, None, {}

    def _profile(self, login: str) -> tuple[int, Any, Headers]:
        """As everybody sees it, signed in or not."""
        found = self.world.users.get(login.lower())
        return (200, found, {}) if found else (404, _no("Not Found"), {})

    # --- Answers -------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Any, Headers]:
        if asked.path == "/login/oauth/access_token":
            return 200, self._grant(asked.form), {}
        if asked.method == "DELETE":
            return self._revoke(asked)
        if asked.path.startswith("/users/") and asked.path.count("/") == 2:
            return self._profile(asked.path.removeprefix("/users/"))
        if asked.token not in self.tokens:
            return 401, _no("Bad credentials"), {}
        if self.tokens[asked.token] <= 0:
            reset = int(self.world.now.timestamp()) + 10**9
            limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
            return 403, _no("API rate limit exceeded"), limits
        if asked.path == "/graphql":
            return 200, {"data": self.people(asked.json["variables"])}, self._spent(asked)
        if asked.path == "/user":
            return 200, self.world.ada, self._spent(asked)
        items = self._list(asked)
        if items is None:
            return 404, _no("Not Found"), self._spent(asked)
        return self._paged(asked, items)

    def _list(self, asked: Asked) -> list[Any] | None:
        world, path = self.world, asked.path
        ada = world.ada["login"]
        if path == "/user/repos":
            return [r for r in world.repositories if r["owner"]["login"] == ada]
        if path == "/user/following":
            return [simple(person) for person in world.following]
        if path == "/user/starred":
            is_dated = asked.headers["Accept"] == _STAR
            return world.starred if is_dated else [star["repo"] for star in world.starred]
        if path == f"/users/{ada}/events/public":
            return self._events(lambda event: event["actor"]["id"] == world.ada["id"])
        return self._of_repository(path)

    def _of_repository(self, path: str) -> list[Any] | None:
        url = f"{self.url}{'/'.join(path.split('/')[:4])}"
        tail = path.removeprefix(urlsplit(url).path)
        if not any(repository["url"] == url for repository in self.world.repositories):
            return None
        lists = {
            "/events": lambda: self._events(lambda event: event["repo"]["url"] == url),
            "/issues": lambda: _within(self.world.issues, "repository_url", url),
            "/issues/comments": lambda: _within(self.world.comments, "issue_url", url),
            "/pulls/comments": lambda: _within(self.world.review_comments, "pull_request_url", url),
        }
        return lists[tail]() if tail in lists else None

    def _events(self, wanted: Any) -> list[Any]:
        oldest = self.world.at(EVENT_DAYS)
        shown = [e for e in self.world.events if e["created_at"] >= oldest and wanted(e)]
        return shown[:EVENT_MOST]

    def _paged(self, asked: Asked, items: list[Any]) -> tuple[int, Any, Headers]:
        page, size = int(asked.query.get("page", 1)), int(asked.query.get("per_page", 30))
        size = min(size, self.most_a_page)
        shown = items[(page - 1) * size : page * size]
        etag = f'W/"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()}"'
        if asked.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return 304, None, {"ETag": etag}
        headers = {"ETag": etag, **self._spent(asked), **self.headers}
        if page * size < len(items):
            query = urlencode({**asked.query, "page": page + 1})
            headers["Link"] = f'<{self.url}{asked.path}?{query}>; rel="next"'
        return 200, shown, headers

    def _spent(self, asked: Asked) -> Headers:
        self.tokens[asked.token] -= 1
        return {"X-RateLimit-Remaining": str(self.tokens[asked.token])}

    def people(self, logins: dict[str, str]) -> dict[str, Any]:
        """What `people.question` asks for, by the names that it gives."""
        return {
            f"p{name.removeprefix('l')}": self._owner(self.world.users.get(login.lower()))
            for name, login in logins.items()
        }

    def _owner(self, user: dict[str, Any] | None) -> dict[str, Any] | None:
        if user is None or user["type"] == "Bot":
            return None
        shown = {"__typename": user["type"], "login": user["login"], "databaseId": user["id"]}
        shown |= {"name": user["name"], "createdAt": user["created_at"]}
        if user["type"] == "Organization":
            return shown
        figures = {"followers": user["followers"], "following": user["following"]}
        figures |= {"repositories": user["public_repos"], "issues": 30, "pullRequests": 20}
        figures |= {"issueComments": 200}
        return shown | {name: {"totalCount": figure} for name, figure in figures.items()}


def _within(items: list[dict[str, Any]], field: str, url: str) -> list[dict[str, Any]]:
    return [item for item in items if item[field] == url or item[field].startswith(f"{url}/")]


def _no(message: str) -> dict[str, str]:
    return {"message": message, "documentation_url": "https://docs.github.com/rest"}
