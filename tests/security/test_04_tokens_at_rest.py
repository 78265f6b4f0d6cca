"""Threat 4: tokens and other secrets are read where they are kept or written down.

Figure: 0 in a dump, the logs, error pages, the operator's pages and an export; a ciphertext that
was moved does not open. Every secret of one member's life is planted: what a server gave, what
she typed, what we made, and what programs hold (planted_programs.py). Rotation of 100,000 rows
without a pause is in tests/networks/test_rotation.py (ROTATED_ROWS), single ciphertexts in
tests/networks/edge/test_secrets.py, those of second factors in
tests/accounts/test_second_factor.py, and the words by which logs know a secret in
tests/embedded/test_logs.py.

Sessions are no part of it: their keys are in the database as they are, so a backup goes without
their rows (test_21_a_restore_brings_nobody_back.py).
"""

import base64
import io
import logging
import os
import subprocess
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.exports import making
from accounts.exports import services as exports
from accounts.models import Member
from klout.embedded.binaries import postgres_folder
from networks.connectors.base import Credentials
from networks.crypto import SealError
from networks.models import InstanceApp, LinkAttempt, LinkedAccount
from networks.services import poll_account, start_link, unlink, vault
from tests.accounts.conftest import prove_it, sign_in
from tests.connectors import fake_mastodon
from tests.connectors.fake_mastodon import FakeMastodon
from tests.factories import make_account
from tests.operators.test_nothing_is_edited import everywhere
from tests.security.consent_walks import Walk
from tests.security.planted_programs import PlantedPrograms

MARK = "canary7Hq"
PASSWORD = f"{MARK} and a horse"


class Planted:
    """Ada's secrets, and the browser in which she used them all."""

    def __init__(self, server: FakeMastodon, member: Member) -> None:
        self.server, self.member = server, member
        self.browser = Client(raise_request_exception=False)
        sign_in(self.browser, member.email, PASSWORD)
        prove_it(self.browser, PASSWORD)
        self.programs = PlantedPrograms(member, self.browser, f"http://{server.host}/told")
        self.walk = Walk(self.browser, server)
        self.walk.back()
        self.account = LinkedAccount.objects.get()
        self.key = api_keys.make_key(member, "a program", ["look_up"], timezone.now())
        self.totp = generate_totp_secret()
        TOTP.activate(member, self.totp)
        self.codes = RecoveryCodes.activate(member).get_unused_codes()

    @property
    def canaries(self) -> list[str]:
        verifier = next(
            form["code_verifier"][0] for _, form in self.server.posted if "code" in form
        )
        hers = (MARK, self.walk.state, verifier, self.key, self.totp)
        return [*hers, *self.codes, *self.programs.canaries]

    def found_in(self, text: str | bytes) -> list[str]:
        body = text.encode() if isinstance(text, str) else text
        return [one for one in self.canaries if any(form in body for form in written(one))]


def written(secret: str) -> Iterator[bytes]:
    """The secret as it is, quoted, in hexadecimal digits, and in base64 at each of its offsets."""
    raw = secret.encode()
    yield from (raw, quote(secret).encode(), raw.hex().encode(), raw.hex().upper().encode())
    for before in range(3):
        packed = base64.b64encode(b"x" * before + raw)
        # The first and the last letters depend on what stands beside the secret.
        yield packed[4 if before else 0 : len(packed) // 4 * 4 - 4]


@pytest.fixture
def planted(ada, now, settings, monkeypatch, tmp_path) -> Iterator[Planted]:
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **_options: None)
    # Everything that the server makes up is a canary, but for the names of applications.
    names = iter(range(10_000))
    made_up = SimpleNamespace(
        token_urlsafe=lambda _n: f"{MARK}-{next(names)}",
        token_hex=lambda _n: f"{MARK if (number := next(names)) % 2 else 'name'}{number}",
    )
    monkeypatch.setattr(fake_mastodon, "secrets", made_up)
    ada.set_password(PASSWORD)
    ada.save()
    settings.EXPORT_DIR = tmp_path
    server = FakeMastodon(now)
    settings.DEVELOPMENT_HOSTS = [server.host]
    server.world.write(1)
    yield Planted(server, ada)
    server.close()


def test_a_secret_is_found_however_it_is_written() -> None:
    for before in (b"", b"a", b"ab", b"abc"):
        whole = base64.b64encode(before + MARK.encode() + b"-17")
        assert any(form in whole for form in written(MARK)), before


@pytest.mark.django_db(transaction=True)
def test_no_secret_is_in_a_dump_of_the_database(planted: Planted) -> None:
    poll_account(planted.account.pk, timezone.now())
    Walk(planted.browser, planted.server)  # one that waits for its answer
    dump = dump_of_the_database()
    assert b"COPY public.networks_linkedaccount" in dump
    assert b"ada@example.com" in dump
    assert planted.programs.app.application.client_id.encode() in dump
    assert not planted.found_in(dump)


def dump_of_the_database() -> bytes:
    said = connection.get_connection_params()
    server = {"PGDATABASE": said["dbname"], "PGHOST": said.get("host"), "PGUSER": said.get("user")}
    server |= {"PGPORT": said.get("port"), "PGPASSWORD": said.get("password")}
    known = {name: str(value) for name, value in server.items() if value}
    return subprocess.run(
        [postgres_folder() / "bin/pg_dump", "--exclude-table-data=django_session"],
        env={**os.environ, **known},
        capture_output=True,
        check=True,
    ).stdout


def break_everything(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Pages and tasks that fail with secrets in their hands; returns what was answered."""
    answers = []
    walk = Walk(planted.browser, planted.server)
    # An error of ours in the middle of linking, in frames that hold code, verifier and token.
    with monkeypatch.context() as patch:
        patch.setattr("networks.connectors.mastodon.connector.parse_identity", _breaks)
        answers.append(walk.back().content)
    # Refusals that a server may dress as it likes.
    said = f'{{"error": "invalid_grant", "error_description": "{walk.code}"}}'.encode()
    headers = {"Content-Type": "application/json"}
    for status in (400, 401, 500):
        planted.server.answers["/oauth/token"] = (status, headers, said)
        again = Walk(planted.browser, planted.server)
        answers.append(again.back().content)
        answers.append(planted.browser.get("/networks/").content)
    del planted.server.answers["/oauth/token"]
    planted.server.answers["/api/v1/notifications"] = (500, headers, said)
    poll_account(planted.account.pk, timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr("networks.services.runs.store_rows", _breaks)
        poll_account(planted.account.pk, timezone.now())
    # Keys and passwords where they do not belong.
    answers.append(planted.browser.get(f"/1/klout.json?users=ada&key={planted.key}").content)
    if not settings.DEBUG:  # which repeats to the visitor the address that they typed
        nowhere = f"/nowhere/?code={walk.code}&state={walk.state}"
        answers.append(planted.browser.get(nowhere).content)
    sign_in(Client(), planted.member.email, f"{PASSWORD}!")
    return answers + planted.programs.break_everything(monkeypatch, _breaks)


def _breaks(*args: object, **_named: object) -> None:
    raise RuntimeError("something of ours is broken")


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True], ids=["in production", "while developing"])
def test_no_secret_is_in_the_logs_or_on_an_error_page(
    planted: Planted, monkeypatch, settings, capsys, caplog, debug: bool
) -> None:
    settings.DEBUG = debug
    caplog.set_level(logging.DEBUG)
    answers = break_everything(planted, monkeypatch)
    unlink(planted.account, timezone.now())
    logs = capsys.readouterr().err
    assert "something of ours is broken" in logs
    assert logs.count("\n") > 5
    assert not planted.found_in(logs)
    assert any(b"something of ours is broken" in answer for answer in answers) is debug
    for answer in answers:
        assert not planted.found_in(answer)


@pytest.mark.django_db
def test_no_secret_is_in_an_export(planted: Planted) -> None:
    now = timezone.now()
    poll_account(planted.account.pk, now)
    export = exports.ask(planted.member, now)
    making.make_due(now)
    export.refresh_from_db()
    body = (settings.EXPORT_DIR / export.file_name).read_bytes()
    parts = zipfile.ZipFile(io.BytesIO(body))
    whole = b"\n".join(parts.read(name) for name in parts.namelist())
    for known in (planted.account.handle, "Tide Table", planted.programs.webhook.url):
        assert known.encode() in whole
    assert not planted.found_in(whole)


@pytest.mark.django_db
def test_no_secret_is_on_a_page_of_the_operators(planted: Planted, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.ADMIN_SECOND_FACTOR = False
    poll_account(planted.account.pk, timezone.now())
    olga = Member.objects.create_user(
        "olga@example.com", "correct horse 9", name="Olga", is_staff=True, is_superuser=True
    )
    browser = Client()
    sign_in(browser, olga.email, "correct horse 9")
    browser.post("/account/reauthenticate/", {"password": "correct horse 9"})
    pages = [browser.get(address) for address in everywhere()]
    assert sum(page.status_code == 200 for page in pages) > 20
    for page in pages:
        assert not planted.found_in(page.content)


# --- Moved --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_ciphertext_opens_nowhere_but_where_it_was_put(ada, grace, server, now) -> None:
    accounts = [make_account(member, now) for member in (ada, grace)]
    for account in accounts:
        account.credentials = vault.seal_credentials(account, Credentials(f"of {account.pk}"))
    hers, theirs = accounts
    start_link(ada, "session", "mastodon", "known.example", True, now)
    app, attempt = InstanceApp.objects.get(), LinkAttempt.objects.get()
    sealed = {
        "credentials": (hers, "credentials", vault.credentials_of),
        "theirs": (theirs, "credentials", vault.credentials_of),
        "secret": (app, "client_secret", vault.registration_of),
        "kept": (attempt, "kept", vault.kept_of),
    }
    texts = {name: getattr(row, field) for name, (row, field, _) in sealed.items()}
    for name, (row, field, opened) in sealed.items():
        assert opened(row)
        for other in set(texts) - {name}:
            setattr(row, field, texts[other])
            with pytest.raises(SealError):
                opened(row)
        setattr(row, field, texts[name])
