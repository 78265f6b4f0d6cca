"""Changes to what a platform answered: JSON, pages and feeds, headers and statuses."""

import copy
import json
import random
from dataclasses import replace
from typing import Any, Protocol

from networks.http import Answer

MOST_CHANGES = 4
DEEP: Any = 0
for _ in range(60):
    DEEP = [DEEP]
HOSTILE: list[Any] = [
    *(None, True, False, 0, -1, 1, 0.5, -0.0, 1e308, 10**30, -(10**30), 2**63, 253402300800),
    *("", " ", "0", "-1", "null", "NaN", "1e999", "9" * 400, "\x00", "a\x00b", "\ud800", "e\u0301"),
    *("\u202eevil", "\u2066x\u2069", "\u200f", "x" * 5_000, "<" * 3_000, "<!" * 900, "&#0;" * 99),
    *("javascript:alert(1)", "https://[", "http://127.0.0.1/", "//evil.example", "https://a@b/"),
    *("9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "2026-11-02T12:00:00+99:99", "1900-01-01"),
    *([], {}, [None], [[]], {"": None}, DEEP, ["x"] * 200, {"id": {"id": 1}}),
]
# What stands in the way of those who read a page or a feed.
HOSTILE_MARKUP = [
    *(b"<", b"</", b"]]>", b"<!--", b"<![CDATA[", b"&#0;", b"&#xD800;", b"&a;", b"\x00", b"\xff"),
    b'<!DOCTYPE a [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<?xml version="1.0" encoding="utf-7"?>',
    *(b"<a>" * 900, b"<" * 3_000, b"&lt;" * 900, b"<base href='//evil.example/'>", b" rel='me' "),
    *(b"9999-12-31T23:59:59Z", b"Thu, 99 Foo 99999 99:99:99 +9999", "\u202eevil\u0301".encode()),
]
HOSTILE_STATUSES = (200, 201, 204, 304, 400, 401, 402, 403, 404, 409, 410, 418, 422)
# Of what a server can put into a header.
HOSTILE_HEADERS = [
    *("", "0", "-1", "text/html", "application/json; charset=utf-16", "x" * 5_000, "\xff"),
    *('<https://[>; rel="next"', '<http://127.0.0.1/>; rel="next"', "<" * 900, 'W/"\xe9"'),
]


class Choices(Protocol):
    """Where the changes come from."""

    def below(self, number: int) -> int:
        """A whole number from 0 to `number` - 1."""
        ...


class ByChance:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, number: int) -> int:
        return self._random.randrange(number)


def bent(value: Any, choices: Choices) -> Any:
    """A copy of some JSON with up to four values replaced, taken away, doubled or swapped."""
    value = copy.deepcopy(value)
    for _ in range(choices.below(MOST_CHANGES + 1)):
        value = _change(value, choices)
    return value


def _change(value: Any, choices: Choices) -> Any:
    path = _somewhere(value, choices)
    if not path:
        return HOSTILE[choices.below(len(HOSTILE))]
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    last, how = path[-1], choices.below(8)
    if how == 0:
        del parent[last]
    elif how == 1 and isinstance(parent, list):
        parent.insert(choices.below(len(parent) + 1), copy.deepcopy(parent[last]))
    elif how == 2 and isinstance(parent, list):
        parent.reverse()
    else:
        parent[last] = copy.deepcopy(HOSTILE[choices.below(len(HOSTILE))])
    return value


def _somewhere(value: Any, choices: Choices) -> list[Any]:
    """A way down into the value, of any depth."""
    path: list[Any] = []
    while isinstance(value, dict | list) and value and (not path or choices.below(4)):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        path.append(keys[choices.below(len(keys))])
        value = value[path[-1]]
    return path


def bent_answer(answer: Answer, choices: Choices) -> Answer:
    """An answer whose body is bent, and at times its status or one of its headers."""
    headers = dict(answer.headers)
    if headers and not choices.below(30):
        name = list(headers)[choices.below(len(headers))]
        headers[name] = HOSTILE_HEADERS[choices.below(len(HOSTILE_HEADERS))]
    status = answer.status
    if not choices.below(30):
        status = HOSTILE_STATUSES[choices.below(len(HOSTILE_STATUSES))]
    return replace(answer, status=status, headers=headers, body=_bent_body(answer.body, choices))


def _bent_body(body: bytes, choices: Choices) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return _bent_bytes(body, choices)
    return json.dumps(bent(value, choices)).encode()


def _bent_bytes(body: bytes, choices: Choices) -> bytes:
    """A page or a feed with bytes changed, hostile markup in it, or a piece of it said again."""
    data = bytearray(body)
    for _ in range(choices.below(MOST_CHANGES + 1)):
        if not data:
            break
        start, how = choices.below(len(data)), choices.below(4)
        end = start + choices.below(200)
        if how == 0:
            data[start] = choices.below(256)
        elif how == 1:
            data[start:start] = data[start:end] * (1 + choices.below(3))
        elif how == 2:
            del data[start:end]
        else:
            data[start:start] = HOSTILE_MARKUP[choices.below(len(HOSTILE_MARKUP))]
    return bytes(data[:200_000])
