"""The public profile: nothing before its owner says so, and then only what they chose."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import sharing
from accounts.models import Member
from accounts.sharing_models import Profile
from gifting import services as gifting
from gifting.services import showing
from networks.listening_models import Listening
from tests.factories import make_account, make_score
from tests.sharing.conftest import publish

DAY = timedelta(days=1)


def saved(client, **choices):
    return client.post("/settings/sharing/", choices)


def test_nothing_is_public_before_the_owner_says_so(client, ada, scored, now):
    sharing.take_name(ada, "ada", now)

    assert client.get("/@ada/").status_code == 404


def test_what_was_chosen_stands_there_and_nothing_else(client, ada, scored, now):
    publish(ada, now, about="Builds lighthouses.")
    page = client.get("/@Ada/").content.decode()

    assert "Ada Lind" in page
    assert "Builds lighthouses." in page
    assert ">31</text>" in page
    assert "likely 29 to 33" in page
    assert "must not be used for hiring" in page
    assert "means nothing" in page
    for kept in ("@ada@known.example", ada.email, "percentile", "rank"):
        assert kept not in page


def test_without_the_score_there_is_no_number_anywhere(client, ada, scored, now):
    publish(ada, now, shows_score=False)
    page = client.get("/@ada/").content.decode()

    assert "31" not in page.replace("2031", "")
    assert "How many people listen</h2>" not in page


def test_networks_are_chosen_one_by_one(client, ada, scored, now):
    other = make_account(ada, now, platform="github", handle="@ada@github.example")
    publish(ada, now)
    client.force_login(ada)
    saved(client, is_public="on", shows_score="on", accounts=[str(scored.pk)])
    page = client.get("/@ada/").content.decode()

    assert 'href="https://known.example/@ada"' in page
    assert other.handle not in page


def test_words_stand_there_only_if_all_three_said_so(client, ada, grace, now):
    for member in (ada, grace):
        make_account(member, now)
        gifting.accept_from(member, "all")
    note = gifting.Note(text="For the lighthouse.")
    move = gifting.give_k(grace, ada, now - DAY, key=uuid4(), note=note)
    publish(ada, now)
    for member in (grace, ada):
        assert "For the lighthouse." not in client.get("/@ada/").content.decode()
        showing.allow_on_profile(member, move.k.address, 1, allows=True)
    assert "For the lighthouse." not in client.get("/@ada/").content.decode()
    showing.show_appreciation(ada, shows=True)

    assert "For the lighthouse." in client.get("/@ada/").content.decode()


def test_search_engines_are_asked_not_to_unless_chosen(client, ada, now):
    publish(ada, now)
    answer = client.get("/@ada/")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()

    publish(ada, now, is_indexed=True)
    answer = client.get("/@ada/")
    assert "X-Robots-Tag" not in answer
    assert 'name="robots"' not in answer.content.decode()


def test_the_number_says_that_it_rests_and_leaves_after_90_days(client, ada, scored, now):
    publish(ada, now)
    Member.objects.filter(pk=ada.pk).update(resting_since=now - 89 * DAY)
    assert "Resting since" in client.get("/@ada/").content.decode()

    Member.objects.filter(pk=ada.pk).update(resting_since=now - 91 * DAY)
    page = client.get("/@ada/").content.decode()
    assert "There is no number to show at the moment." in page
    assert "31</text>" not in page


def test_it_leaves_as_well_where_every_network_rests_for_so_long(client, ada, scored, now):
    publish(ada, now)
    account = ada.linked_accounts.get()
    Listening.objects.create(account=account, resting_since=now - 91 * DAY)
    assert "There is no number to show" in client.get("/@ada/").content.decode()

    make_account(ada, now, first_read_done_at=now)
    assert "There is no number to show" not in client.get("/@ada/").content.decode()


def test_a_score_that_is_three_months_old_is_not_shown(client, ada, now):
    account = make_account(ada, now)
    make_score(ada, now - 91 * DAY, accounts=[account])
    publish(ada, now)

    assert "There is no number to show at the moment." in client.get("/@ada/").content.decode()


def test_how_one_sees_ones_own_number_changes_nothing_there(client, ada, scored, now):
    Member.objects.filter(pk=ada.pk).update(score_shown="hidden")
    publish(ada, now)

    assert ">31</text>" in client.get("/@ada/").content.decode()


def test_the_owner_sees_it_before_others_do(client, ada, scored, now):
    sharing.take_name(ada, "ada", now)
    Profile.objects.create(member=ada, shows_score=True)
    client.force_login(ada)
    page = client.get("/settings/sharing/preview/").content.decode()

    assert "This is how others see it." in page
    assert ">31</text>" in page
    assert client.get("/@ada/").status_code == 404


def test_the_trial_works_before_anything_was_chosen(client, ada):
    client.force_login(ada)

    assert client.get("/settings/sharing/preview/").status_code == 200


def test_a_profile_without_an_address_is_not_published_and_nothing_is_lost(client, ada):
    client.force_login(ada)
    answer = saved(client, is_public="on", about="Builds lighthouses.", shows_score="on")

    assert "Choose an address first." in answer.content.decode()
    assert 'value="Builds lighthouses."' in answer.content.decode()
    assert not Profile.objects.exists()


def test_a_line_about_oneself_is_one_line_without_signs_that_turn_it(client, ada):
    client.force_login(ada)
    saved(client, about="one\ntwo \u202ethree")

    assert Profile.objects.get().about == "one two three"


def test_somebody_elses_account_cannot_be_shown(client, ada, grace, now):
    foreign = make_account(grace, now)
    client.force_login(ada)
    saved(client, accounts=[str(foreign.pk)])

    foreign.refresh_from_db()
    assert not foreign.on_profile


def test_unpublishing_hides_it_at_once(client, ada, scored, now):
    publish(ada, now)
    client.force_login(ada)
    saved(client, shows_score="on")
    client.logout()

    assert client.get("/@ada/").status_code == 404


def test_a_new_address_leads_there_and_the_old_one_nowhere(client, ada, now):
    publish(ada, now)
    client.force_login(ada)
    client.post("/settings/sharing/name/", {"name": "lighthouse"})

    assert client.get("/@lighthouse/").status_code == 200
    assert client.get("/@ada/").status_code == 404


def test_a_taken_address_is_refused_and_what_was_typed_stays(client, ada, grace, now):
    sharing.take_name(grace, "lighthouse", now)
    client.force_login(ada)
    page = client.post("/settings/sharing/name/", {"name": "Lighthouse"}).content.decode()

    assert "This name is not free." in page
    assert 'value="Lighthouse"' in page


@pytest.mark.parametrize("page", ["/@ada/", "/settings/sharing/", "/settings/sharing/picture/"])
def test_queries_do_not_grow_with_accounts_and_words(client, ada, grace, now, page):
    publish(ada, now)
    showing.show_appreciation(ada, shows=True)
    client.force_login(ada)

    def queries():
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    for _ in range(3):
        make_account(ada, now, on_profile=True)
    few = queries()
    for _ in range(3):
        make_account(ada, now, on_profile=True)

    assert queries() == few


def test_a_page_that_is_only_looked_at_takes_no_posts(client, ada, now):
    publish(ada, now)

    assert client.post("/@ada/").status_code == 405
