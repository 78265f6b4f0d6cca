#!/usr/bin/env python3
"""A client of Klout's API in one file, with nothing but the standard library.

KLOUT_KEY=... python client.py http://localhost:8000

With KLOUT_TO=@somebody@example.org it gives them a K as well, and takes it back at once.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TRIES = 4


class Problem(Exception):
    """What the API says went wrong; `type` names the kind and stays."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(f"{told['title']} {told['detail']}")
        self.type: str = told["type"]
        self.status: int = told["status"]
        self.told = told


class Klout:
    """`site` without a slash at the end, and a key from the settings there."""

    def __init__(self, site: str, key: str) -> None:
        self._address = f"{site}/api/v3"
        self._key = key
        self._known: dict[str, tuple[str, Any]] = {}

    def read(self, path: str, **query: Any) -> Any:
        """What is there now; from memory where the site says that nothing changed."""
        place = f"{path}?{urlencode(query)}" if query else path
        etag, known = self._known.get(place, ("", None))
        status, headers, body = self._ask("GET", place, {"If-None-Match": etag} if etag else {})
        if status == 304:
            return known
        self._known[place] = headers.get("ETag", ""), body
        return body

    def all_of(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Everything in a list, page by page."""
        while True:
            page = self.read(path, **query)
            yield from page["items"]
            if not page["next_cursor"]:
                return
            query["cursor"] = page["next_cursor"]

    def do(self, path: str, what: dict[str, Any] | None = None, *, method: str = "POST") -> Any:
        """Do it once, however often it has to be sent."""
        return self._ask(method, path, {"Idempotency-Key": str(uuid.uuid4())}, what)[2]

    def _ask(
        self, method: str, path: str, headers: dict[str, str], what: Any = None
    ) -> tuple[int, Any, Any]:
        headers = {"Authorization": f"Bearer {self._key}", **headers}
        body = None
        if what is not None:
            body = json.dumps(what).encode()
            headers["Content-Type"] = "application/json"
        request = Request(f"{self._address}{path}", body, headers, method=method)
        for tries_left in reversed(range(TRIES)):
            try:
                with urlopen(request, timeout=20) as answer:
                    said = answer.read()
                    return answer.status, answer.headers, json.loads(said) if said else None
            except HTTPError as error:
                if error.code == 304:
                    return 304, error.headers, None
                if error.code not in (409, 429, 503) or not tries_left:
                    raise Problem(json.load(error)) from None
                if not (wait := error.headers.get("Retry-After")):
                    raise Problem(json.load(error)) from None
                time.sleep(min(int(wait), 10))
        raise AssertionError("never reached")


def main() -> None:
    klout = Klout(sys.argv[1], os.environ["KLOUT_KEY"])
    me = klout.read("/me")
    print(f"{me['name']} with {me['key']}: {', '.join(me['scopes'])}")
    score = klout.read("/score")
    print(f"{score['on']}: {score['score']}, most likely from {score['low']} to {score['high']}")
    for part in klout.read("/score/explanation")["parts"]:
        print(f"  {part['points']} from {part['network']}: {part['sentence']}")
    for day in klout.all_of("/score/history", limit=2):
        print(f"  {day['on']}: {day['score']}")
    for topic in klout.read("/topics")["items"]:
        print(f"  {topic['people']} people responded under {topic['name']}")
    print(f"{klout.read('/k/purse')['total']} K to give")
    if to := os.environ.get("KLOUT_TO"):
        give_and_take_back(klout, to)
    try:
        klout.read("/profiles/nobody-is-called-this")
    except Problem as problem:
        print(f"{problem.status} {problem.type}: {problem.told['detail']}")


def give_and_take_back(klout: Klout, to: str) -> None:
    gift = klout.do("/k/gifts", {"to": to, "words": "Thank you."})
    print(f"K {gift['number']} given; it can be taken back until {gift['undo_until']}")
    for one in klout.all_of("/k/gifts", direction="given"):
        print(f"  to {one['name']}: {one['words']}")
    klout.do(f"/k/gifts/{gift['k']}/{gift['step']}/undo")
    print(f"taken back; {klout.read('/k/purse')['total']} K to give")


if __name__ == "__main__":
    main()
