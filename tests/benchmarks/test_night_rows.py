"""The model of the night is filled into whole rows, also when a table has gained columns."""

from datetime import date

import pytest

from accounts.models import Member
from benchmarks import night_model, night_rows
from networks.models import LinkedAccount, Reading

ON = date(2026, 11, 2)
MEMBERS = 20


@pytest.mark.django_db(transaction=True)
def test_what_the_benchmark_does_not_name_is_as_the_model_makes_it():
    accounts = night_model.make_accounts(MEMBERS)
    night_rows.add_members(accounts, ON)
    assert Member.objects.count() == MEMBERS
    assert LinkedAccount.objects.count() == len(accounts)
    assert Reading.objects.count() == len(accounts) * night_rows.READINGS
    named = {"id", "email", "name", "address", "password", "joined_at", "takes_part"}
    fresh = Member()
    for field in Member._meta.concrete_fields:
        if field.attname not in named:
            expected = getattr(fresh, field.attname)
            assert set(Member.objects.values_list(field.attname, flat=True)) == {expected}
    assert not Member.objects.exclude(takes_part=True).exists()


def test_columns_that_are_named_go_before_what_the_model_says():
    assert "score_shown" in night_rows.unnamed(Member, {})
    assert "score_shown" not in night_rows.unnamed(Member, {"score_shown"})


def test_keys_empty_columns_and_what_postgresql_generates_are_left_to_it():
    left = {"id", "takes_part", "paused_at"}
    assert not left & set(night_rows.unnamed(Member, {}))


def test_an_object_goes_in_as_json():
    assert night_rows.unnamed(LinkedAccount, {})["cursor"] == "{}"
