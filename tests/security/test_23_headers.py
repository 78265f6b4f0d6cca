"""Threat 23: a browser does with our pages what we never wanted.

Figure: no `unsafe` in the policy, `__Host-` cookies, nothing that `check --deploy` has to say,
and MDN's Observatory at A+: its scanner judges pages of a signed-in member's over TLS in `make
test-peers` (tests/peers/observatory/, 135 points), and what it looks at is looked at here as
well. The browser itself is asked in tests/browser/, where every violation of the policy fails the
test that met it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.routes import routes

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "0",
    "BASE_URL": "https://klout.example",
    "SECRET_KEY": "x9" * 10 + "".join(map(chr, range(97, 123))) + "0123456789",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example:587",
    "OPERATOR_NAME": "Grace Oduya",
    "OPERATOR_ADDRESS": "1 Harbour Street, Example",
    "OPERATOR_CONTACT": "grace@example.com",
    "JURISDICTION": "The law of Example; its authority for data protection.",
    "HOSTING": "A machine of hers, in Example.",
}


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_has_nothing_to_say() -> None:
    checked = _manage("check", "--deploy", "--fail-level", "INFO")
    assert checked.returncode == 0, checked.stderr


LOOK = """
import json
from django.conf import settings
from django.test import Client
from django.urls import reverse
browser = Client(headers={"host": "klout.example"})
plain, page = browser.get("/account/login/"), browser.get("/account/login/", secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.headers["Location"]],
    "headers": dict(page.headers),
    "cookies": [cookie.OutputString() for cookie in page.cookies.values()],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_DOMAIN],
    "desk": reverse("admin:index"),
    "mail": settings.EMAIL_HOST,
}))
"""


def test_what_production_settings_come_to() -> None:
    """The Observatory's rules, on a page that sets a cookie; and what else depends on settings."""
    told = _manage("shell", "-v", "0", "-c", LOOK, ADMIN_PATH="the-desk")
    found = json.loads(told.stdout.splitlines()[-1])
    assert found["plain"] == [301, "https://klout.example/account/login/"]
    headers = found["headers"]
    assert headers["Strict-Transport-Security"] == ("max-age=63072000; includeSubDomains; preload")
    assert _policy(headers) == POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert not {"Server", "X-Powered-By"} & set(headers)
    (csrf,) = found["cookies"]
    assert csrf.startswith("__Host-csrf=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in csrf
    assert "Domain" not in csrf
    assert found["session"] == ["__Host-session", True, True, None]
    assert (found["desk"], found["mail"]) == ("/the-desk/", "mail.example")


POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    **dict.fromkeys(
        (
            *("img-src", "style-src", "font-src", "script-src", "connect-src"),
            *("manifest-src", "form-action"),
        ),
        "'self'",
    ),
}


def _policy(headers: Mapping[str, str]) -> dict[str, str]:
    parts = headers["Content-Security-Policy"].split("; ")
    return {name: what for name, _, what in (part.partition(" ") for part in parts)}


@pytest.mark.django_db
def test_every_page_says_so_whoever_asks_and_whatever_went_wrong(client: Client, ada) -> None:
    """Pictures say more: nothing at all may be loaded by them."""
    client.raise_request_exception = False
    for signs_in in (False, True):
        if signs_in:
            client.force_login(ada)
        for route in routes():
            if route.space or "(?P" in route.address:
                continue
            answer = client.get(route.address)
            headers = answer.headers
            assert _policy(headers).items() <= POLICY.items() | {("sandbox", "")}, route.name
            assert headers["X-Content-Type-Options"] == "nosniff", route.name
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", route.name
            assert "camera=()" in headers["Permissions-Policy"], route.name
            for close in answer._resource_closers:
                close()


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/login/", {"login": "a@example.com"}).status_code == 403


def _templates_of_allauth() -> Iterator[str]:
    """The template of every view of allauth that is routed."""
    for pattern in _patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "view_class", None)
        if view and view.__module__.startswith("allauth.") and getattr(view, "template_name", ""):
            yield view.template_name


def _patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry


def test_every_routed_page_of_allauth_has_a_template_of_ours() -> None:
    names = set(_templates_of_allauth())
    assert len(names) > 20
    strangers = [n for n in names if ROOT not in Path(get_template(n).origin.name).parents]
    assert strangers == []


def test_every_mail_and_message_of_allauth_has_words_of_ours() -> None:
    import allauth

    here = Path(allauth.__file__).parent / "templates"
    not_used = {"login_code", "phone", "password_reset_code"}
    for folder in ("account/email", "account/messages", "mfa/email", "mfa/messages"):
        for path in (here / folder).iterdir():
            if not any(word in path.name for word in not_used):
                assert (ROOT / "templates" / folder / path.name).exists(), path.name
