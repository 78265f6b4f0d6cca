"""What a member takes along, and what is left when they go."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from networks.connectors.base import Credentials
from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction, Reading
from networks.personal_data import provider
from networks.services.vault import seal_credentials
from tests.factories import make_account, make_outreach, make_reaction, make_reading

NOTHING = {
    "linked_accounts": [],
    "consents": [],
    "sonobuoy": {"rests": [], "mail": None},
    "topics": [],
}


@pytest.fixture
def account(ada, now, server) -> LinkedAccount:
    account = make_account(ada, now, person_hash=11)
    account.credentials = seal_credentials(account, Credentials("canary-token"))
    account.save()
    make_reading(account, now)
    make_outreach(account, now, target_handle="@grace@known.example")
    make_reaction(account, now, kind="reply", responder_hash=987654321)
    make_reaction(account, now, kind="reply", responder_hash=987654321)
    Post.objects.create(account=account, remote_id="1", excerpt="Hello", posted_at=now)
    Poll.objects.create(account=account, started_at=now)
    return account


def test_an_export_holds_the_members_own_and_counts_of_reactions(ada, account):
    data = json.loads(json.dumps(provider.export(ada), cls=DjangoJSONEncoder))
    (told,) = data["linked_accounts"]
    assert told["handle"] == account.handle
    assert told["posts"][0]["excerpt"] == "Hello"
    assert told["outreach"][0]["target_handle"] == "@grace@known.example"
    assert told["readings"][0]["followers"] == 100
    assert len(told["polls"]) == 1
    assert told["reactions_received"] == {"reply": 2}


def test_an_export_holds_no_secret_and_no_responder(ada, account):
    data = json.dumps(provider.export(ada), cls=DjangoJSONEncoder)
    assert "canary-token" not in data
    assert account.credentials not in data
    assert "987654321" not in data


def test_an_export_of_one_member_holds_nothing_of_another(ada, mallory, account):
    assert provider.export(mallory) == NOTHING


def test_who_leaves_leaves_nothing_here(ada, account, now):
    provider.erase(ada, now)
    for model in (LinkedAccount, Post, Reaction, Outreach, Reading, Poll):
        assert not model.objects.exists()


def test_in_others_data_the_hash_of_who_left_is_another_one_for_each_of_them(
    ada, grace, mallory, account, now
):
    here, there = make_account(grace, now), make_account(grace, now)
    elsewhere = make_account(mallory, now)
    for theirs in (here, here, there, elsewhere):
        make_reaction(theirs, now, responder_hash=11)
    make_reaction(here, now, responder_hash=12)
    provider.erase(ada, now)
    hashes = {
        name: set(
            Reaction.objects.filter(account__member=member)
            .exclude(responder_hash=12)
            .values_list("responder_hash", flat=True)
        )
        for name, member in (("grace", grace), ("mallory", mallory))
    }
    assert 11 not in hashes["grace"] | hashes["mallory"]
    assert len(hashes["grace"]) == len(hashes["mallory"]) == 1, "still one distinct person"
    assert hashes["grace"] != hashes["mallory"]
    assert Reaction.objects.filter(responder_hash=12).count() == 1


def test_erasing_twice_is_erasing_once(ada, account, now):
    provider.erase(ada, now)
    provider.erase(ada, now)
    assert provider.export(ada) == NOTHING
