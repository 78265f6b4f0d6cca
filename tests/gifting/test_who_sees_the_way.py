"""The way of a K for strangers, and the map of where K went."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services
from gifting.member_models import OpenWay
from gifting.personal_data import provider
from gifting.refusals import NotYours
from gifting.selectors import appreciation_map, journey
from gifting.services import showing
from tests.gifting.conftest import open_to_all, without_tokens


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def stranger(db) -> Member:
    return Member.objects.create_user("stranger@example.com", name="Stranger")


@pytest.fixture
def k(ada, grace, mallory, give, pass_on, now):
    """From ada through grace to mallory; only the first gift is shared by both."""
    first = give(ada, grace, text="One.", shares=True)
    services.share(grace, first.k.address, 1, shares=True)
    pass_on(grace, mallory, first.k, now + timedelta(minutes=1), text="Two.", shares=True)
    return first.k


def open_all(k, now, *members) -> None:
    for member in members:
        showing.open_way(member, k.address, now, opens=True)


def test_a_stranger_sees_the_way_once_every_hand_opened_it(k, ada, grace, mallory, stranger, now):
    open_all(k, now, ada, grace)
    assert journey(k.address, stranger, now) is None
    open_all(k, now, mallory)
    seen = journey(k.address, stranger, now)
    assert (seen.is_yours, seen.is_held_by_you, seen.is_open) == (False, False, True)
    assert [stop.name for stop in seen.stops] == ["Ada Lind", "a member", "a member"]
    assert [stop.text for stop in seen.stops] == ["One.", "", ""]


def test_any_hand_closes_it_again(k, ada, grace, mallory, stranger, now):
    open_all(k, now, ada, grace, mallory)
    showing.open_way(grace, k.address, now, opens=False)
    assert journey(k.address, stranger, now) is None
    assert not journey(k.address, grace, now).is_opened_by_you
    assert journey(k.address, ada, now).is_opened_by_you


def test_the_next_hand_has_to_open_it_too(k, ada, grace, mallory, stranger, pass_on, now):
    open_all(k, now, ada, grace, mallory)
    edsger = Member.objects.create_user("edsger@example.com", name="Edsger Blom")
    open_to_all(edsger, now)
    pass_on(mallory, edsger, k, now + timedelta(minutes=2))
    assert journey(k.address, stranger, now) is None
    services.decline(edsger, k.address, 3, now + timedelta(minutes=3))
    assert journey(k.address, stranger, now).is_open


def test_who_leaves_closes_it(k, ada, grace, mallory, stranger, now):
    open_all(k, now, ada, grace, mallory)
    provider.erase(grace, now)
    assert journey(k.address, stranger, now) is None


def test_who_is_not_on_the_way_opens_nothing(k, ada, grace, mallory, stranger, now):
    with pytest.raises(NotYours):
        showing.open_way(stranger, k.address, now, opens=True)
    open_all(k, now, ada, grace, mallory)
    with pytest.raises(NotYours):
        showing.open_way(stranger, k.address, now, opens=False)
    assert OpenWay.objects.count() == 3


def test_opening_twice_is_opening_once(k, ada, now):
    open_all(k, now, ada, ada)
    assert OpenWay.objects.count() == 1


def test_a_closed_way_an_unknown_one_and_no_way_look_the_same(client, k, ada, stranger, now):
    open_all(k, now, ada)
    client.force_login(stranger)
    answers = []
    for address in (k.address, "x" * len(k.address)):
        for response in (
            client.get(reverse("journey", args=[address])),
            client.post(reverse("open_way", args=[address]), {"opens": "yes"}),
        ):
            body = without_tokens(response.text).replace(address, "ADDRESS")
            answers.append((response.status_code, body))
    assert answers[0] == answers[2]
    assert answers[1] == answers[3]
    assert answers[0][0] == answers[1][0] == 404


def test_opening_is_one_button_on_the_page(client, k, ada, grace, mallory, stranger, now):
    open_all(k, now, grace, mallory)
    client.force_login(ada)
    page = client.get(reverse("journey", args=[k.address])).text
    assert "Only its hands" in page
    client.post(reverse("open_way", args=[k.address]), {"opens": "yes"})
    assert "Open to members" in client.get(reverse("journey", args=[k.address])).text
    client.force_login(stranger)
    page = client.get(reverse("journey", args=[k.address])).text
    assert "One." in page
    assert "Open it for my part" not in page
    assert "Mallory" not in page


def test_the_page_of_a_way_asks_the_same_of_2_and_of_20_hands(client, ada, now, give, pass_on):
    client.force_login(ada)
    crowd = []
    for number in range(20):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Number {number}")
        open_to_all(member, now)
        crowd.append(member)
    k = give(ada, crowd[0], text="First.").k
    counts = [_queries(client, k)]
    for number, (giver, receiver) in enumerate(itertools.pairwise(crowd)):
        pass_on(giver, receiver, k, now + timedelta(minutes=number + 1), text="On.")
    counts.append(_queries(client, k))
    assert counts[0] == counts[1]


def _queries(client, k) -> int:
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("journey", args=[k.address]))
    assert page.status_code == 200
    return len(asked)


def test_the_picture_says_in_words_how_many_hands_there_are(client, k, ada):
    client.force_login(ada)
    page = client.get(reverse("journey", args=[k.address])).text
    assert 'role="img" aria-label="A line through 3 hands, in the order of the list below"' in page


# --- Where K went --------------------------------------------------------------------------------


def told(member) -> list[tuple[str, str]]:
    seen = appreciation_map(member)
    return [(branch.name, gift.to_name) for branch in seen.branches for gift in branch.gifts]


def test_the_map_names_the_second_step_where_both_allowed_it(k, ada, grace, mallory, now):
    assert told(ada) == [("Grace Oduya", "a member")]
    services.share(mallory, k.address, 2, shares=True)
    assert told(ada) == [("Grace Oduya", "Mallory Vex")]
    assert told(grace) == [("Mallory Vex", "")]
    assert told(mallory) == []


def test_the_map_ends_two_steps_out(k, ada, mallory, pass_on, now):
    edsger = Member.objects.create_user("edsger@example.com", name="Edsger Blom")
    open_to_all(edsger, now)
    pass_on(mallory, edsger, k, now + timedelta(minutes=2), shares=True)
    services.share(edsger, k.address, 3, shares=True)
    assert told(ada) == [("Grace Oduya", "a member")]


def test_what_came_back_is_not_on_the_map(ada, grace, mallory, give, pass_on, now):
    undone = give(ada, grace)
    services.take_back(ada, undone.k.address, 1, now)
    gift = give(ada, mallory)
    assert told(ada) == [("Mallory Vex", "")]
    pass_on(mallory, grace, gift.k, now + timedelta(minutes=1))
    services.decline(grace, gift.k.address, gift.step + 1, now + timedelta(minutes=2))
    assert told(ada) == [("Mallory Vex", "")]


def test_a_k_that_came_back_to_the_giver_says_you(ada, grace, mallory, give, pass_on, now):
    gift = give(ada, grace)
    pass_on(grace, mallory, gift.k, now + timedelta(minutes=1))
    pass_on(mallory, ada, gift.k, now + timedelta(minutes=2))
    assert told(grace) == [("Mallory Vex", "a member")]
    assert told(mallory) == [("Ada Lind", "")]


def test_somebody_who_left_stays_on_the_map_without_a_name(k, ada, grace, mallory, now):
    provider.erase(mallory, now)
    assert told(ada) == [("Grace Oduya", "somebody who left")]
    provider.erase(grace, now)
    assert told(ada) == [("somebody who left", "somebody who left")]


def test_the_map_shows_the_newest_people_and_says_that_there_are_more(ada, now, give, everybody):
    for number in range(16):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Number {number}")
        open_to_all(member, now)
        give(ada, member, now + timedelta(weeks=number))
    seen = appreciation_map(ada)
    assert len(seen.branches) == 14
    assert seen.branches[0].name == "Number 15"
    assert seen.has_more


def test_the_map_asks_the_same_of_few_and_of_many(client, ada, grace, now, give, pass_on):
    client.force_login(ada)
    counts = []
    for week in range(2):
        for number in range(5):
            email = f"{week}-{number}@example.com"
            member = Member.objects.create_user(email, name=f"Number {number}")
            open_to_all(member, now)
            gift = give(ada, member, now + timedelta(weeks=week))
            pass_on(member, grace, gift.k, now + timedelta(weeks=week, minutes=1))
        with CaptureQueriesContext(connection) as asked:
            assert "Number 4" in client.get(reverse("appreciation_map")).text
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_empty_map_says_what_it_is_for(client, ada):
    client.force_login(ada)
    assert "Nothing on the map yet" in client.get(reverse("appreciation_map")).text
