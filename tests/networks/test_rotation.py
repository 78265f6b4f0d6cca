"""New keys for what is encrypted, without anybody noticing."""

import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from networks.connectors.base import Credentials
from networks.consent_models import Revocation
from networks.crypto import SealError
from networks.management.commands.rotate_credentials import Command
from networks.models import InstanceApp, LinkAttempt, LinkedAccount
from networks.services import revocations, start_link
from networks.services.vault import (
    credentials_of,
    open_at,
    place_of_credentials,
    registration_of,
    seal_credentials,
)
from tests.factories import make_account

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def account(ada, now, server, settings) -> LinkedAccount:
    settings.CREDENTIAL_KEYS = [OLD]
    start_link(ada, "session", "mastodon", "known.example", True, now)
    account = make_account(ada, now)
    account.credentials = seal_credentials(account, Credentials("a-token", expires_at=now))
    account.save()
    return account


def rotate() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("rotate_credentials", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_after_a_rotation_the_old_key_is_not_needed(account, settings, now):
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert credentials_of(account).access_token == "a-token", "no downtime before it"
    assert rotate()[1] == ""
    settings.CREDENTIAL_KEYS = [NEW]
    account.refresh_from_db()
    assert credentials_of(account) == Credentials("a-token", expires_at=now)
    assert registration_of(InstanceApp.objects.get()).client_secret == "secret-of-client-1"
    assert LinkAttempt.objects.get().kept != ""


def test_what_no_key_opens_is_left_and_counted(account, settings):
    settings.CREDENTIAL_KEYS = [NEW]
    before = account.credentials
    assert rotate()[1].startswith("3 could not be opened with any key")
    account.refresh_from_db()
    assert account.credentials == before


def test_a_consent_given_during_the_rotation_wins(account, settings):
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    stale = LinkedAccount.objects.get(pk=account.pk)
    account.credentials = seal_credentials(account, Credentials("a newer token"))
    account.save()
    assert Command().rotate_rows([stale], "credentials", place_of_credentials) == (0, 0)
    account.refresh_from_db()
    assert credentials_of(account).access_token == "a newer token"


def test_credentials_moved_to_another_account_do_not_open_there(account, ada, now):
    other = make_account(ada, now, credentials=account.credentials)
    with pytest.raises(SealError):
        credentials_of(other)


def test_no_row_in_the_database_holds_a_token_in_the_clear(account):
    for model in (LinkedAccount, InstanceApp, LinkAttempt):
        for row in model.objects.values():
            assert "a-token" not in repr(row)
            assert "secret-of-client" not in repr(row)


def test_a_token_that_waits_to_be_revoked_is_rotated_too(account, now, settings):
    account.app = InstanceApp.objects.get()
    revocations.ask_for(account, now)
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    rotate()
    settings.CREDENTIAL_KEYS = [NEW]
    waiting = Revocation.objects.get()
    assert open_at(waiting.place, waiting.credentials).access_token == "a-token"


def test_second_factors_open_after_the_old_key_is_gone(ada, settings):
    settings.CREDENTIAL_KEYS = [OLD]
    secret = generate_totp_secret()
    app, codes = TOTP.activate(ada, secret), RecoveryCodes.activate(ada)
    told = codes.get_unused_codes()
    passkey = Authenticator.objects.create(user=ada, type="webauthn", data={"name": "key"})
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert rotate()[0].startswith("second factors: 2 under the first key.")
    settings.CREDENTIAL_KEYS = [NEW]
    for authenticator in (app.instance, codes.instance, passkey):
        authenticator.refresh_from_db()
    assert TOTP(app.instance).validate_code(code_of_now(secret))
    assert RecoveryCodes(codes.instance).get_unused_codes() == told
    assert passkey.data == {"name": "key"}


def code_of_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_that_no_key_opens_is_left_and_counted(ada, settings):
    settings.CREDENTIAL_KEYS = [OLD]
    TOTP.activate(ada, generate_totp_secret())
    before = Authenticator.objects.get().data
    settings.CREDENTIAL_KEYS = [NEW]
    assert rotate()[1].startswith("1 second factors could not be opened")
    assert Authenticator.objects.get().data == before


@pytest.mark.django_db(transaction=True)
def test_everything_opens_all_the_time_while_many_rows_are_rotated(ada, now, settings):
    """ROTATED_ROWS=100000 makes it the long run, of two minutes."""
    count = int(os.environ.get("ROTATED_ROWS", "5000"))
    settings.CREDENTIAL_KEYS = [OLD]
    rows = [
        LinkedAccount(
            member=ada,
            platform="mastodon",
            host="known.example",
            served_by="known.example",
            remote_id=str(number),
            person_hash=number,
            findable=False,
            linked_at=now,
        )
        for number in range(count)
    ]
    for row in rows:
        row.credentials = seal_credentials(row, Credentials(f"token-{row.remote_id}"))
    LinkedAccount.objects.bulk_create(rows, batch_size=5000)
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    opened, is_over = [], threading.Event()

    def keep_opening() -> None:
        try:
            for number in itertools.cycle(range(0, count, 97)):
                row = LinkedAccount.objects.get(remote_id=str(number))
                assert credentials_of(row).access_token == f"token-{number}"
                opened.append(number)
                if is_over.is_set():
                    return
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(keep_opening)
        said = rotate()
        is_over.set()
        reading.result(30)
    assert said == (
        "second factors: 0 under the first key.\n"
        f"linked accounts: {count} under the first key.\n"
        "instance apps: 0 under the first key.\nlink attempts: 0 under the first key.\n"
        "revocations: 0 under the first key.\nwebhooks: 0 under the first key.\n"
        "webhooks: 0 under the first key.\n",
        "",
    )
    settings.CREDENTIAL_KEYS = [NEW]
    assert opened
    for row in LinkedAccount.objects.iterator():
        assert credentials_of(row).access_token == f"token-{row.remote_id}"
