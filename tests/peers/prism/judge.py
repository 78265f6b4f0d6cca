"""An official description as the judge between a connector of ours and a fake of ours.

`prism proxy` stands between the two: a request that the description does not allow gets no answer
of the fake, and an answer that it does not allow does not reach the connector. Both come back as an
error, and what was wrong is in `objections`.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from networks.http import Door
from networks.wire import Reply
from tests.free_ports import two_free_ports
from tests.peers.ready import node_of, packages_of

Description = dict[str, Any]
_START_SECONDS = 120
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = b"https://stoplight.io/prism/errors#"


class Judge:
    """Listens at `host`, in front of the fake.

    `objections`: what requests and answers that went through `door` broke of the description.
    """

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.objections: list[str] = []
        self._log: list[str] = []
        self._process = process
        self._listens = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def door(self, *hosts: str) -> Door:
        """A door to here and to these hosts, which notes the objections."""
        return _Door(frozenset({self.host, *hosts}), self.objections)

    def wait(self) -> None:
        """Until it listens; its last words are in the error if it never does."""
        if not self._listens.wait(_START_SECONDS):
            self.stop()
            raise AssertionError("Prism did not start:\n" + "\n".join(self._log[-20:]))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)
        if self._process.stdout:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._log.append(_COLOURS.sub("", line).strip())
            if "Prism is listening" in line:
                self._listens.set()


class _Door(Door):
    def __init__(self, hosts: frozenset[str], objections: list[str]) -> None:
        super().__init__(hosts, deadline=60)
        self._objections = objections

    def _heed(self, lanes: Sequence[str], reply: Reply) -> None:
        if _ERROR in reply.body:
            self._objections.append(reply.body.decode())
        super()._heed(lanes, reply)


@contextmanager
def judge(description: Description, upstream: str, folder: Path) -> Iterator[Judge]:
    """Prism with this description in front of the fake at `upstream`."""
    program = packages_of("prism") / "node_modules/@stoplight/prism-cli/dist/index.js"
    file, port = folder / "description.json", two_free_ports()
    file.write_text(json.dumps(description))
    process = subprocess.Popen(
        [node_of(24), program, "proxy", file, upstream, "--errors", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    prism = Judge(process, port)
    try:
        prism.wait()
        yield prism
    finally:
        prism.stop()


# --- Descriptions ---------------------------------------------------------------------------------


def read(path: str) -> Description:
    """A description out of one of the packages."""
    found: Description = json.loads((packages_of("prism") / "node_modules" / path).read_text())
    return found


def part_of(description: Description, paths: Sequence[str]) -> Description:
    """The description with these paths only, and what they refer to.

    Of GitHub's 750 paths we use a dozen; the whole of them takes half a gigabyte.
    """
    kept = {path: description["paths"][path] for path in paths}
    small = {name: description[name] for name in ("openapi", "info", "servers")}
    small |= {"paths": kept, "components": {}}
    waiting = [kept]
    while waiting:
        for kind, name in _references(waiting.pop()):
            there = small["components"].setdefault(kind, {})
            if name not in there:
                there[name] = description["components"][kind][name]
                waiting.append(there[name])
    if "securitySchemes" in description["components"]:
        small["components"]["securitySchemes"] = description["components"]["securitySchemes"]
    return small


def _references(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            kind, name = reference.removeprefix("#/components/").split("/")
            yield kind, name
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def unused(description: Description, asked: Sequence[str]) -> list[str]:
    """The paths of a description that no request was for: nothing is proven of them."""
    patterns = {path: re.sub(r"\{[^}]+\}", "[^/]+", path) for path in description["paths"]}
    return [p for p, like in patterns.items() if not any(re.fullmatch(like, a) for a in asked)]
