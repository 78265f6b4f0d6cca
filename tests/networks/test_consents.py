"""Consent on record, and access that is taken back after somebody left."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client

from accounts.services import erase_member, export_member
from networks import consents
from networks.connectors.base import Transient
from networks.consent_models import Consent, Revocation
from networks.forms import LinkForm
from networks.models import LinkedAccount
from networks.registry import PLATFORMS
from networks.services import revocations, set_findable, unlink
from tests.networks.test_linking import (
    begin,
    finish,
    server,  # noqa: F401
)

# What each version said, as a digest of its English words.
KNOWN = {"2026-11": "a1e7f69b31b8b68f"}


def test_the_words_agreed_to_have_a_version_of_their_own() -> None:
    """Whoever changes what people agree to gives it a new name in `consents.WORDS`."""
    platform = PLATFORMS["mastodon"]
    context = {"platform": platform, "form": LinkForm(platform)}
    parts = ("networks/_permissions.html", "networks/_findable.html")
    pages = "".join(render_to_string(part, context) for part in parts)
    words = " ".join(re.sub(r"<[^>]+>", " ", pages).split())
    assert KNOWN[consents.WORDS] == hashlib.sha256(words.encode()).hexdigest()[:16]


@pytest.fixture
def linked(ada, server, now) -> LinkedAccount:  # noqa: F811
    return finish(ada, begin(ada, now), now)


def test_linking_records_when_to_what_and_for_which_scopes(linked, ada, now):
    (consent,) = consents.consents_of(ada)
    assert (consent.given_at, consent.words, consent.scopes) == (now, consents.WORDS, "read")
    assert (consent.handle, consent.findable) == (linked.handle, linked.findable)
    assert consent.ended_at is None
    assert ada.audit_entries.get().event == "network_linked"


def test_consent_given_anew_stands_beside_the_old_one(linked, ada, now):
    later = now + timedelta(days=1)
    finish(ada, begin(ada, later), later)
    new, old = consents.consents_of(ada)
    assert (old.ended_at, old.ended_by) == (later, "renewed")
    assert new.ended_at is None
    assert ada.audit_entries.latest("id").event == "network_renewed"


def test_unlinking_withdraws_it_and_it_stays_on_record(linked, ada, now):
    unlink(linked, now)
    (consent,) = consents.consents_of(ada)
    assert (consent.ended_by, consent.account) == ("withdrawn", None)
    assert ada.audit_entries.latest("id").event == "network_unlinked"
    assert export_member(ada, now)["networks"]["consents"][0]["ended_by"] == "withdrawn"


def test_being_found_is_in_the_trail(linked, ada, now):
    set_findable(linked, False, now)
    assert ada.audit_entries.latest("id").event == "not_findable"


def test_the_networks_page_shows_it(linked, ada, client: Client):
    client.force_login(ada)
    page = client.get("/networks/").content.decode()
    assert "You agreed on 2 November 2026" in page


def test_the_database_keeps_one_consent_in_force(linked, ada, now):
    same = {"member": ada, "account": linked, "platform": "mastodon", "handle": "@a@b"}
    same |= {"words": "1", "findable": True, "given_at": now}
    for fields, name in (
        ({}, "one_consent_in_force"),
        ({"ended_at": now}, "consent_ended_by_something"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Consent.objects.create(**(same | fields))


# --- Access of somebody who left --------------------------------------------------------------


def test_an_erasure_waits_for_no_server(linked, ada, server, now):  # noqa: F811
    server.fails["revoke"] = Transient(code="unreachable")
    erase_member(ada, now)
    assert not LinkedAccount.objects.exists()
    assert Revocation.objects.count() == 1
    assert revocations.revoke_due(now) == 0
    del server.fails["revoke"]
    assert revocations.revoke_due(now) == 0, "it waits before it asks again"
    assert revocations.revoke_due(now + timedelta(minutes=5)) == 1
    assert len(server.revoked) == 1
    assert not Revocation.objects.exists()


def test_after_a_day_the_token_is_forgotten_in_any_case(linked, ada, server, now):  # noqa: F811
    server.fails["revoke"] = Transient(code="unreachable")
    erase_member(ada, now)
    revocations.revoke_due(now + revocations.TRIED_FOR)
    assert not Revocation.objects.exists()


def test_what_waits_names_nobody(linked, ada, server, now):  # noqa: F811
    handle, remote_id = linked.handle, linked.remote_id
    erase_member(ada, now)
    written = str(Revocation.objects.values().get())
    assert handle not in written
    assert f"'{remote_id}'" not in written


def test_linked_anew_the_token_is_left_alone(linked, ada, grace, server, now):  # noqa: F811
    erase_member(ada, now)
    finish(grace, begin(grace, now), now)
    assert revocations.revoke_due(now) == 0
    assert server.revoked == []
