"""A public name: plain, of one member, and never inherited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import sharing
from accounts.models import Member
from accounts.public_names import KEPT_BACK, RESERVED, folded, is_plain, name_hash
from accounts.services import erase_member
from accounts.sharing_models import PublicName

DAY = timedelta(days=1)


def name_of(member):
    found = PublicName.objects.filter(member=member, free_at=None)
    return found.values_list("name", flat=True).first()


@given(st.text(max_size=40))
def test_no_two_names_that_may_be_look_alike(text):
    name = folded(text)

    assert not is_plain(name) or (name.isascii() and name == name.lower() and 3 <= len(name) <= 30)


@pytest.mark.parametrize("name", ["ab", "a" * 31, "ada lind", "ädä", "аda", "ada.", "a/b", "", "@"])
def test_what_is_no_plain_name_is_refused_and_nothing_changes(ada, now, name):
    sharing.take_name(ada, "before", now)

    with pytest.raises(sharing.Refused):
        sharing.take_name(ada, name, now)
    assert name_of(ada) == "before"


@pytest.mark.parametrize("name", ["Admin", "support", "KLOUT"])
def test_names_that_speak_for_the_site_are_refused(ada, now, name):
    with pytest.raises(sharing.Refused, match="not free"):
        sharing.take_name(ada, name, now)


def test_every_reserved_name_could_be_asked_for():
    assert all(is_plain(name) or len(name) < 3 for name in RESERVED)


def test_upper_and_lower_case_are_one_name(ada, grace, now):
    assert sharing.take_name(ada, "@Ada_Lind", now) == "ada_lind"

    with pytest.raises(sharing.Refused, match="not free"):
        sharing.take_name(grace, "ADA_lind", now)


def test_a_name_that_was_given_up_is_not_for_others_and_may_be_taken_again(ada, grace, now):
    sharing.take_name(ada, "first", now)
    sharing.take_name(ada, "second", now)

    with pytest.raises(sharing.Refused, match="not free"):
        sharing.take_name(grace, "first", now + KEPT_BACK - DAY)
    sharing.take_name(ada, "first", now + DAY)
    assert name_of(ada) == "first"
    assert PublicName.objects.filter(member=ada, free_at=None).count() == 1


def test_nobody_inherits_the_links_of_somebody_who_left(ada, grace, now):
    sharing.take_name(ada, "lighthouse", now)
    erase_member(ada, now)

    with pytest.raises(sharing.Refused, match="not free"):
        sharing.take_name(grace, "lighthouse", now + KEPT_BACK - DAY)
    assert not PublicName.objects.filter(name="lighthouse").exists()


def test_after_two_years_it_is_free(ada, grace, now):
    sharing.take_name(ada, "lighthouse", now)
    erase_member(ada, now)

    sharing.forget_what_ended(now + KEPT_BACK + DAY)
    assert not PublicName.objects.exists()
    assert sharing.take_name(grace, "lighthouse", now + KEPT_BACK + DAY) == "lighthouse"


def test_what_is_free_may_be_taken_before_it_was_swept(ada, grace, now):
    sharing.take_name(ada, "lighthouse", now)
    sharing.give_up_name(ada, now)

    assert sharing.take_name(grace, "lighthouse", now + KEPT_BACK) == "lighthouse"


def test_taking_the_same_name_twice_changes_nothing(ada, now):
    sharing.take_name(ada, "lighthouse", now)
    sharing.take_name(ada, "lighthouse", now + DAY)

    assert PublicName.objects.get().taken_at == now


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("public_name_is_plain", {"name": "Ada"}),
        ("public_name_is_plain", {"name": "аda"}),
        ("public_name_in_use_or_given_up", {"name": ""}),
        ("public_name_in_use_or_given_up", {"name": "grace", "free_at": True}),
        ("public_name_once", {"name": "other", "name_hash": name_hash("taken")}),
        ("one_public_name_in_use", {"name": "other"}),
    ],
)
def test_the_database_keeps_names(ada, now, constraint, fields):
    sharing.take_name(ada, "taken", now)
    fields = {"member": ada, "taken_at": now, "name_hash": "x"} | fields
    if fields.get("free_at"):
        fields["free_at"] = now

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PublicName.objects.create(**fields)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_name_at_once_one_gets_it(now):
    members = [
        Member.objects.create_user(f"m{n}@example.com", "correct horse", name=f"M {n}")
        for n in range(6)
    ]

    def take(member):
        try:
            return sharing.take_name(member, "lighthouse", now)
        except sharing.Refused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(take, members))

    assert taken.count("lighthouse") == 1
    assert PublicName.objects.count() == 1
