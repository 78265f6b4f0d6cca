"""Reddit's API with one token. `raw_json=1` asks for text without entities in it."""

from collections.abc import Mapping
from typing import Any

from networks.connectors.base import AccessRevoked, NotThisPlatform, Transient
from networks.http import Answer, Door

# What is private, banned, quarantined or taken down is a list without news.
_NOTHING_THERE = frozenset({404, 410, 451})


class Api:
    def __init__(self, door: Door, url: str, token: str) -> None:
        self._door, self._url, self._token = door, url, token

    def get(self, path: str, query: Mapping[str, str | int]) -> Any:
        """What cannot be done without. Raises AccessRevoked, NotThisPlatform, Transient."""
        answer = self._ask(path, query)
        if answer.status in _NOTHING_THERE:
            raise NotThisPlatform(f"answered {answer.status}")
        return _granted(answer).json()

    def find(self, path: str, query: Mapping[str, str | int]) -> Any | None:
        """What may be gone or closed to us: None then."""
        answer = self._ask(path, query)
        is_closed = answer.status == 403 and _is_json(answer)
        if is_closed or answer.status in _NOTHING_THERE:
            return None
        return _granted(answer).json()

    def _ask(self, path: str, query: Mapping[str, str | int]) -> Answer:
        answer = self._door.get(
            self._url + path, params={"raw_json": 1, **query}, token=self._token
        )
        if answer.status == 401:
            raise AccessRevoked("answered 401")
        return answer


def _granted(answer: Answer) -> Answer:
    """A 403 that is not in JSON comes from something in front of the API, not from it."""
    if answer.status == 403 and _is_json(answer):
        raise AccessRevoked("answered 403")
    if answer.status >= 300:
        raise Transient(f"answered {answer.status}", code="server_error")
    return answer


def _is_json(answer: Answer) -> bool:
    return "json" in answer.headers.get("content-type", "")
