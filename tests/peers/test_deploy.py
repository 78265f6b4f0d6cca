"""Caddy and Prometheus themselves judge what deploy/ has for them."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.peers.ready import NOT_RUN

pytestmark = pytest.mark.peers

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".node/deploy/usr/bin"


def judged(tool: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Debian has them, PyPI and npm have not: elsewhere this is skipped, and said."""
    if not (TOOLS / tool).exists():
        pytest.skip(f"{NOT_RUN}: {tool} is not there; see what `make test-peers` said first")
    return subprocess.run(
        [TOOLS / tool, *words],
        cwd=ROOT,
        env={**os.environ, "BASE_URL": "https://klout.example.com"},
        capture_output=True,
        text=True,
    )


def test_caddy_takes_its_file() -> None:
    said = judged("caddy", "validate", "--adapter", "caddyfile", "--config", "deploy/Caddyfile")
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(
    "words",
    [("rules", "deploy/alerts.yml"), ("config", "--syntax-only", "deploy/prometheus.yml")],
)
def test_prometheus_takes_its_files(words: tuple[str, ...]) -> None:
    said = judged("promtool", "check", *words)
    assert said.returncode == 0, said.stderr + said.stdout
