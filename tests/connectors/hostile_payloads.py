"""A million hostile payloads: what every connector reads, bent anywhere, read again.

    make fuzz                       a million payloads over all platforms: a quarter of an hour
    make fuzz ARGS="--payloads 20000 --platform mastodon --guided"

First each platform's small server is walked through once over real HTTP (consent, reading, renewal,
taking back), and the answers are put on a tape. Then the connector walks the tape again and again,
and each answer is bent: up to four of its values replaced by something hostile, at times its status
or a header; now and then no answer comes. The connector may raise ConnectorError and nothing else,
and every page must be storable: finite, bounded, clean text, and no dearer than it was allowed to
be. The changes are drawn by chance, the same for the same seed. With `--guided` atheris chooses
them, which looks for changes that lead where none led before; that is about thirty times slower
for each payload.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.connectors.base import AppRegistration, ConnectorError, Credentials, Identity, Page
from tests.connectors.bending import ByChance, Choices, bent
from tests.connectors.contract import VERIFIER, ask, assert_storable, link
from tests.connectors.lively import LIVELY, Lively
from tests.connectors.tape import Player, Recorder, Tape, put_in_front

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=180)
# One walk in so many is the way to consent and back; the others read.
LINKS_ONE_IN = 10
# Of the cursors that come out of the database so many are odd.
ODD_ONE_IN = 10
# What reading may cost where it costs something, in millionths of a US dollar.
ALLOWANCES = (None, 0, 4_999, 60_000, 2_000_000)


@dataclass
class Taped:
    """A platform's network, the tape of one whole walk through it, and what is needed to read."""

    network: Any
    tape: Tape
    app: AppRegistration
    credentials: Credentials


@contextmanager
def recorded(lively: Lively) -> Iterator[Taped]:
    network, close = lively(NOW)
    tape = Tape()
    connector = network.connector
    put_in_front(connector._door, Recorder(connector._door, tape))
    try:
        app, credentials = link(network)
        cursor: Any = {}
        for _ in range(3):
            pages = list(connector.read(network.host, credentials, cursor, since=SINCE, now=NOW))
            cursor = pages[-1].cursor
        yield Taped(network, tape, app, _walked_back(network, app, credentials))
    finally:
        close()


def _walked_back(network: Any, app: AppRegistration, credentials: Credentials) -> Credentials:
    """Renew and take back, for the tape; returns what was there to be taken back."""
    if hasattr(network, "claim"):
        return credentials
    if credentials.refresh_token:
        credentials = network.connector.refresh(network.host, app, credentials, NOW)
    network.connector.revoke(network.host, app, credentials)
    return credentials


def walk_bent(taped: Taped, choices: Choices) -> int:
    """Walk once over the bent tape; returns how many payloads that took."""
    door = taped.network.connector._door
    player = Player(taped.tape, choices, NOW, door.development_hosts)
    put_in_front(door, player)
    walk = _read if choices.below(LINKS_ONE_IN) else _link
    walk(taped, choices)
    return player.payloads


def _read(taped: Taped, choices: Choices) -> None:
    """Two runs, the second from where the first stopped, whatever stopped it."""
    network, cursor, is_odd = taped.network, {}, False
    for _ in range(2):
        allowance, cost = ALLOWANCES[choices.below(len(ALLOWANCES))], 0
        pages = network.connector.read(
            network.host, taped.credentials, cursor, since=SINCE, now=NOW, allowance=allowance
        )
        try:
            for page in pages:
                # What an odd cursor holds came out of the database and may go back.
                assert_storable(replace(page, cursor={}) if is_odd else page, NOW)
                cursor = json.loads(json.dumps(page.cursor))
                cost += page.cost
        except ConnectorError as error:
            assert_discreet(error, taped.credentials)
            cost += error.cost
        assert allowance is None or cost <= allowance
        is_odd = not choices.below(ODD_ONE_IN)
        if is_odd:
            odd = bent(cursor, choices)
            cursor = odd if isinstance(odd, dict) else {}


def _link(taped: Taped, choices: Choices) -> None:
    """The steps to consent, or to proof, and back: each by itself, since any may fail."""
    steps = _proof(taped.network) if hasattr(taped.network, "claim") else _consent(taped)
    for step in steps:
        try:
            found = step()
        except ConnectorError as error:
            assert_discreet(error, taped.credentials)
            continue
        if isinstance(found, Identity):
            assert_storable(Page({}, identity=found), NOW)
        if isinstance(found, Credentials):
            assert_keepable(found)


def _consent(taped: Taped) -> list[Callable[[], Any]]:
    network, app, had = taped.network, taped.app, taped.credentials
    host, connector, back = network.host, network.connector, network.redirect_uri
    return [
        lambda: connector.register(host, back),
        lambda: connector.is_registered(host, app),
        lambda: ask(network, app),
        lambda: connector.exchange(host, app, back, "code", VERIFIER, had.extra, NOW),
        lambda: connector.identify(host, had),
        lambda: connector.refresh(host, app, had, NOW),
        lambda: connector.revoke(host, app, had),
    ]


def _proof(network: Any) -> list[Callable[[], Any]]:
    connector, address = network.connector, network.connector.find(network.typed).login
    return [
        lambda: connector.look(address).identity,
        lambda: connector.proof(connector.look(address), network.claim),
        lambda: connector.credentials(connector.look(address), NOW),
    ]


def assert_discreet(error: ConnectorError, credentials: Credentials) -> None:
    said = f"{error} {error.detail}"
    for secret in (credentials.access_token, credentials.refresh_token):
        assert not secret or secret not in said, "a token in a message"


def assert_keepable(credentials: Credentials) -> None:
    """They can be sealed, opened, and sent in a header."""
    fields = asdict(credentials)
    ends = fields.pop("expires_at")
    assert ends is None or ends.tzinfo
    assert json.loads(json.dumps(fields)) == fields
    for token in (credentials.access_token, credentials.refresh_token):
        assert token.isascii()
        assert token.isprintable()
        assert len(token) <= 4_096


@contextmanager
def all_recorded(platform: str) -> Iterator[list[Taped]]:
    """Every kind of network that a platform comes in."""
    with ExitStack() as stack:
        yield [stack.enter_context(recorded(lively)) for lively in LIVELY[platform]]


def by_chance(platform: str, payloads: int, seed: int, seconds: float = math.inf) -> int:
    """So many payloads of one platform, or for so long; returns how many it were."""
    ends_at = time.monotonic() + seconds
    with all_recorded(platform) as tapes:
        choices, done = ByChance(seed), 0
        while done < payloads and time.monotonic() < ends_at:
            done += walk_bent(tapes[choices.below(len(tapes))], choices)
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
    with all_recorded(platform) as tapes:

        def one(data: bytes) -> None:
            nonlocal done
            choices = Guided(data)
            done += walk_bent(tapes[choices.below(len(tapes))], choices)
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
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most, for each")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--guided", action="store_true", help="chosen by atheris")
    asked = parser.parse_args(argv)
    platforms = [asked.platform] if asked.platform else sorted(LIVELY)
    share = -(-asked.payloads // len(platforms))
    for platform in platforms:
        if not asked.guided:
            done = by_chance(platform, share, asked.seed, asked.minutes * 60)
            print(f"{platform}: {done} payloads, nothing broke", flush=True)
        elif asked.platform:
            guided(platform, share)
        else:
            # Atheris ends its process.
            again = [sys.executable, "-m", __spec__.name, "--guided", "--platform", platform]
            subprocess.run([*again, "--payloads", str(share)], check=True)


if __name__ == "__main__":
    main()
