"""Starts the reference network of the AT Protocol, and does what its people do there."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import psycopg2
import requests
from django.conf import settings

from klout.embedded.binaries import valkey_server
from tests.free_ports import two_free_ports
from tests.peers.ready import node_of, packages_of

STARTS_WITHIN_SECONDS = 300
PASSWORD = "correct horse battery"
# Where a hosted site of ours would be; the network finds it on this machine (see network.mjs).
SITE = "https://site.klout-tests.net"


class Network:
    """The addresses of its parts, and its people."""

    def __init__(self, addresses: dict[str, str], site_is_at: Path) -> None:
        self._site_is_at = site_is_at
        self.plc, self.pds = addresses["plc"], addresses["pds"]
        self.appview, self.appview_did = addresses["appview"], addresses["appviewDid"]

    @property
    def hosts(self) -> list[str]:
        return [urlsplit(url).netloc for url in (self.plc, self.pds, self.appview)]

    def find_site_at(self, address: str) -> None:
        """What the network looks up at SITE is at this address on this machine."""
        self._site_is_at.write_text(address)

    def join(self, name: str) -> "Account":
        made = self._post(
            "com.atproto.server.createAccount",
            {"handle": f"{name}.test", "email": f"{name}@example.com", "password": PASSWORD},
        )
        return Account(self, made["did"], made["handle"], made["accessJwt"])

    def knows(self, account: "Account") -> bool:
        """Whether the AppView has heard of somebody who has just joined."""
        url = f"{self.appview}/xrpc/com.atproto.identity.resolveHandle"
        return requests.get(url, params={"handle": account.handle}, timeout=30).ok

    def followers(self, account: "Account") -> int:
        """As the AppView counts them."""
        url = f"{self.appview}/xrpc/app.bsky.actor.getProfile"
        shown = requests.get(url, params={"actor": account.did}, timeout=30).json()
        return int(shown.get("followersCount", 0))

    def _post(self, method: str, body: dict[str, Any], token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(f"{self.pds}/xrpc/{method}", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()


class Account:
    """Somebody there, who does things with a client of their own."""

    def __init__(self, network: Network, did: str, handle: str, token: str) -> None:
        self.network, self.did, self.handle = network, did, handle
        self._token = token

    def write(self, collection: str, **fields: Any) -> dict[str, str]:
        """A record in their repository; returns its `uri` and `cid`."""
        created_at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        body = {
            "repo": self.did,
            "collection": collection,
            "record": {"$type": collection, "createdAt": created_at} | fields,
        }
        made = self.network._post("com.atproto.repo.createRecord", body, self._token)
        return {"uri": made["uri"], "cid": made["cid"]}

    def post(self, text: str, **fields: Any) -> dict[str, str]:
        return self.write("app.bsky.feed.post", text=text, **fields)


@contextmanager
def running() -> Iterator[Network]:
    """The network, from its start to its end."""
    folder, node = packages_of("bluesky"), node_of(22)
    with _valkey() as port, tempfile.TemporaryDirectory(prefix="klout-bluesky-") as scratch:
        environment = os.environ | {
            "DB_POSTGRES_URL": _own_database(),
            "DB_POSTGRES_SCHEMA": "network",
            "REDIS_HOST": f"127.0.0.1:{port}",
            "TMPDIR": scratch,
            "NODE_ENV": "development",
            "SITE": SITE,
            "SITE_IS_AT": str(Path(scratch) / "site"),
            "LOG_ENABLED": "false",
        }
        with (Path(scratch) / "network.log").open("w+b") as log:
            process = subprocess.Popen(
                [node, folder / "network.mjs"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
            try:
                yield Network(_first_words(process, Path(log.name)), Path(scratch) / "site")
            finally:
                process.kill()
                process.communicate()


def _first_words(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    assert process.stdout
    too_late = Timer(STARTS_WITHIN_SECONDS, process.kill)
    too_late.start()
    line = process.stdout.readline()
    too_late.cancel()
    if not line:
        raise AssertionError(f"the network did not start: {log.read_text()[-3000:]}")
    return json.loads(line)


def _own_database() -> str:
    """A fresh database beside ours, as the network's address of it."""
    ours = settings.DATABASES["default"]
    place = {"host": ours["HOST"], "port": ours["PORT"] or 5432}
    login = {"user": ours["USER"], "password": ours["PASSWORD"]}
    with closing(psycopg2.connect(dbname="postgres", **place, **login)) as database:
        database.autocommit = True
        with database.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS klout_bluesky_network")
            cursor.execute("CREATE DATABASE klout_bluesky_network")
    user = ":".join(quote(str(part), safe="") for part in login.values())
    return f"postgresql://{user}@localhost/klout_bluesky_network?{urlencode(place)}"


@contextmanager
def _valkey() -> Iterator[int]:
    """A Valkey on a port: the network takes no socket."""
    port = two_free_ports()
    words = [valkey_server(), "--bind", "127.0.0.1", "--port", port, "--save", ""]
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.kill()
        process.wait()
