"""What profiles show of many people at once: one call of GraphQL for up to 50 logins.

The REST API shows a profile only one call at a time. An account that was renamed, deleted or
taken over by somebody else since is told by its id: then nothing is known of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from networks.connectors.base import AccessRevoked, Person, RateLimited, Transient
from networks.connectors.fields import Unreadable, count, items, line, mapping, optional_moment
from networks.connectors.github.parsing import Account, View, parse_account, person_at
from networks.http import Answer
from networks.rate_limits import wait_until

AT_ONCE = 50
# What somebody wrote there is what a count of posts is elsewhere.
_WRITTEN = ("repositories", "issues", "pullRequests", "issueComments")
_SHOWN = """
fragment shown on RepositoryOwner {
  __typename
  login
  ... on User {
    databaseId name createdAt
    followers { totalCount }
    following { totalCount }
    repositories(privacy: PUBLIC) { totalCount }
    issues { totalCount }
    pullRequests { totalCount }
    issueComments { totalCount }
  }
  ... on Organization { databaseId name createdAt }
}
"""

Ask = Callable[[Mapping[str, Any]], Answer]


def question(logins: Sequence[str]) -> dict[str, Any]:
    """The body of the request: each login is a variable, so none can be part of the query."""
    named = ", ".join(f"$l{number}: String!" for number in range(len(logins)))
    asked = "\n".join(
        f"  p{number}: repositoryOwner(login: $l{number}) {{ ...shown }}"
        for number in range(len(logins))
    )
    variables = {f"l{number}": login for number, login in enumerate(logins)}
    return {"query": f"query({named}) {{\n{asked}\n}}\n{_SHOWN}", "variables": variables}


class People:
    """Everybody who was looked up in one run, by login in lower case."""

    def __init__(self, view: View, ask: Ask) -> None:
        self._view = view
        self._ask = ask
        self._found: dict[str, Person | None] = {}

    def look_up(self, accounts: Iterable[Account]) -> None:
        """Ask for those not known yet; bots have no profile to ask for."""
        wanted = {a.login.lower(): a.login for a in accounts if not a.is_bot}
        missing = [login for key, login in wanted.items() if key not in self._found]
        for start in range(0, len(missing), AT_ONCE):
            batch = missing[start : start + AT_ONCE]
            self._found |= dict.fromkeys(map(str.lower, batch))
            answer = self._ask(question(batch))
            self._found |= {
                person.handle.split("@")[1].lower(): person
                for person in parse_people(_data(answer), self._view)
            }

    def person(self, account: Account) -> Person | None:
        """`account` with what its profile shows; None where not even its id is known."""
        found = self._found.get(account.login.lower())
        if found and account.remote_id in ("", found.key):
            return found
        return person_at(self._view, account) if account.remote_id else None


def _data(answer: Answer) -> Mapping[str, Any]:
    """The answers; none where GraphQL is not offered, which must not stop the reading."""
    if answer.status == 401:
        raise AccessRevoked("GraphQL answered 401")
    if answer.status != 200:
        return {}
    try:
        body = mapping(answer.json())
        data = body.get("data")
        if data is None:
            _heed(body, answer)
            raise Unreadable("no data")
        return mapping(data)
    except Unreadable as error:
        raise Transient("no answer to what was asked", code="garbage") from error


def _heed(body: Mapping[str, Any], answer: Answer) -> None:
    """A used up allowance is told in the body, with status 200."""
    errors = [error for error in items(body.get("errors"), 10) if isinstance(error, dict)]
    if any(error.get("type") == "RATE_LIMITED" for error in errors):
        raise RateLimited(wait_until(answer.headers, datetime.now(UTC)), "GraphQL is used up")


def parse_people(data: Mapping[str, Any], view: View) -> Iterator[Person]:
    """Whoever can be read of the answers."""
    for value in list(data.values())[:AT_ONCE]:
        try:
            yield _person(mapping(value), view)
        except Unreadable:
            continue


def _person(owner: Mapping[str, Any], view: View) -> Person:
    account = parse_account({"login": owner.get("login"), "id": owner.get("databaseId")})
    written = [_total(owner.get(name)) for name in _WRITTEN]
    return person_at(
        view,
        account,
        name=line(owner.get("name"), 100) or account.login,
        created_at=optional_moment(owner.get("createdAt"), view.now),
        followers=_total(owner.get("followers")),
        following=_total(owner.get("following")),
        posts=None if None in written else count(sum(figure or 0 for figure in written)),
    )


def _total(connection: object) -> int | None:
    return count(connection.get("totalCount")) if isinstance(connection, dict) else None
