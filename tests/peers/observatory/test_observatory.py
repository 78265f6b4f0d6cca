"""MDN's HTTP Observatory judges a real page of a member's over TLS, in production settings."""

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import trustme
from django.conf import settings
from django.test import Client

from tests.free_ports import two_free_ports
from tests.peers.ready import ROOT, node_of, packages_of
from tests.security.test_23_headers import PRODUCTION

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]

STARTS_WITHIN_SECONDS = 60
BEST = 135


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """The certificate of an authority, and one of localhost beside it."""
    authority, here = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(here)
    certificate = authority.issue_cert("localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "localhost.pem")
    return here


@pytest.fixture
def site(ada, authority: Path, tmp_path: Path) -> Iterator[str]:
    """host:port of the product, for ada's browser."""
    browser, port = Client(), two_free_ports()
    browser.force_login(ada)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    place = f"localhost:{port}"
    pem = str(authority.with_name("localhost.pem"))
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"),
            *("--certfile", pem, "--keyfile", pem, "tests.peers.observatory.signed_in"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            **PRODUCTION,
            "BASE_URL": f"https://{place}",
            "SECRET_KEY": settings.SECRET_KEY,
            "COOKIE": f"__Host-session={session}",
            "DATABASE_URL": _address_of_the_database(),
            "STATIC_ROOT": str(tmp_path / "static"),
        },
    )
    try:
        assert "Ada Lind" in _page(f"https://{place}/settings/", authority)
        yield place
    finally:
        server.terminate()
        server.wait(30)


def _address_of_the_database() -> str:
    name = settings.DATABASES["default"]["NAME"]
    head, _, tail = os.environ["DATABASE_URL"].rpartition("/")
    return f"{head}/{name}?{tail.partition('?')[2]}".rstrip("?")


def _page(address: str, authority: Path) -> str:
    """What is there, as soon as the site answers."""
    trusts = ssl.create_default_context(cafile=str(authority))
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            with urlopen(address, context=trusts, timeout=20) as answer:
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < until, "the site did not start"
            time.sleep(0.2)


def _scan(page: str, authority: Path) -> dict:
    folder = packages_of("observatory")
    # It judges by the list of sites that browsers know by heart; ours is not on it.
    preloaded = folder / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
    preloaded.write_text("{}")
    said = subprocess.run(
        [node_of(22), folder / "scan.mjs", page],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(authority)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(said.stdout)


def test_pages_of_a_members_get_the_best_grade(site: str, authority: Path) -> None:
    for path in ("/settings/", "/dashboard/", "/how/"):
        judged = _scan(f"{site}{path}", authority)
        assert [name for name, test in judged["tests"].items() if not test["pass"]] == [], path
        assert (judged["grade"], judged["score"] >= BEST) == ("A+", True), (path, judged["score"])
