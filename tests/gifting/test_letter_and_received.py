"""What was received: the words first, a year of them as a letter, and what a profile may show."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services
from gifting.personal_data import provider
from gifting.refusals import NotYours
from gifting.selectors import (
    appreciation,
    gifts_received,
    letter,
    profile_choice,
    shown_appreciation,
)
from gifting.services import showing
from tests.gifting.conftest import open_to_all


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


def crowd(count: int, now: datetime, mark: str = "c") -> list[Member]:
    made = []
    for number in range(count):
        email = f"{mark}{number}@example.com"
        made.append(Member.objects.create_user(email, name=f"Number {mark}{number}"))
        open_to_all(made[-1], now)
    return made


# --- Received ------------------------------------------------------------------------------------


def test_what_came_and_stayed_is_there_the_newest_first(ada, grace, mallory, give, now):
    give(grace, ada, now - timedelta(minutes=20), text="First.")
    undone = give(mallory, ada, now - timedelta(minutes=5), text="In haste.")
    services.take_back(mallory, undone.k.address, 1, now)
    give(mallory, ada, now, text="Second.")
    assert [gift.text for gift in gifts_received(ada, now)] == ["Second.", "First."]


def test_what_was_declined_is_not_there(ada, grace, give, now):
    gift = give(grace, ada, text="No.")
    services.decline(ada, gift.k.address, 1, now)
    assert gifts_received(ada, now) == []


def test_what_was_passed_on_stays_with_its_words_and_cannot_be_passed_on_again(
    ada, grace, mallory, give, pass_on, now
):
    gift = give(grace, ada, text="Kept.")
    pass_on(ada, mallory, gift.k, now + timedelta(minutes=1))
    (seen,) = gifts_received(ada, now)
    assert (seen.text, seen.can_pass_on) == ("Kept.", False)


def test_words_wait_until_they_are_opened(client, ada, grace, give):
    give(grace, ada, text="<b>Bold</b>", link="https://known.example/1")
    client.force_login(ada)
    page = client.get(reverse("received")).text
    assert "Open the words of" in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<details class" in page
    assert "<details open" not in page
    assert 'rel="nofollow noopener ugc"' in page


def test_received_goes_on_over_pages_and_asks_the_same(client, ada, everybody, give, now):
    client.force_login(ada)
    counts = []
    for mark in "ab":
        for number, member in enumerate(crowd(11, now, mark)):
            give(member, ada, now - timedelta(minutes=number), text="Words.")
        with CaptureQueriesContext(connection) as asked:
            first = client.get(reverse("received")).text
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert first.count('class="entry"') == 20
    assert client.get(reverse("received"), {"page": "2"}).text.count('class="entry"') == 2
    assert "Nothing on this page" in client.get(reverse("received"), {"page": "3"}).text


def test_nothing_received_asks_for_nothing(client, ada):
    client.force_login(ada)
    assert "There is nothing to do for it." in client.get(reverse("received")).text


# --- The letter ----------------------------------------------------------------------------------


def test_the_letter_holds_the_words_of_its_year_in_order(ada, grace, mallory, give, now):
    give(mallory, ada, datetime(2025, 12, 31, 23, 59, tzinfo=UTC), text="Last year.")
    give(grace, ada, datetime(2026, 1, 1, 0, 0, tzinfo=UTC), text="New year.")
    give(mallory, ada, now - timedelta(days=1), text="Later.")
    give(grace, ada, now - timedelta(minutes=1))
    seen = letter(ada, 2026, now)
    assert [gift.text for gift in seen.gifts] == ["New year.", "Later."]
    assert seen.years == (2026, 2025)


def test_words_of_the_blocked_and_reported_words_stay_out_of_it(ada, grace, mallory, give, now):
    blocked, reported = give(grace, ada, text="Mean."), give(mallory, ada, text="Worse.")
    services.block(ada, blocked.k.address, 1, now)
    services.report(ada, reported.k.address, 1, now)
    assert letter(ada, now.year, now).gifts == ()


def test_the_letter_is_for_its_receiver_alone(client, ada, grace, mallory, give, now):
    give(grace, ada, text="For ada.")
    for member in (grace, mallory):
        client.force_login(member)
        assert "For ada." not in client.get(reverse("letter", args=[now.year])).text
    client.force_login(ada)
    assert "For ada." in client.get(reverse("letter", args=[now.year])).text


def test_the_letter_counts_nothing(client, ada, give, now, everybody):
    for member in crowd(7, now):
        give(member, ada, text="Words.")
    client.force_login(ada)
    page = client.get(reverse("letter", args=[now.year])).text
    main = page[page.index("<article") : page.index("</article>")]
    assert "7" not in main.replace(str(now.year), "")


@pytest.mark.parametrize("year", ["0", "1999", "9999", "99999999999999999999"])
def test_a_year_that_cannot_be_is_not_found(client, ada, year):
    client.force_login(ada)
    assert client.get(f"/k/letter/{year}/").status_code == 404


def test_the_letter_prints_without_the_page_around_it(client, ada):
    client.force_login(ada)
    assert "css/letter.css" in client.get(reverse("latest_letter"), follow=True).text


def test_the_letter_asks_the_same_of_few_and_of_many_words(client, ada, everybody, give, now):
    client.force_login(ada)
    counts = []
    for mark in "ab":
        for member in crowd(6, now, mark):
            give(member, ada, text="Words.")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("letter", args=[now.year]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- What a profile may show ---------------------------------------------------------------------


def test_every_giver_counts_once(ada, grace, mallory, give, now):
    give(grace, ada, now - timedelta(days=20))
    give(grace, ada, now - timedelta(days=10))
    give(mallory, ada, now - timedelta(days=5))
    assert appreciation(ada, now).givers == 2


def test_gifts_older_than_a_year_undone_or_declined_do_not_count(ada, grace, mallory, give, now):
    give(grace, ada, now - timedelta(days=366))
    undone = give(mallory, ada, now)
    services.take_back(mallory, undone.k.address, 1, now)
    assert appreciation(ada, now).givers == 0


@pytest.mark.parametrize(("days", "counted"), [(1, 0), (30, 0), (31, 1)])
def test_who_exchanged_k_both_ways_within_30_days_does_not_count(
    ada, grace, give, now, days, counted
):
    give(grace, ada, now - timedelta(days=days))
    assert appreciation(ada, now).givers == 1
    give(ada, grace, now)
    assert appreciation(ada, now).givers == counted
    assert appreciation(grace, now).givers == counted


def test_a_ring_of_friends_counts_as_one(ada, everybody, give, now):
    ring = crowd(4, now)
    for giver, receiver in itertools.pairwise(ring):
        give(giver, receiver, now - timedelta(days=40))
    for member in ring:
        give(member, ada, now - timedelta(days=1))
    (alone,) = crowd(1, now, "alone")
    give(alone, ada, now)
    assert appreciation(ada, now).givers == 2


def test_the_blocked_and_those_who_left_do_not_count(ada, grace, mallory, give, now):
    gift = give(grace, ada)
    give(mallory, ada)
    services.block(ada, gift.k.address, 1, now)
    provider.erase(mallory, now)
    assert appreciation(ada, now).givers == 0


def test_words_stand_there_where_both_said_so(ada, grace, give, now):
    gift = give(grace, ada, text="For the essay.", shares=True)
    services.share(ada, gift.k.address, 1, shares=True)
    assert appreciation(ada, now).words == ()
    showing.allow_on_profile(ada, gift.k.address, 1, allows=True)
    assert appreciation(ada, now).words == ()
    showing.allow_on_profile(grace, gift.k.address, 1, allows=True)
    (words,) = appreciation(ada, now).words
    assert (words.text, words.name) == ("For the essay.", "Grace Oduya")
    showing.allow_on_profile(grace, gift.k.address, 1, allows=False)
    assert appreciation(ada, now).words == ()


def test_a_giver_who_leaves_takes_the_words_away(ada, grace, give, now):
    gift = give(grace, ada, text="For the essay.")
    for member in (ada, grace):
        showing.allow_on_profile(member, gift.k.address, 1, allows=True)
    provider.erase(grace, now)
    assert appreciation(ada, now).words == ()


def test_a_stranger_to_a_gift_has_no_say_about_its_words(ada, grace, mallory, give):
    gift = give(grace, ada, text="For the essay.")
    assert profile_choice(mallory, gift.k.address, 1) is None
    with pytest.raises(NotYours):
        showing.allow_on_profile(mallory, gift.k.address, 1, allows=True)


def test_nothing_is_shown_until_its_owner_says_so(client, ada, grace, give, now):
    give(grace, ada)
    assert shown_appreciation(ada, now) is None
    client.force_login(ada)
    assert "Now it shows nothing." in client.get(reverse("appreciation")).text
    client.post(reverse("appreciation"), {"shows": "yes"})
    assert shown_appreciation(ada, now).givers == 1
    assert "Now it shows what stands below." in client.get(reverse("appreciation")).text
    client.post(reverse("appreciation"), {"shows": "no"})
    assert shown_appreciation(ada, now) is None


def test_the_choice_stands_on_the_page_of_the_gift(client, ada, grace, give, now):
    gift = give(grace, ada, text="For the essay.")
    for member, label in (
        (grace, "Let <bdi>Ada Lind</bdi> show them"),
        (ada, "Show them on my profile"),
    ):
        client.force_login(member)
        assert label in client.get(reverse("gift", args=[gift.k.address, 1])).text
        client.post(reverse("allow_on_profile", args=[gift.k.address, 1]), {"allows": "yes"})
    assert "Both of you said yes." in client.get(reverse("gift", args=[gift.k.address, 1])).text
    assert "For the essay." in client.get(reverse("appreciation")).text


def test_the_preview_asks_the_same_of_few_and_of_many(client, ada, everybody, give, now):
    client.force_login(ada)
    counts = []
    for mark in "ab":
        for member in crowd(5, now, mark):
            gift = give(member, ada, text="Words.")
            for side in (member, ada):
                showing.allow_on_profile(side, gift.k.address, gift.step, allows=True)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("appreciation"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
