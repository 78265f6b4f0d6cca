"""Credentials at rest, and the hashes that stand for people."""

import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from networks.crypto import SealError, reseal, seal, unseal
from networks.hashing import act_hash, keyed_hash, person_hash

CANARY = "canary-token-7Hq"
HERE = "account-credentials:17"


@pytest.fixture
def keys(settings) -> list[str]:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode() for _ in range(2)]
    return settings.CREDENTIAL_KEYS


def test_what_is_sealed_opens_again(keys):
    assert unseal(seal("ä " + CANARY, place=HERE), place=HERE) == "ä " + CANARY


def test_what_is_sealed_shows_neither_secret_nor_place(keys):
    sealed = seal(CANARY, place=HERE)
    assert CANARY not in sealed
    assert HERE not in sealed


@pytest.mark.parametrize("place", ["account-credentials:18", "account-credentials:1", ""])
def test_what_is_sealed_does_not_open_at_another_place(keys, place):
    sealed = seal(CANARY, place=HERE)
    for attempt in (unseal, reseal):
        with pytest.raises(SealError) as caught:
            attempt(sealed, place=place)
        assert CANARY not in str(caught.value)


@pytest.mark.parametrize("sealed", ["", "nonsense", "gAAAAA==", "ä"])
def test_what_was_never_sealed_does_not_open(keys, sealed):
    with pytest.raises(SealError):
        unseal(sealed, place=HERE)


def test_a_changed_seal_does_not_open(keys):
    sealed = seal(CANARY, place=HERE)
    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    with pytest.raises(SealError):
        unseal(changed, place=HERE)


def test_a_secret_moves_to_the_new_key_and_the_old_one_can_go(keys, settings):
    sealed = seal(CANARY, place=HERE)
    fresh = Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [fresh, *keys]
    assert unseal(sealed, place=HERE) == CANARY
    moved = reseal(sealed, place=HERE)
    settings.CREDENTIAL_KEYS = [fresh]
    assert unseal(moved, place=HERE) == CANARY
    with pytest.raises(SealError):
        unseal(sealed, place=HERE)


@pytest.mark.parametrize("wrong", [[], ["short"]])
def test_keys_that_are_none_are_said_to_be_so(settings, wrong):
    settings.CREDENTIAL_KEYS = wrong
    with pytest.raises(SealError, match="CREDENTIAL_KEYS"):
        seal("x", place=HERE)


def test_a_place_with_a_nul_is_refused(keys):
    with pytest.raises(ValueError, match="NUL"):
        seal("x", place="a\x00b")


def test_a_hash_is_a_signed_64_bit_number_and_stays_the_same():
    assert keyed_hash("mastodon", "ada@known.example", key="k") == 3193369591639220863
    assert all(-(2**63) <= keyed_hash(str(n), key="k") < 2**63 for n in range(1000))


def test_parts_do_not_run_together():
    assert keyed_hash("ab", "c", key="k") != keyed_hash("a", "bc", key="k")
    assert keyed_hash("a", key="k") != keyed_hash("a", "", key="k")


def test_another_key_gives_other_hashes(settings):
    settings.RESPONDER_KEY = "one"
    one = person_hash("mastodon", "ada@known.example")
    settings.RESPONDER_KEY = "two"
    assert person_hash("mastodon", "ada@known.example") != one


def test_a_person_and_an_act_of_the_same_name_differ():
    assert person_hash("mastodon", "x") != act_hash("mastodon", "x")
    assert person_hash("mastodon", "x") != person_hash("bluesky", "x")


def test_a_long_key_is_taken_whole():
    assert keyed_hash("x", key="k" * 100) != keyed_hash("x", key="k" * 101)


def test_hashes_are_the_same_in_another_process():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from networks.hashing import keyed_hash as k; print(k('a', key='k'))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(said.stdout) == keyed_hash("a", key="k")


def test_without_a_key_there_are_no_hashes(settings):
    settings.RESPONDER_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="RESPONDER_KEY"):
        person_hash("mastodon", "x")
