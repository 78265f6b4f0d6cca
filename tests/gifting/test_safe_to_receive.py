"""Who may give to me: everybody, those I answered, nobody; and whoever I blocked, in no case."""

from datetime import timedelta

import pytest

from gifting import refusals, selectors, services
from gifting.models import Block, Hand
from gifting.refusals import Refusal
from networks.models import LinkedAccount
from tests.factories import make_outreach

SETTINGS = ["answered", "all", "nobody"]


def write_to(one, other, now) -> None:
    target = LinkedAccount.objects.get(member=other).person_hash
    make_outreach(LinkedAccount.objects.get(member=one), now, target_hash=target)


def said(give, giver, receiver, now) -> str:
    """What the service says; the page says the same before the form is sent."""
    before = selectors.why_not_to(giver, receiver, now)
    try:
        give(giver, receiver, now)
        answer = ""
    except Refusal as refusal:
        answer = refusal.sentence
    assert answer == before
    return answer or "given"


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("setting", SETTINGS)
def test_who_may_give_by_the_setting(ada, grace, give, now, setting, answered):
    services.accept_from(grace, setting)
    if answered:
        write_to(grace, ada, now)
    expected = {
        "all": "given",
        "answered": "given" if answered else refusals.only_answered(grace.name),
        "nobody": str(refusals.NOT_HERE),
    }
    assert said(give, ada, grace, now) == expected[setting]


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("setting", SETTINGS)
def test_whoever_is_blocked_gives_by_no_setting(ada, grace, give, now, setting, answered):
    block(grace, ada, now)
    services.accept_from(grace, setting)
    if answered:
        write_to(grace, ada, now)
    assert said(give, ada, grace, now) == str(refusals.NOT_HERE)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_block_and_a_setting_shut_nobody_else_in_or_out(ada, grace, mallory, give, now, setting):
    """What grace chose is for grace: she gives as before, also to whom she blocked."""
    block(grace, ada, now)
    services.accept_from(grace, setting)
    assert said(give, grace, ada, now) == "given"
    assert said(give, ada, mallory, now) == "given"
    if setting == "all":
        assert said(give, mallory, grace, now) == "given"


def test_the_default_is_those_i_answered(ada, grace, mallory, give, now):
    Hand.objects.filter(member=grace).update(
        accepts_from=Hand._meta.get_field("accepts_from").default
    )
    write_to(grace, ada, now)
    assert said(give, ada, grace, now) == "given"
    assert said(give, mallory, grace, now) == refusals.only_answered(grace.name)


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_was_received_before_stays(ada, grace, give, now, setting):
    k = give(ada, grace).k
    services.accept_from(grace, setting)
    services.block(grace, k.address, 1, now)
    (held,) = selectors.received(grace, now + timedelta(days=400), 9)
    assert held.k_id == k.pk


def block(by, of, now) -> None:
    Block.objects.create(by=by.hand, of=of.hand, made_at=now)
