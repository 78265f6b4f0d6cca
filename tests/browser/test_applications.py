"""A member lets an application in, in a real browser; the application speaks through a library."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.utils import timezone
from oauthlib.oauth2 import InvalidGrantError
from playwright.sync_api import Page, expect

from accounts.applications import grants, services
from accounts.applications.models import Grant
from accounts.models import Member
from accounts.webhooks.models import WebhookMessage
from klout.webhooks import services as webhooks
from tests.browser.steps import give_password, prove_it

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(django_settings.BASE_DIR) / "docs/api/oauth.md"


def of_the_docs() -> dict[str, Any]:
    """`begin`, `finish` and `renew`, as the page prints them."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


@pytest.fixture
def their_site() -> Iterator[tuple[str, list[str]]]:
    """Where members come back to, and the addresses by which they did."""
    came: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/back"):
                came.append(f"http://{self.headers['Host']}{self.path}")
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Tide Table</title><h1>Welcome back</h1>")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/back", came
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_life_of_a_grant(
    page: Page,
    live: str,
    in_order: Callable[[Page, str], None],
    ada: Member,
    mallory: Member,
    their_site: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    # The page sets it; here it goes again.
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "")
    redirect_uri, came = their_site
    described = services.Described("Tide Table", "https://app.example/", [redirect_uri])
    made, secret = services.register(mallory, described, timezone.now(), is_confidential=True)
    docs = of_the_docs()
    session, address = docs["begin"](live, made.client_id, redirect_uri)
    page.goto(address)
    give_password(page, "ada@example.com", "correct horse 1")
    prove_it(page, "correct horse 1")
    expect(page.get_by_role("heading", level=1)).to_have_text("May Tide Table act for you?")
    in_order(page, "consent")
    page.get_by_label(re.compile("Read your K")).uncheck()
    page.get_by_role("button", name="Allow what is ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    tokens = docs["finish"](live, session, came[0], secret)
    assert tokens["scope"] == ["score:read"]
    renewed = docs["renew"](live, session, made.client_id, secret)
    assert grants.opened_by(renewed["access_token"], timezone.now())

    page.goto("/settings/applications/")
    in_order(page, "applications")
    page.get_by_role("button", name="Let Tide Table act no more").click()
    expect(page.get_by_text("can do nothing in your name any more")).to_be_visible()
    with pytest.raises(InvalidGrantError):
        docs["renew"](live, session, made.client_id, secret)
    assert Grant.objects.get().end == Grant.End.MEMBER


def test_nothing_is_wrong_with_the_pages(
    page: Page,
    in_order: Callable[[Page, str], None],
    ada: Member,
    settings: Any,
) -> None:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    now = timezone.now()
    uris = ["https://app.example/back", "http://127.0.0.1/back"]
    described = services.Described("Tide Table", "https://app.example/", uris)
    made, _ = services.register(ada, described, now, is_confidential=True)
    hook, _ = webhooks.add(ada, "https://hooks.example/klout", ["score.new", "k.received"], now)
    for state, status in (("waiting", 503), ("accepted", 204), ("given_up", None)):
        WebhookMessage.objects.create(
            webhook=hook,
            happening="k.received",
            about=state,
            data={},
            happened_at=now,
            state=state,
            due_at=now if state == "waiting" else None,
            tries=2,
            first_tried_at=now,
            status=status,
            problem="" if status else "refused_address",
        )
    page.goto("/account/login/?next=/settings/applications/new/")
    give_password(page, "ada@example.com", "correct horse 1")
    paths = {
        "application-new": "/settings/applications/new/",
        "application": f"/settings/applications/{made.client_id}/",
        "application-wrong": "/oauth/authorize/?client_id=nobody",
        "webhooks": "/settings/webhooks/",
        "webhook-new": "/settings/webhooks/new/",
        "webhook": f"/settings/webhooks/{hook.pk}/",
    }
    for name, path in paths.items():
        page.goto(path)
        prove_it(page, "correct horse 1")
        in_order(page, f"{name}")
    page.get_by_role("button", name="Make a new secret").click()
    in_order(page, "webhook-secret")
    webhooks.switch_off(hook, hook.Off.FAILING, now)
    page.goto(f"/settings/webhooks/{hook.pk}/")
    in_order(page, "webhook-off")
