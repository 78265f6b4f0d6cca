"""What a browser fetches for the first view of the dashboard, as it comes over the wire."""

import gzip
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests import lives

ALL_WITHOUT_FONTS = 60_000
ALL_FONTS = 160_000


@pytest.fixture
def collected(db, tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.DEBUG = False
    call_command("collectstatic", interactive=False, verbosity=0)


def fetched(client, path):
    """The bytes of an answer as they are sent, and its text."""
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    sent = answer.getvalue()
    assert answer.status_code == 200
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(sent), gzip.decompress(sent) if is_packed else sent, answer


def linked_from(html):
    found = re.findall(r'<link[^>]* href="([^"]+)"|<script[^>]* src="([^"]+)"', html)
    paths = {first or second for first, second in found}
    return {path for path in paths if path.startswith("/static/")}


def test_the_first_view_of_the_dashboard_is_light(collected, ada, grace, mallory):
    lives.full_life(ada, grace, mallory, timezone.now())
    client = Client()
    client.force_login(ada)

    size, html, _ = fetched(client, "/dashboard/")
    parts = {path: fetched(client, path) for path in linked_from(html.decode())}
    fonts = {path for path in parts if path.endswith(".woff2")}
    for path, (_, sheet, _) in parts.items():
        if path.endswith(".css"):
            names = re.findall(r"fonts/([^\"')]+)", sheet.decode())
            fonts |= {f"/static/fonts/{name}" for name in names}

    others = sum(part[0] for path, part in parts.items() if path not in fonts)
    assert size + others < ALL_WITHOUT_FONTS, (size, others)
    loaded = [fetched(client, path) for path in fonts]
    assert loaded
    assert sum(part[0] for part in loaded) < ALL_FONTS
    for _, _, answer in loaded:
        assert "immutable" in answer["Cache-Control"]
