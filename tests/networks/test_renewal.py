"""Access tokens that end: renewed before use, once, and by one process at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from networks.connectors.base import Credentials, Transient
from networks.crypto import seal
from networks.models import InstanceApp, LinkedAccount
from networks.services import poll_account
from networks.services.renewal import renewed
from networks.services.vault import credentials_of, place_of_secret, seal_credentials
from tests.factories import make_account
from tests.networks.scripted import identity, story

HOUR = timedelta(hours=1)


@pytest.fixture
def ending(now):
    """Credentials whose access token ends in an hour."""
    return Credentials(
        "first", "read", refresh_token="refresh-0", expires_at=now + HOUR, extra={"key": "k"}
    )


@pytest.fixture
def server(server, now):
    server.who = identity("ada", "17", now)
    server.pages = story(server.who, now)
    return server


@pytest.fixture
def account(ada, server, ending, now) -> LinkedAccount:
    app = InstanceApp(platform="mastodon", host="known.example", client_id="c", registered_at=now)
    app.client_secret = seal("secret", place=place_of_secret(app))
    app.save()
    account = make_account(ada, now, remote_id="17", app=app, first_read_done_at=None)
    account.credentials = seal_credentials(account, ending)
    account.save()
    return account


def stored(account: LinkedAccount) -> Credentials:
    account.refresh_from_db()
    return credentials_of(account)


def test_a_token_that_has_not_ended_is_used_as_it_is(account, server, ending, now):
    poll_account(account.pk, now)
    assert server.read_with == ["first"]
    assert stored(account) == ending


def test_a_token_that_ends_soon_is_renewed_before_it_is_used(account, server, now):
    later = now + HOUR - timedelta(minutes=1)
    assert poll_account(account.pk, later).outcome == "good"
    assert server.read_with == ["renewed-1"]
    assert stored(account).refresh_token == "refresh-1"
    assert stored(account).extra == {"key": "k"}


def test_a_token_refused_in_the_middle_is_renewed_and_reading_goes_on(account, server, now):
    server.refused = {"first"}
    assert poll_account(account.pk, now).outcome == "good"
    assert server.read_with == ["first", "renewed-1"]


def test_a_refresh_token_that_is_used_up_needs_consent_and_loses_nothing(account, server, now):
    server.used_up = ["refresh-0"]
    later = now + 2 * HOUR
    assert poll_account(account.pk, later).problem == "access_revoked"
    account.refresh_from_db()
    assert account.state == LinkedAccount.State.NEEDS_CONSENT


def test_a_platform_that_is_down_while_renewing_is_asked_again_later(account, server, ending, now):
    server.fails["refresh"] = Transient("down", code="server_error")
    assert poll_account(account.pk, now + 2 * HOUR).problem == "server_error"
    assert stored(account) == ending
    assert account.state == LinkedAccount.State.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_of_two_renewals_at_once_one_asks_and_both_get_the_same(account, server, ending, now):
    def renew(_: int) -> Credentials:
        try:
            return renewed(account.pk, ending, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(renew, range(8)))
    assert {one.access_token for one in found} == {"renewed-1"}
    assert server.used_up == ["refresh-0"]
