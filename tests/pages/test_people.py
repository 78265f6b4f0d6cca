"""The people page: whom the member reached out to, and no name of anybody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gifting import services as gifting
from gifting.models import Block
from gifting.services import showing
from tests import lives
from tests.factories import make_account, make_outreach, make_reaction
from tests.pages.conftest import reach_out_to_people


@pytest.fixture
def open_people(client, ada):
    client.force_login(ada)
    return lambda: client.get("/people/").text


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get("/people/").url.startswith(reverse("account_login"))


def test_without_a_network_there_is_one_thing_to_do(open_people):
    assert "No network linked yet" in open_people()


def test_with_a_network_and_nobody_there_is_nothing_to_do(open_people, ada, now):
    make_account(ada, now)

    assert "There is nothing you need to do" in open_people()


def test_people_of_the_last_30_days_are_named_with_what_the_member_did(open_people, ada, now):
    account = make_account(ada, now)
    make_outreach(account, now - timedelta(days=29), target_name="Amara Kone")
    make_outreach(account, now - timedelta(days=31), target_name="Jonas Thiel")

    html = open_people()

    assert "Amara Kone" in html
    assert "Jonas Thiel" not in html


def test_responders_are_counted_and_not_named(open_people, ada, now):
    account = make_account(ada, now)
    for person in (1, 1, 2):
        make_reaction(account, now - timedelta(days=3), responder_hash=person)

    assert '<p class="figure num">2</p>' in open_people()


def test_a_stranger_sees_nobody_of_it(client, ada, mallory, now):
    reach_out_to_people(make_account(ada, now), 2, now)
    client.force_login(mallory)

    assert "P 0" not in client.get("/people/").text


def test_queries_do_not_grow_with_people(client, ada, now):
    client.force_login(ada)
    account = make_account(ada, now)
    counts = []
    for _ in range(2):
        reach_out_to_people(account, 8, now)
        with CaptureQueriesContext(connection) as queries:
            client.get("/people/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_members_who_may_be_found_can_be_given_to_in_one_step(open_people, ada, grace, now):
    theirs = make_account(grace, now)
    make_outreach(make_account(ada, now), now, target_hash=theirs.person_hash, target_name="Grace")

    html = open_people()

    assert f"{reverse('give')}?to={grace.address}" in html
    assert "Keep in mind<" not in html


def test_all_others_can_be_kept_in_mind_or_told(open_people, ada, now):
    make_outreach(make_account(ada, now), now, target_handle="@jonas@known.example")

    html = open_people()

    assert f"{reverse('keep')}?platform=mastodon&amp;handle=%40jonas%40known.example" in html
    assert reverse("invite") in html
    assert f"{reverse('give')}?to=" not in html


@pytest.mark.parametrize("how", ["nobody", "block"])
def test_who_shuts_the_member_out_looks_like_somebody_who_is_not_here(
    open_people, ada, grace, now, how
):
    theirs = make_account(grace, now)
    make_outreach(make_account(ada, now), now, target_hash=theirs.person_hash)
    if how == "nobody":
        gifting.accept_from(grace, "nobody")
    else:
        by, of = gifting.hand_for(grace), gifting.hand_for(ada)
        Block.objects.create(by=by, of=of, made_at=now)

    html = open_people()

    assert grace.address not in html
    assert "Keep in mind<" in html


def test_who_moved_most_comes_first(open_people, ada, now):
    account = make_account(ada, now)
    for person, name, acts in ((1, "Once", 1), (2, "Thrice", 3), (3, "Twice", 2)):
        for day in range(acts):
            make_outreach(account, now - timedelta(days=day), target_hash=person, target_name=name)

    html = open_people()

    assert html.index("Thrice") < html.index("Twice") < html.index("Once")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("reply", "replied to 1 of their posts"),
        ("reshare", "boosted 1 of their posts"),
        ("quote", "quoted 1 of their posts"),
        ("follow", "followed them"),
    ],
)
def test_the_act_stands_there_in_plain_words(open_people, ada, now, kind, words):
    make_outreach(make_account(ada, now), now - timedelta(days=1), kind=kind)

    assert words in open_people()


def test_members_among_those_who_responded_can_be_given_to(open_people, ada, grace, now):
    hers = make_account(grace, now)
    make_reaction(make_account(ada, now), now, responder_hash=hers.person_hash)

    html = open_people()

    assert "Members among them" in html
    assert f"{reverse('give')}?to={grace.address}" in html


def test_somebody_is_found_by_their_whole_handle(client, ada, grace, now):
    make_account(grace, now, handle="@grace@known.example")
    client.force_login(ada)

    html = client.get("/people/", {"q": "grace@known.example"}).text

    assert f"{reverse('give')}?to={grace.address}" in html


def test_somebody_who_chose_so_is_found_by_name(client, ada, grace, now):
    make_account(grace, now)
    client.force_login(ada)
    assert "Nobody who can be found" in client.get("/people/", {"q": "grace od"}).text

    showing.be_found_by_name(grace, found=True)
    assert f"{reverse('give')}?to={grace.address}" in client.get("/people/", {"q": "grace od"}).text


def without_tokens(html):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


@pytest.mark.parametrize("why", ["shut", "blocked", "not findable", "not here"])
def test_not_here_and_not_to_be_found_look_alike(client, ada, grace, now, why):
    if why != "not here":
        make_account(grace, now, handle="@grace@known.example", findable=why != "not findable")
    if why == "shut":
        gifting.accept_from(grace, "nobody")
    if why == "blocked":
        by, of = gifting.hand_for(grace), gifting.hand_for(ada)
        Block.objects.create(by=by, of=of, made_at=now)
    client.force_login(ada)

    with CaptureQueriesContext(connection) as queries:
        html = client.get("/people/", {"q": "@grace@known.example"}).text
    with CaptureQueriesContext(connection) as others:
        nobody = client.get("/people/", {"q": "@nobody@known.example"}).text

    asked, of_nobody = "grace@known", "nobody@known"
    html = without_tokens(html).replace(asked, of_nobody).replace("grace%40", "nobody%40")
    assert html == without_tokens(nobody)
    assert len(queries) == len(others)


def test_a_list_of_members_cannot_be_read_out(client, ada):
    client.force_login(ada)
    for _ in range(40):
        assert client.get("/people/", {"q": "@a@known.example"}).status_code == 200

    assert client.get("/people/", {"q": "@a@known.example"}).status_code == 429


def test_names_written_from_right_to_left_stay_by_themselves(open_people, ada, now):
    make_outreach(make_account(ada, now), now, target_name=lives.RIGHT_TO_LEFT)

    assert f'<strong dir="auto">{lives.RIGHT_TO_LEFT}</strong>' in open_people()
