"""The pretend network as a real server on a loopback port, for everybody's tests.

`playground` is one server for the whole run, its clock stopped at `START` (also its start day)
and its troubles cleared before each test. `playground.sign_in("ada")` gives a token.
"""

import base64
import hashlib
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.free_ports import two_free_ports

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
REDIRECT_URI = "http://localhost:8000/networks/callback/"
SCOPES = "read write follow profile"


@dataclass
class Playground:
    """A running pretend network. `host` is `127.0.0.1:port`, the domain of its handles."""

    base_url: str
    host: str
    process: subprocess.Popen[bytes]

    def trouble(self, **wanted: Any) -> None:
        """Set a trouble: see playground/trouble.py."""
        requests.post(f"{self.base_url}/trouble/", json=wanted, timeout=10).raise_for_status()

    def set_now(self, now: datetime) -> None:
        """Stop the clock at that moment."""
        self.trouble(now=now.isoformat())

    def sign_in(self, username: str, scopes: str = SCOPES) -> str:
        """Register an app, consent as that person, and give the access token."""
        return sign_in(self, username, scopes)

    def get(self, path: str, token: str = "", /, **params: Any) -> requests.Response:
        return self.call("GET", path, token, params=params)

    def post(self, path: str, token: str = "", /, **data: Any) -> requests.Response:
        return self.call("POST", path, token, data=data)

    def delete(self, path: str, token: str = "") -> requests.Response:
        return self.call("DELETE", path, token)

    def call(self, method: str, path: str, token: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = path if path.startswith("http") else self.base_url + path
        return requests.request(method, address, headers=headers, timeout=20, **more)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)


def start_playground(
    data_dir: Path, *, now: datetime | None = START, port: int | None = None, trouble: bool = True
) -> Playground:
    """Start a server and wait until it answers; `now=None` lets its clock run."""
    port = port or two_free_ports()
    host = f"127.0.0.1:{port}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | {
        "PYTHONPATH": str(ROOT),
        "PLAYGROUND_DATA_DIR": str(data_dir),
        "PLAYGROUND_BASE_URL": f"http://{host}",
        "PLAYGROUND_NOW": now.isoformat() if now else "",
        "PLAYGROUND_TROUBLE": "1" if trouble else "0",
        # As under the supervisor; it must not matter.
        "DJANGO_SETTINGS_MODULE": "klout.settings",
    }
    command = [sys.executable, "-m", "gunicorn", "playground.wsgi:application", "--bind", host]
    command += ["--workers", "1", "--threads", "8", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    started = Playground(f"http://{host}", host, process)
    try:
        _wait_for(started)
    except BaseException:
        started.stop()
        raise
    return started


def _wait_for(server: Playground, seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if server.process.poll() is not None:
            raise RuntimeError(f"the playground ended at its start ({server.process.returncode})")
        try:
            requests.get(f"{server.base_url}/icon.svg", timeout=5)
            return
        except requests.RequestException:
            time.sleep(0.05)
    raise RuntimeError("the playground did not answer")


def sign_in(server: Playground, username: str, scopes: str = SCOPES) -> str:
    app = register(server, scopes)
    verifier, challenge = pkce()
    address = consent(server, app, username, scopes, challenge)
    code = parse_qs(urlsplit(address).query)["code"][0]
    answer = exchange(server, app, code, verifier)
    answer.raise_for_status()
    token: str = answer.json()["access_token"]
    return token


def register(server: Playground, scopes: str = SCOPES, **more: Any) -> dict[str, Any]:
    wanted = {"client_name": "Tests", "redirect_uris": REDIRECT_URI, "scopes": scopes} | more
    answer = server.post("/api/v1/apps", **wanted)
    answer.raise_for_status()
    app: dict[str, Any] = answer.json()
    return app


def pkce() -> tuple[str, str]:
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorize_params(app: dict[str, Any], scopes: str, challenge: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": REDIRECT_URI,
        "scope": scopes,
        "state": "kept",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def consent(
    server: Playground,
    app: dict[str, Any],
    username: str,
    scopes: str,
    challenge: str,
    decision: str = "authorize",
) -> str:
    """Walk through sign-in and consent as a browser would; gives the address it is sent back to."""
    browser = requests.Session()
    params = authorize_params(app, scopes, challenge)
    page = browser.get(f"{server.base_url}/oauth/authorize", params=params, timeout=10)
    form = fields(page.text) | {"person": username}
    page = browser.post(f"{server.base_url}/sign-in", data=form, timeout=10)
    form = fields(page.text) | {"decision": decision}
    answer = browser.post(
        f"{server.base_url}/oauth/authorize", data=form, timeout=10, allow_redirects=False
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    form = page[page.rindex("<form") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value.replace("&amp;", "&") for name, value in found}


def exchange(
    server: Playground, app: dict[str, Any], code: str, verifier: str, /, **more: str
) -> requests.Response:
    wanted = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": REDIRECT_URI,
        "code": code,
        "code_verifier": verifier,
    }
    return server.post("/oauth/token", **(wanted | more))


@pytest.fixture(scope="session")
def playground_process() -> Iterator[Playground]:
    with tempfile.TemporaryDirectory() as folder:
        server = start_playground(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def playground(playground_process: Playground) -> Playground:
    playground_process.trouble(mode="", forget_limits=True, now=START.isoformat())
    return playground_process
