"""Who is found by a handle, and whom a member has answered."""

from datetime import timedelta

from networks.models import LinkedAccount
from networks.selectors import findable_member, has_answered
from tests.factories import make_account, make_outreach


def test_a_findable_member_is_found_by_handle_in_any_case(grace, now):
    account = make_account(grace, now, handle="@grace@known.example")
    for text in ("@grace@known.example", "grace@known.example", " @Grace@Known.example "):
        assert findable_member(text) == account


def test_who_did_not_say_yes_is_not_found(grace, now):
    make_account(grace, now, handle="@grace@known.example", findable=False)
    assert findable_member("@grace@known.example") is None


def test_a_part_of_a_handle_or_nonsense_finds_nobody(grace, now):
    make_account(grace, now, handle="@grace@known.example")
    for text in ("", "@", "grace", "@grace", "@grace@known", "%", "@g%@known.example", "@@"):
        assert findable_member(text) is None


def test_an_account_that_lost_consent_is_not_found(grace, now):
    state = LinkedAccount.State.NEEDS_CONSENT
    make_account(grace, now, handle="@grace@known.example", state=state)
    assert findable_member("@grace@known.example") is None


def test_outreach_to_any_account_of_a_member_is_an_answer_to_that_member(ada, grace, now):
    account = make_account(ada, now)
    make_account(grace, now, person_hash=1)
    make_account(grace, now, person_hash=2)
    assert not has_answered(ada, grace)
    make_outreach(account, now, target_hash=2)
    assert has_answered(ada, grace)
    assert not has_answered(grace, ada)


def test_an_answer_before_the_moment_asked_for_does_not_count(ada, grace, now):
    account = make_account(ada, now)
    make_account(grace, now, person_hash=1)
    make_outreach(account, now - timedelta(days=3), target_hash=1)
    assert has_answered(ada, grace, since=now - timedelta(days=4))
    assert not has_answered(ada, grace, since=now - timedelta(days=2))
