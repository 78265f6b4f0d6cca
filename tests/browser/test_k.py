"""K in a real browser: the whole way of a gift, and every page of it in both schemes and widths."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Member
from gifting import services
from gifting.models import Move
from tests.gifting.conftest import open_to_all

pytestmark = pytest.mark.django_db(transaction=True)

ESSAY = "The essay on maintenance as care. I read it to my team this morning."


@pytest.fixture
def people(ada, grace, mallory) -> dict[str, Member]:
    made = {"ada": ada, "grace": grace, "mallory": mallory}
    for member in made.values():
        open_to_all(member, timezone.now())
    return made


@pytest.fixture
def lively(people) -> Move:
    """A K on its third hand, one declined, one blocked, a long name."""
    now = timezone.now()
    ada, grace, mallory = people.values()
    Member.objects.filter(pk=mallory.pk).update(name="Featherstonehaugh " * 4)
    shared = services.Note("For explaining it to me twice and not sighing.", "", shares=True)
    first = services.give_k(grace, mallory, now - timedelta(days=9), key=uuid4(), note=shared)
    services.share(mallory, first.k.address, 1, shares=True)
    note = services.Note(ESSAY, "https://hachyderm.example/@amara/1127" + "/long" * 30)
    way = services.pass_on(
        mallory, ada, first.k.address, now - timedelta(days=8), key=uuid4(), note=note
    )
    services.give_k(ada, mallory, now - timedelta(days=1), key=uuid4(), note=note)
    services.give_k(grace, ada, now - timedelta(days=1), key=uuid4())
    services.give_k(ada, grace, now, key=uuid4(), note=note)
    services.block(ada, first.k.address, 2, now)
    return way


def test_a_gift_from_the_handle_to_the_next_hand(page, phone, people, signed_in):
    signed_in(page, people["ada"]).goto("/k/")
    page.get_by_role("link", name="Give a K").click()
    page.get_by_label("For whom").fill("@grace@known.example")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("What moved you").fill(ESSAY)
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("4 of your own, 0 received")).to_be_visible()
    page.get_by_role("button", name="Give this K").click()
    expect(page.get_by_text("Grace Oduya has K")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()

    signed_in(phone, people["grace"]).goto("/k/")
    expect(phone.get_by_text(ESSAY)).not_to_be_visible()
    phone.get_by_text("Open the words").click()
    expect(phone.get_by_text(ESSAY)).to_be_visible()
    phone.get_by_role("link", name="Pass on").first.click()
    phone.get_by_label("For whom").fill("@ada@known.example")
    phone.get_by_role("button", name="Find").click()
    expect(phone.get_by_text("a K never goes straight back")).to_be_visible()
    phone.get_by_role("link", name="Someone else").click()
    phone.get_by_label("For whom").fill("@mallory@known.example")
    phone.get_by_role("button", name="Find").click()
    phone.get_by_role("radio", name="received from Ada Lind").check()
    phone.get_by_role("button", name="Look it over").click()
    phone.get_by_role("button", name="Give this K").click()
    expect(phone.get_by_text("Mallory Vex has K")).to_be_visible()
    assert Move.objects.in_place().get().receiver.member == people["mallory"]


def test_pages_of_k_that_went_through_much(page, signed_in, people, lively, in_order):
    """What every_page.py does not show: refusals, a third hand, a way beside the form."""
    signed_in(page, people["ada"])
    places = {
        "ledger": "/k/",
        "give-nobody": "/k/give/?to=@nobody@known.example",
        "give-refused": "/k/give/?to=@grace@known.example",
        "give-way": f"/k/give/?k={lively.k.address}",
        "journey": f"/k/{lively.k.address}/",
    }
    for name, path in places.items():
        page.goto(path)
        in_order(page, f"k-{name}")

    signed_in(page, people["grace"])
    page.goto("/k/give/?to=@mallory@known.example")
    in_order(page, "k-give")
    page.get_by_label("What moved you").fill(ESSAY)
    page.get_by_role("button", name="Look it over").click()
    in_order(page, "k-confirm")
