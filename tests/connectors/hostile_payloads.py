"""A million hostile payloads: what every connector reads, bent anywhere, read again.

    make fuzz                       a million payloads over all platforms: a quarter of an hour
    make fuzz ARGS="--payloads 20000 --platform mastodon --guided"

First each platform's small server is read once over real HTTP, and the answers are put on a tape.
Then the connector reads the tape again and again, and each answer has up to four of its values
replaced by something hostile. It may raise ConnectorError and nothing else, and every page must be
storable: finite, bounded, clean text. The changes are drawn by chance, the same for the same seed.
With `--guided` atheris chooses them, which looks for changes that lead where none led before; that
is about thirty times slower for each payload.
"""

import argparse
import copy
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from networks.connectors.base import ConnectorError, Credentials
from networks.http import Answer
from tests.connectors.contract import assert_storable, link
from tests.connectors.lively import LIVELY, Lively

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=180)
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


@dataclass
class Tape:
    """What one platform answered when it was read once: JSON by method and path."""

    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)


class Recorder:
    """A door that keeps what comes through it."""

    def __init__(self, door: Any, tape: Tape) -> None:
        self._door, self._tape = door, tape
        self.development_hosts = door.development_hosts

    def get(self, url: str, **options: Any) -> Answer:
        return self._keep("GET", url, self._door.get(url, **options))

    def post(self, url: str, **options: Any) -> Answer:
        return self._keep("POST", url, self._door.post(url, **options))

    def _keep(self, method: str, url: str, answer: Answer) -> Answer:
        self._tape.answers.setdefault((method, urlsplit(url).path), []).append(answer)
        return answer


class Player:
    """A door that answers from the tape, bent; what is not on it is not there."""

    def __init__(self, tape: Tape, hosts: frozenset[str], choices: Choices) -> None:
        self._tape, self._choices = tape, choices
        self.development_hosts = hosts
        self.payloads = 0

    def get(self, url: str, **_: Any) -> Answer:
        return self._play("GET", url)

    def post(self, url: str, **_: Any) -> Answer:
        return self._play("POST", url)

    def _play(self, method: str, url: str) -> Answer:
        found = self._tape.answers.get((method, urlsplit(url).path))
        if not found:
            return Answer(404, {"content-type": "application/json"}, b"{}", url)
        answer = found[self._choices.below(len(found))]
        self.payloads += 1
        try:
            value = json.loads(answer.body)
        except ValueError:
            return replace(answer, body=_bent_bytes(answer.body, self._choices))
        return replace(answer, body=json.dumps(bent(value, self._choices)).encode())


def _bent_bytes(body: bytes, choices: Choices) -> bytes:
    """A page or a feed with a few bytes changed, or a piece of it said again."""
    data = bytearray(body)
    for _ in range(choices.below(MOST_CHANGES + 1)):
        if not data:
            break
        start = choices.below(len(data))
        if choices.below(3):
            data[start] = choices.below(256)
        else:
            end = start + choices.below(200)
            data[start:start] = data[start:end] * (1 + choices.below(3))
    return bytes(data[:200_000])


@contextmanager
def recorded(lively: Lively) -> Iterator[tuple[Any, Tape, Credentials]]:
    """A platform's network, the tape of one whole read of it, and the credentials for it."""
    network, close = lively(NOW)
    tape = Tape()
    try:
        _, credentials = link(network)
        connector = network.connector
        connector._door = Recorder(connector._door, tape)
        cursor: Any = {}
        for _ in range(3):
            pages = list(connector.read(network.host, credentials, cursor, since=SINCE, now=NOW))
            cursor = pages[-1].cursor
        yield network, tape, credentials
    finally:
        close()


def read_bent(network: Any, tape: Tape, credentials: Credentials, choices: Choices) -> int:
    """Read once from the bent tape; returns how many payloads that took."""
    connector = network.connector
    player = Player(tape, frozenset({network.host}), choices)
    connector._door = player
    cursor: Any = {}
    for _ in range(2):
        try:
            for page in connector.read(network.host, credentials, cursor, since=SINCE, now=NOW):
                assert_storable(page, NOW)
                cursor = json.loads(json.dumps(page.cursor))
        except ConnectorError as error:
            said = f"{error} {error.detail}"
            if credentials.access_token in said:
                raise AssertionError("a token in a message") from error
    return player.payloads


def by_chance(platform: str, payloads: int, seed: int) -> int:
    """So many payloads of one platform, changed by chance; returns how many it were."""
    with recorded(LIVELY[platform]) as (network, tape, credentials):
        choices, done = ByChance(seed), 0
        while done < payloads:
            done += read_bent(network, tape, credentials, choices)
        return done


def guided(platform: str, payloads: int) -> None:
    """The same, chosen by atheris; ends the process when it has had enough."""
    import atheris

    class Guided:
        def __init__(self, data: bytes) -> None:
            self._data = atheris.FuzzedDataProvider(data)

        def below(self, number: int) -> int:
            return int(self._data.ConsumeIntInRange(0, number - 1)) if number > 1 else 0

    done = 0
    with recorded(LIVELY[platform]) as (network, tape, credentials):

        def one(data: bytes) -> None:
            nonlocal done
            done += read_bent(network, tape, credentials, Guided(data))
            if done >= payloads:
                print(f"{platform}: {done} payloads, nothing broke", flush=True)
                # Atheris takes any exception for a find, SystemExit too.
                os._exit(0)

        atheris.instrument_all()
        atheris.Setup([sys.argv[0], "-max_len=4096", "-artifact_prefix=/tmp/"], one)
        atheris.Fuzz()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Hostile payloads for every connector.")
    parser.add_argument("--payloads", type=int, default=1_000_000, help="over all platforms")
    parser.add_argument("--platform", choices=sorted(LIVELY), help="one only")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--guided", action="store_true", help="chosen by atheris")
    asked = parser.parse_args(argv)
    platforms = [asked.platform] if asked.platform else sorted(LIVELY)
    share = -(-asked.payloads // len(platforms))
    for platform in platforms:
        if not asked.guided:
            done = by_chance(platform, share, asked.seed)
            print(f"{platform}: {done} payloads, nothing broke", flush=True)
        elif asked.platform:
            guided(platform, share)
        else:
            # Atheris ends its process.
            again = [sys.executable, "-m", __spec__.name, "--guided", "--platform", platform]
            subprocess.run([*again, "--payloads", str(share)], check=True)


if __name__ == "__main__":
    main()
