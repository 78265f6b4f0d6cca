"""The way of a K: who sees it, whose names, whose words."""

from datetime import timedelta

import pytest

from accounts.models import Member
from gifting import services
from gifting.personal_data import provider
from gifting.selectors import journey, latest_arrived
from tests.gifting.conftest import open_to_all


@pytest.fixture
def edsger(everybody, now) -> Member:
    member = Member.objects.create_user("edsger@example.com", name="Edsger Blom")
    open_to_all(member, now)
    return member


@pytest.fixture
def way(ada, grace, mallory, edsger, give, pass_on, now):
    """A K from ada through grace and mallory to edsger, each with words."""
    first = give(ada, grace, text="One.", shares=True)
    pass_on(grace, mallory, first.k, now + timedelta(days=1), text="Two.")
    pass_on(mallory, edsger, first.k, now + timedelta(days=2), text="Three.", shares=True)
    return first.k


def names(k, viewer, now) -> list[str]:
    return [stop.name for stop in journey(k.address, viewer, now).stops]


def words(k, viewer, now) -> list[str]:
    return [stop.text for stop in journey(k.address, viewer, now).stops]


def test_a_hand_is_named_to_its_neighbours_only(way, ada, grace, edsger, now):
    assert names(way, edsger, now) == ["a member", "a member", "Mallory Vex", "Edsger Blom"]
    assert words(way, edsger, now) == ["", "", "Three.", ""]
    assert names(way, grace, now) == ["Ada Lind", "Grace Oduya", "Mallory Vex", "a member"]
    assert words(way, grace, now) == ["One.", "Two.", "", ""]
    assert names(way, ada, now) == ["Ada Lind", "Grace Oduya", "a member", "a member"]


def test_one_yes_is_not_enough_and_two_are(way, ada, grace, edsger, now):
    assert names(way, edsger, now)[0] == "a member"
    services.share(grace, way.address, 1, shares=True)
    assert names(way, edsger, now)[:2] == ["Ada Lind", "a member"]
    assert words(way, edsger, now) == ["One.", "", "Three.", ""]
    services.share(ada, way.address, 1, shares=False)
    assert names(way, edsger, now)[0] == "a member"


def test_the_holder_is_named_to_all_where_both_agreed_on_the_last_gift(way, edsger, ada, now):
    services.share(edsger, way.address, 3, shares=True)
    assert names(way, ada, now)[2:] == ["Mallory Vex", "Edsger Blom"]


def test_it_says_who_gave_it_first_who_passed_it_on_and_who_holds_it(way, edsger, ada, now):
    stops = journey(way.address, edsger, now).stops
    assert [stop.did for stop in stops] == [
        "gave first",
        "passed on",
        "passed on",
        "holds",
    ]
    assert stops[-1].is_you
    assert journey(way.address, ada, now).stops[-1].did == "holds"


def test_a_stranger_and_an_unknown_address_find_nothing(way, db, now):
    stranger = Member.objects.create_user("stranger@example.com", name="Stranger")
    assert journey(way.address, stranger, now) is None
    assert journey("unknown", stranger, now) is None


def test_who_declined_is_not_on_the_way(ada, grace, mallory, give, pass_on, now):
    first = give(ada, grace)
    services.decline(grace, first.k.address, 1, now)
    give(ada, mallory)
    assert journey(first.k.address, grace, now) is None
    assert names(first.k, mallory, now) == ["Ada Lind", "Mallory Vex"]


def test_a_k_that_came_back_shows_when_it_lapses_and_that_it_lapsed(ada, grace, give, now):
    first = give(ada, grace)
    services.take_back(ada, first.k.address, 1, now)
    seen = journey(first.k.address, ada, now)
    assert seen.is_held_by_you
    assert seen.lapses_at == now + timedelta(days=7)
    seen = journey(first.k.address, ada, now + timedelta(days=7))
    assert (seen.is_held_by_you, seen.has_lapsed) == (False, True)
    assert seen.stops[-1].did == "lapsed"


def test_somebody_who_left_stays_on_the_way_without_name_or_words(way, mallory, edsger, now):
    services.share(edsger, way.address, 3, shares=True)
    provider.erase(mallory, now)
    assert names(way, edsger, now)[2] == "somebody who left"
    assert words(way, edsger, now) == ["", "", "", ""]


def test_a_k_whose_holder_left_rests_there(way, edsger, mallory, now):
    provider.erase(edsger, now)
    last = journey(way.address, mallory, now).stops[-1]
    assert (last.name, last.did) == ("somebody who left", "left")


def test_a_k_that_comes_by_twice_names_both_sides(ada, grace, mallory, give, pass_on, now):
    first = give(ada, grace)
    pass_on(grace, mallory, first.k)
    pass_on(mallory, ada, first.k)
    assert names(first.k, ada, now) == ["Ada Lind", "Grace Oduya", "Mallory Vex", "Ada Lind"]


def test_the_latest_gift_received_is_one_that_was_not_returned(ada, grace, mallory, give, now):
    assert latest_arrived(grace, now) is None
    give(ada, grace, text="Kept.")
    undone = give(mallory, grace, now + timedelta(minutes=1), text="Undone.")
    services.take_back(mallory, undone.k.address, 1, now + timedelta(minutes=2))
    latest = latest_arrived(grace, now + timedelta(minutes=3))
    assert (latest.name, latest.text) == ("Ada Lind", "Kept.")
