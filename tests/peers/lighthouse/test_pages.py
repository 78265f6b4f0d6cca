"""Lighthouse finds nothing to better in accessibility and best practices of the main pages.

It drives Debian's Chromium against the site on this machine and asks nobody else. Of its
categories the two that do not depend on how busy this machine is are asserted.
"""

import json
import os
import subprocess
from typing import Any

import pytest
from django.utils import timezone

from tests import lives
from tests.browser.conftest import find_chromium
from tests.peers.ready import ROOT, node_of, packages_of
from tests.sharing.conftest import publish
from tests.signing_in import lately_signed_in

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]

NODE = 24
CATEGORIES = ("accessibility", "best-practices")
PAGES = {"landing": "/", "dashboard": "/dashboard/", "give": "/k/give/", "profile": "/@ada/"}


def judge(address: str, cookie: str) -> dict[str, Any]:
    """The report of one page."""
    command = [node_of(NODE), packages_of("lighthouse") / "node_modules/lighthouse/cli/index.js"]
    options = {
        "output": "json",
        "only-categories": ",".join(CATEGORIES),
        "chrome-flags": "--headless=new --no-sandbox",
        "extra-headers": json.dumps({"Cookie": cookie}),
        "no-enable-error-reporting": "true",
        "quiet": "true",
    }
    said = subprocess.run(
        [*command, address, *(f"--{name}={value}" for name, value in options.items())],
        cwd=ROOT,
        env=os.environ | {"CHROME_PATH": find_chromium()},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert said.returncode == 0, said.stderr
    report: dict[str, Any] = json.loads(said.stdout)
    return report


def lost(report: dict[str, Any]) -> list[str]:
    """What of each category cost points, with the places on the page."""
    return [
        f"{category}: {audit['title']}: {audit.get('details', {}).get('items')}"
        for category in CATEGORIES
        for one in report["categories"][category]["auditRefs"]
        for audit in [report["audits"][one["id"]]]
        if one["weight"] and audit["score"] is not None and audit["score"] < 1
    ]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_lost(page, live, settings, ada, grace, mallory) -> None:
    now = timezone.now()
    lives.full_life(ada, grace, mallory, now)
    ada.linked_accounts.update(on_profile=True)
    publish(ada, now)
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={lately_signed_in(ada).cookies[name].value}"

    report = judge(f"{live}{PAGES[page]}", "" if page in ("landing", "profile") else cookie)

    assert report["finalDisplayedUrl"] == f"{live}{PAGES[page]}"
    assert lost(report) == []
    scores = {category: report["categories"][category]["score"] for category in CATEGORIES}
    assert scores == dict.fromkeys(CATEGORIES, 1)
