"""What every answer promises the browser, and that no page of allauth's own is ever shown."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

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


def test_cookies_are_bound_to_host_and_https_in_production() -> None:
    told = _manage(
        "shell",
        "-c",
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.EMAIL_HOST)",
    )
    assert told.stdout.split()[-5:] == [
        "__Host-session",
        "__Host-csrf",
        "True",
        "True",
        "mail.example",
    ]


@pytest.mark.django_db
def test_pages_allow_only_what_is_ours(client: Client) -> None:
    headers = client.get("/account/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy.split("; ")
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


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
