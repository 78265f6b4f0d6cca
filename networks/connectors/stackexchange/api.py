"""The API of Stack Exchange with one token: what it answers, and how it asks us to wait.

The token goes in a header, so that it stands in no log of anybody's. `backoff` in an answer means
the next request: the page in hand is kept, and then we wait.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from networks.connectors.base import AccessRevoked, NotThisPlatform, RateLimited, Transient
from networks.connectors.fields import Unreadable, items, mapping
from networks.http import Answer, Door

PAGE_SIZE = 100
_TOKEN_TROUBLE = frozenset({401, 402, 403, 406})
_THROTTLED = 502
_SECONDS = re.compile(r"(\d{1,6}) seconds")
_LONGEST_BACKOFF = timedelta(hours=1)


@dataclass(frozen=True)
class Listed:
    """One page of a list."""

    items: list[Any]
    has_more: bool


class Api:
    """Requests in order; one that comes too early raises RateLimited instead."""

    def __init__(self, door: Door, url: str, key: str, token: str, now: datetime) -> None:
        self._door, self._url, self._now = door, url, now
        self._headers = {"X-API-Key": key, "X-API-Access-Token": token}
        self._wait_until: datetime | None = None

    def ask(self, path: str, query: Mapping[str, str | int]) -> Listed:
        """Raises AccessRevoked, RateLimited, NotThisPlatform, Transient."""
        if self._wait_until:
            raise RateLimited(self._wait_until, "asked to back off")
        wanted = {"pagesize": PAGE_SIZE, **query}
        answer = self._door.get(self._url + path, params=wanted, headers=self._headers)
        wrapper = _wrapper(answer)
        if answer.status >= 400 or "error_id" in wrapper:
            self._refuse(answer.status, wrapper)
        self._note_waits(wrapper)
        return Listed(items(wrapper.get("items"), PAGE_SIZE), wrapper.get("has_more") is True)

    def _note_waits(self, wrapper: Mapping[str, Any]) -> None:
        backoff = wrapper.get("backoff")
        if isinstance(backoff, int) and backoff > 0:
            self._wait_until = self._now + min(timedelta(seconds=backoff), _LONGEST_BACKOFF)
        if wrapper.get("quota_remaining") == 0:
            # The day's allowance begins anew at midnight UTC.
            midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
            self._wait_until = midnight + timedelta(days=1)

    def _refuse(self, status: int, wrapper: Mapping[str, Any]) -> None:
        error = wrapper.get("error_id")
        if error in _TOKEN_TROUBLE:
            raise AccessRevoked(f"answered {error}")
        if error == _THROTTLED:
            said = _SECONDS.search(str(wrapper.get("error_message"))[:500])
            seconds = int(said[1]) if said else 60
            raise RateLimited(self._now + timedelta(seconds=max(1, seconds)), "throttled")
        if status in (404, 410) or error == 404:
            raise NotThisPlatform(f"answered {error or status}")
        raise Transient(f"answered {error or status}", code="server_error")


def _wrapper(answer: Answer) -> Mapping[str, Any]:
    """What every answer is wrapped in; a page in front of the API is none."""
    if answer.status >= 300 and "json" not in answer.headers.get("content-type", ""):
        raise Transient(f"answered {answer.status} without a reason", code="server_error")
    try:
        return mapping(answer.json())
    except Unreadable as error:
        raise Transient("not an answer of the API", code="garbage") from error
