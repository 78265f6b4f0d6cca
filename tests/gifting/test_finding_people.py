"""Whom a member finds to give to: by whole handle, or by the name of people they know of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Member
from gifting import services
from gifting.models import Block
from gifting.selectors import found_by_name, shut_to
from gifting.services import showing
from networks.models import LinkedAccount
from tests.factories import make_account, make_outreach


def names(giver, asked) -> list[str]:
    return [found.member.name for found in found_by_name(giver, asked)]


def reach(giver, receiver, now) -> None:
    make_outreach(
        giver.linked_accounts.get(), now, target_hash=receiver.linked_accounts.get().person_hash
    )


def test_people_one_reached_out_to_are_found_by_three_letters(ada, grace, everybody, now):
    assert names(ada, "grace") == []
    reach(ada, grace, now)
    for asked in ("gra", "GRACE", "oduya", "  Grace   Oduya "):
        assert names(ada, asked) == ["Grace Oduya"]
    for asked in ("gr", "", "   ", "g%a", "___", "%%%", "grace x"):
        assert names(ada, asked) == []


def test_people_one_exchanged_a_k_with_are_found(ada, grace, mallory, give):
    give(ada, grace)
    assert names(ada, "grace") == ["Grace Oduya"]
    assert names(grace, "ada") == ["Ada Lind"]
    assert names(mallory, "ada") == []


def test_whoever_chose_to_be_found_by_name_is(ada, grace, everybody):
    showing.be_found_by_name(grace, found=True)
    assert names(ada, "oduya") == ["Grace Oduya"]
    assert names(grace, "oduya") == []
    showing.be_found_by_name(grace, found=False)
    assert names(ada, "oduya") == []


@pytest.mark.parametrize("why", ["unfindable", "lost consent", "closed", "nobody", "blocked"])
def test_who_may_not_be_found_has_no_name_either(ada, grace, everybody, now, why):
    showing.be_found_by_name(grace, found=True)
    reach(ada, grace, now)
    if why == "unfindable":
        LinkedAccount.objects.filter(member=grace).update(findable=False)
    if why == "lost consent":
        LinkedAccount.objects.filter(member=grace).update(state="needs_consent")
    if why == "closed":
        Member.objects.filter(pk=grace.pk).update(is_active=False)
    if why == "nobody":
        services.accept_from(grace, "nobody")
    if why == "blocked":
        by, of = services.hand_for(grace), services.hand_for(ada)
        Block.objects.create(by=by, of=of, made_at=now)
    assert names(ada, "grace") == []


def test_one_person_with_two_handles_is_shown_once(ada, grace, everybody, now):
    make_account(grace, now + timedelta(days=1), handle="@second@known.example")
    showing.be_found_by_name(grace, found=True)
    (found,) = found_by_name(ada, "grace")
    assert found.handle == "@grace@known.example"


def test_a_few_are_shown_and_never_a_list_of_everybody(ada, everybody, now):
    for number in range(12):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Somebody {number}")
        make_account(member, now)
        showing.be_found_by_name(member, found=True)
    assert len(names(ada, "somebody")) == 8


def test_the_give_page_offers_who_may_be_meant(client, ada, grace, everybody, now, give):
    reach(ada, grace, now)
    client.force_login(ada)
    page = client.get(reverse("give"), {"to": "gra"}).text
    assert "Grace Oduya" in page
    assert f"?to={grace.address}" in page
    assert "Nobody with that handle" not in page


def test_a_name_that_nobody_has_and_one_that_may_not_be_found_look_the_same(
    client, ada, grace, everybody
):
    client.force_login(ada)
    seen = [
        client.get(reverse("give"), {"to": asked}).text.replace(asked, "NAME")
        for asked in ("Grace", "Ghost")
    ]
    assert "Nobody with that handle can be given K here." in seen[0]
    assert "Keep in mind instead" in seen[0]
    first, second = (page.split("<main")[1] for page in seen)
    assert first == second


def test_looking_by_name_asks_the_same_of_few_and_of_many(client, ada, everybody, now):
    client.force_login(ada)
    counts = []
    for mark in "ab":
        for number in range(4):
            email = f"{mark}{number}@example.com"
            member = Member.objects.create_user(email, name=f"Somebody {mark}{number}")
            make_account(member, now)
            showing.be_found_by_name(member, found=True)
        with CaptureQueriesContext(connection) as asked:
            assert "Somebody a3" in client.get(reverse("give"), {"to": "somebody"}).text
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_shut_the_giver_out_is_known(ada, grace, mallory, everybody, now):
    by, of = services.hand_for(grace), services.hand_for(ada)
    Block.objects.create(by=by, of=of, made_at=now)
    assert set(shut_to(ada).values_list("member__address", flat=True)) == {grace.address}
    services.accept_from(mallory, "nobody")
    assert shut_to(ada).filter(member=mallory).exists()
