"""tweepy's way out: its calls go through the one door, to the address the operator set.

tweepy writes its host into every request and logs headers and bodies when asked for details. Here
only the path of its address is taken, the token is known to nobody but the door, and what it gets
to see are good answers.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

from tweepy import Client

from networks.connectors.base import AccessRevoked, Permanent, Transient
from networks.connectors.fields import Unreadable, mapping
from networks.http import Answer, Door

# Problems of the application, which the member can do nothing about.
_OF_THE_APPLICATION = ("client-forbidden", "unsupported-authentication", "client-not-enrolled")


class BadQuery(Transient):
    """X does not take what we ask for; asked in another way it may."""

    code = "server_error"


def client(door: Door, api: str, token: str) -> Client:
    """tweepy's client, answering with what X sent as plain JSON values."""
    made = Client(return_type=dict)
    made.session = DoorSession(door, api, token)
    return made


class DoorSession:
    """The one method of a `requests.Session` that tweepy calls."""

    def __init__(self, door: Door, api: str, token: str) -> None:
        self._door = door
        self._api = api
        self._token = token

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = None,
        headers: object = None,
        auth: object = None,
    ) -> "Reply":
        """Raises what the contract says for everything but a good answer."""
        if method != "GET":
            raise ValueError("nothing but reading goes through here")
        path = urlsplit(url).path
        return Reply(allowed(self._door.get(self._api + path, params=params, token=self._token)))


class Reply:
    """What tweepy takes for a response; what it would write to its log is left out."""

    status_code = 200
    reason = "OK"
    headers: Mapping[str, str] = {}
    content = b""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def json(self) -> dict[str, Any]:
        try:
            return cast(dict[str, Any], mapping(self._answer.json()))
        except Unreadable as error:
            raise Transient("not an object", code="garbage") from error

    def __enter__(self) -> "Reply":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open."""


def allowed(answer: Answer) -> Answer:
    """The answer to a request with a token, if it was granted.

    A refusal that is not in JSON comes from something in front of X, not from it.
    """
    status = answer.status
    if status < 300:
        return answer
    if "json" not in answer.headers.get("content-type", ""):
        raise Transient(f"answered {status} without a reason", code="server_error")
    if status == 401:
        raise AccessRevoked("answered 401")
    if status == 402:
        raise Transient("answered 402", code="out_of_credit")
    if status == 403:
        kind = problem_of(answer)
        if any(name in kind for name in _OF_THE_APPLICATION):
            raise Permanent(f"answered 403: {kind}", code="app_refused")
        raise AccessRevoked("answered 403")
    if status in (400, 404):
        raise BadQuery(f"answered {status}")
    raise Transient(f"answered {status}", code="server_error")


def problem_of(answer: Answer) -> str:
    """The type of problem that X names (RFC 9457), or ""."""
    try:
        return str(mapping(answer.json()).get("type", ""))[:100]
    except (Unreadable, Transient):
        return ""
