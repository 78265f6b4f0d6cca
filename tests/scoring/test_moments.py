"""What a post added is what the score lacks without the reactions to it, by the rule."""

from datetime import timedelta

import pytest

from networks.models import Reaction
from scoring.models import Score
from scoring.selectors import detailed_on
from scoring.services import run_night
from tests.factories import (
    make_account,
    make_outreach,
    make_post,
    make_reaction,
    make_reading,
)


@pytest.fixture
def heard_posts(ada, now):
    """Three posts on two accounts; some people react to several of them, and again and again."""
    first = make_account(ada, now - timedelta(days=100))
    second = make_account(ada, now - timedelta(days=100), platform="bluesky")
    for account in (first, second):
        make_reading(account, now - timedelta(hours=11), followers=9_000)
    posts = [
        make_post(
            first, now - timedelta(days=30), excerpt="On lighthouses", url="https://a.example/1"
        ),
        make_post(first, now - timedelta(days=9), excerpt="On buoys"),
        make_post(second, now - timedelta(days=50), excerpt="On tides"),
    ]
    for place, post in enumerate(posts):
        for number in range(24 - 6 * place):
            make_reaction(
                post.account,
                now - timedelta(days=1 + number % 8 + 9 * place),
                responder_hash=number % (15 - place),
                standing=(1000, 700, 200)[(number + place) % 3],
                post=post,
            )
    make_reaction(first, now - timedelta(days=3), responder_hash=1, standing=600)
    run_night(now.date(), now)
    return posts


def moments_on(member, on):
    return {one.excerpt: one for one in detailed_on(member, on).moments}


def test_they_are_the_posts_with_most_people_first(ada, now, heard_posts):
    found = detailed_on(ada, now.date()).moments
    assert [(one.excerpt, one.people, one.reactions) for one in found] == [
        ("On lighthouses", 15, 24),
        ("On buoys", 14, 18),
        ("On tides", 12, 12),
    ]
    assert found[0].url == "https://a.example/1"


@pytest.mark.parametrize("place", range(3))
def test_what_one_added_is_what_the_engine_makes_without_its_reactions(
    ada, now, heard_posts, place
):
    before = Score.objects.get().hundredths // 10
    told = moments_on(ada, now.date())[heard_posts[place].excerpt]
    Reaction.objects.filter(post=heard_posts[place]).delete()
    run_night(now.date(), now)
    assert before - Score.objects.get().hundredths // 10 == told.tenths > 0


def test_what_happened_outside_the_window_or_was_recorded_later_counts_in_none(
    ada, now, heard_posts
):
    before = moments_on(ada, now.date())
    for at, recorded in ((now - timedelta(days=95), now), (now - timedelta(days=2), now)):
        make_reaction(
            heard_posts[0].account,
            at,
            recorded_at=recorded + timedelta(minutes=5),
            post=heard_posts[0],
        )
    assert moments_on(ada, now.date()) == before


def test_without_responses_to_posts_there_are_none(ada, now, make_heard):
    make_heard(ada)
    run_night(now.date(), now)
    assert detailed_on(ada, now.date()).moments == ()


def test_the_page_shows_them_with_their_links(client, ada, now, heard_posts):
    client.force_login(ada)
    html = client.get("/score/2026-11-02/").content.decode()
    assert (
        'href="https://a.example/1" rel="noopener noreferrer nofollow">On lighthouses</a>' in html
    )
    assert "What moved people" in html


def test_people_whom_trust_lifted_count_as_much_as_they_did_in_the_night(
    ada, grace, now, heard_posts
):
    """Responder 2 has half the weight of a whole one by standing, and more by grace's trust."""
    of_grace = make_account(grace, now - timedelta(days=50), standing=1000)
    make_outreach(of_grace, now - timedelta(days=4), target_hash=2)
    run_night(now.date(), now + timedelta(minutes=1))
    score = Score.objects.get(member=ada)
    assert any(sum(one.by_weight[3:]) for one in score.contributions.all())
    told = moments_on(ada, now.date())["On lighthouses"]
    Reaction.objects.filter(post=heard_posts[0]).delete()
    run_night(now.date(), now + timedelta(minutes=2))
    after = Score.objects.get(member=ada).hundredths // 10
    assert score.hundredths // 10 - after == told.tenths
