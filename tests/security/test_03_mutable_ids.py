"""Threat 3: somebody takes over a name that was let go, and with it what belongs to its owner.

Figure: whoever renames themselves keeps what is theirs, and whoever takes the free name gets
nothing of it. Here over the whole walk, at a server that renames; while reading, in
tests/networks/test_polling.py; that each platform is known by what it never gives out again (a
DID, a number) in the contract of tests/connectors/.
"""

import pytest
from django.test import Client

from accounts.models import Member
from networks.models import LinkedAccount
from networks.services import poll_account
from tests.connectors.fake_mastodon import FakeMastodon
from tests.security.consent_walks import Walk
from tests.security.proofs import stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(now, settings, monkeypatch):
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **_options: None)
    server = FakeMastodon(now)
    settings.DEVELOPMENT_HOSTS = [server.host]
    yield server
    server.close()


def links(member: Member, server: FakeMastodon, remote_id: str, name: str) -> LinkedAccount:
    """The member walks to the consent page as this account there, and comes back."""
    server.world.me |= {"id": remote_id, "username": name, "acct": name}
    browser = Client()
    browser.force_login(member)
    Walk(browser, server).back()
    return LinkedAccount.objects.get(host=server.host, remote_id=remote_id)


def test_a_name_that_changed_hands_changes_no_owner(server, ada, mallory):
    hers = links(ada, server, "1", "ada")
    renamed = links(ada, server, "1", "lovelace")
    assert (renamed.pk, renamed.member, renamed.handle[:9]) == (hers.pk, ada, "@lovelace")
    taken = links(mallory, server, "2", "ada")
    assert (taken.member, taken.pk == hers.pk) == (mallory, False)
    hers.refresh_from_db()
    assert (hers.member, hers.handle[:9]) == (ada, "@lovelace")
    assert taken.person_hash != hers.person_hash


def test_a_token_that_speaks_for_another_account_now_stores_nothing(server, ada, now):
    hers = links(ada, server, "1", "ada")
    server.world.write(1, "of somebody else")
    server.world.me |= {"id": "2"}
    assert poll_account(hers.pk, now).outcome == "failed"
    assert not hers.posts.exists()


def test_the_key_is_the_number_and_never_the_name():
    (unique,) = [
        one
        for one in LinkedAccount._meta.constraints
        if one.name == "one_member_per_remote_account"
    ]
    assert unique.fields == ("platform", "host", "remote_id")
    stands(
        "tests/networks/test_polling.py",
        "test_a_rename_takes_over_the_new_handle_and_keeps_the_owner",
        "test_an_answer_for_another_account_is_not_stored",
    )
    stands(
        "tests/networks/test_linking.py",
        "test_who_renamed_themselves_stays_the_owner_and_a_reused_handle_is_another_account",
    )
