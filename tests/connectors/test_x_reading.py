"""What X is asked, what is made of its answers, and that the money suffices."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from networks.connectors.base import (
    AccessRevoked,
    ConnectorError,
    Counts,
    Credentials,
    OutOfAllowance,
    Page,
    Permanent,
    RateLimited,
    Setup,
    Transient,
)
from networks.connectors.x import XConnector
from networks.connectors.x.connector import SCOPES
from networks.http import Door
from tests.connectors.contract import link
from tests.connectors.fake_x import ME, POST, USER, FakeX, World
from tests.connectors.test_x_contract import LivelyX

SEARCH = "/2/tweets/search/recent"


def connector(fake: FakeX) -> XConnector:
    return XConnector(Door(frozenset({fake.host})), Setup(options=fake.options))


def read(fake: FakeX, cursor: Any = None, allowance: int | None = None) -> list[Page]:
    """One run; one that stops for money ends in a page that says "out"."""
    pages: list[Page] = []
    found = connector(fake).read(
        "x.com",
        Credentials(fake.token()),
        cursor or {},
        since=fake.now - timedelta(days=180),
        now=fake.now,
        allowance=allowance,
    )
    try:
        for page in found:
            pages.append(page)  # noqa: PERF402
    except OutOfAllowance:
        pages.append(Page({}, progress="out"))
    return pages


def reactions(pages: list[Page]) -> list[str]:
    return [str(reaction.kind) for page in pages for reaction in page.reactions]


@pytest.fixture
def grace(x) -> dict[str, Any]:
    return x.world.person(7, "grace")


# --- What is made of what X says ------------------------------------------------------------


def test_standing_comes_from_the_profile_in_the_same_answer(x, grace):
    x.world.reply(1, grace, x.world.post(2))
    responder = next(r.responder for page in read(x) for r in page.reactions)
    assert (responder.key, responder.handle, responder.host) == ("7", "@grace@x.com", "x.com")
    assert (responder.followers, responder.following, responder.posts) == (120, 80, 900)
    assert responder.created_at
    assert {path for path, _ in x.asked} == {
        "/2/users/me",
        f"/2/users/{ME}/tweets",
        f"/2/users/{ME}/mentions",
        SEARCH,
    }


def test_whom_the_member_reached_out_to_costs_no_profile(x, grace):
    theirs = x.world.post(3, grace)
    for act in (x.world.reply, x.world.repost, x.world.quote):
        act(2, x.world.me, theirs)
    x.world.post(1, text="with @grace", entities=x.world.mentioning(grace))
    acts = [act for page in read(x) for act in page.outreach]
    assert sorted(act.kind for act in acts) == ["mention", "quote", "reply", "reshare"]
    assert {(act.target.key, act.target.handle) for act in acts} == {("7", "@grace@x.com")}
    assert not [key for key in x.charged if key[1:] == ("user", "7")]


def test_the_member_answering_themselves_is_no_outreach(x):
    first = x.world.post(2)
    x.world.reply(1, x.world.me, first)
    x.world.quote(1, x.world.me, first)
    x.world.repost(1, x.world.me, first)
    assert not [act for page in read(x) for act in page.outreach]


def test_curation_is_how_many_lists_hold_the_member(x):
    counts = read(x)[0].counts
    assert counts
    assert (counts.followers, counts.curation, counts.posts) == (321, 7, 45)


def test_words_of_a_protected_member_are_not_kept(x):
    x.world.me["protected"] = True
    x.world.post(1, text="For few", entities={"hashtags": [{"start": 0, "end": 1, "tag": "sea"}]})
    (post,) = (post for page in read(x) for post in page.posts)
    assert (post.excerpt, post.tags) == ("", ())
    assert post.url


def test_somebody_elses_words_under_a_name_the_member_once_had_do_not_count(x, grace):
    theirs = x.world.post(1, x.world.person(8, "ada"))
    x.world.repost(0.5, grace, theirs)
    mine = x.world.post(1)
    x.world.repost(0.5, grace, mine)
    (reshare,) = (r for page in read(x) for r in page.reactions)
    assert reshare.post_remote_id == mine["id"]


def test_a_response_without_the_profile_of_its_author_is_set_aside(x, grace):
    x.world.reply(1, grace, x.world.post(2))
    x.bend = lambda path, value: value | {"includes": {}} if "mentions" in path else value
    pages = read(x)
    assert (reactions(pages), sum(page.set_aside for page in pages)) == ([], 1)


def test_reposts_and_quotes_are_looked_for_in_the_week_that_x_remembers(x, grace):
    mine = x.world.post(20)
    x.world.repost(8, grace, mine)
    x.world.repost(6, grace, mine)
    x.world.quote(5, grace, mine)
    first = read(x)
    assert sorted(reactions(first)) == ["quote", "reshare"]
    x.world.quote(0, grace, mine)
    x.now += timedelta(days=30)
    assert reactions(read(x, first[-1].cursor)) == []


def test_a_search_that_x_does_not_grant_leaves_the_rest(x, grace):
    x.answers[SEARCH] = (400, {"Content-Type": "application/problem+json"}, b"{}")
    x.world.reply(1, grace, x.world.post(2))
    pages = read(x)
    assert reactions(pages) == ["reply"]
    assert not pages[-1].more


def test_a_place_that_x_no_longer_knows_is_found_by_the_last_id(x, grace):
    x.page_size = 5
    mine = x.world.post(100)
    for day in range(30, 0, -1):
        x.world.reply(day, grace, mine)
    found = connector(x).read(
        "x.com", Credentials(x.token()), {}, since=x.now - timedelta(days=180), now=x.now
    )
    begun = [next(found) for _ in range(3)]
    x.page_tokens.clear()
    rest = read(x, begun[-1].cursor)
    assert len(reactions(begun) + reactions(rest)) == 30


def test_the_profile_is_read_once_a_week(x):
    first = read(x)
    x.asked.clear()
    x.now += timedelta(days=6)
    second = read(x, first[-1].cursor)
    assert "/2/users/me" not in [path for path, _ in x.asked]
    assert second[0].counts == Counts(), "the day was read, and the last figures stand"
    x.now += timedelta(days=1)
    assert read(x, second[-1].cursor)[0].identity


# --- Money ------------------------------------------------------------------------------------


def test_what_is_counted_is_what_x_charges(x, now):
    LivelyX(x, now)
    x.page_size = 100
    bills = []
    for x.owner in ("", ME):
        x.charged.clear()
        pages = read(x)
        assert not pages[-1].more
        assert sum(page.cost for page in pages) == x.bill
        bills.append(x.bill)
    full, owned = bills
    assert owned < full / 3, "reads of one's own are far cheaper"


def test_over_many_runs_it_is_never_less(x, now):
    LivelyX(x, now)
    cost, cursor, more = 0, {}, True
    while more:
        pages = read(x, cursor, 150_000)
        cost += sum(page.cost for page in pages)
        stopped = pages[-1].progress == "out"
        cursor, more = pages[-2 if stopped else -1].cursor, not stopped
    assert cost >= x.bill > 0


def test_a_day_on_which_nothing_happened_costs_nothing(x, now):
    LivelyX(x, now)
    x.page_size = 100
    cursor = read(x)[-1].cursor
    x.now += timedelta(days=1)
    assert sum(page.cost for page in read(x, cursor)) == 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2_500_000), st.integers(1, 100), st.booleans())
def test_a_run_never_costs_more_than_it_may(x, now, allowance, page_size, is_owned):
    x.world, x.now = World(now), now
    LivelyX(x, now)
    x.charged.clear()
    x.page_size, x.owner = page_size, ME if is_owned else ""
    x.windows.clear()
    pages = read(x, allowance=allowance)
    assert sum(page.cost for page in pages) <= allowance
    assert x.bill <= allowance


# Longer numbers do not pass the reader of JSON: see networks/strict_json.py.
JUNK = st.recursive(
    st.none() | st.integers(-(10**18), 10**18) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=30)
        | st.dictionaries(st.sampled_from(["id", "users", "tweets", "posts", "data"]), inner)
    ),
    max_leaves=60,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 1_000_000), JUNK, JUNK, st.booleans())
def test_whatever_pages_come_the_count_stays_within(x, now, allowance, data, includes, more):
    """X cannot charge for more than it was asked for, whatever it sends."""
    x.windows.clear()
    meta = {"next_token": "abc"} if more else {}
    answer = {"data": data, "includes": includes, "meta": meta}
    x.bend = lambda path, value: value if path == "/2/users/me" else answer
    assert sum(page.cost for page in read(x, allowance=allowance)) <= allowance


def test_without_money_for_it_no_request_is_made(x):
    assert read(x, allowance=USER - 1)[-1].progress == "out"
    assert x.asked == []
    read(x, allowance=USER + 5 * (POST + USER) - 1)
    assert [path for path, _ in x.asked] == ["/2/users/me"]


def test_money_that_does_not_suffice_is_spent_on_the_newest_of_each_list(x, now):
    LivelyX(x, now)
    x.page_size = 100
    pages = read(x, allowance=500_000)
    assert pages[-1].progress == "out"
    assert {"reply", "reshare", "quote"} <= set(reactions(pages))
    dates = [post.posted_at for page in pages for post in page.posts]
    assert max(dates) > now - timedelta(days=4)
    x.charged.clear()
    # What was below is given up: with new money only what came since is read.
    assert not any(page.posts or page.reactions for page in read(x, pages[-2].cursor))


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "cost"),
    [
        (200, {"Content-Type": "text/html"}, b"<h1>Hello</h1>", "garbage", USER),
        (200, {"Content-Type": "application/json"}, b" " * 1_100_000, "too_large", USER),
        (500, {}, b"", "server_error", 0),
        (402, {"Content-Type": "application/problem+json"}, b"{}", "out_of_credit", 0),
    ],
)
def test_a_failed_request_says_what_it_may_have_cost(x, status, headers, body, code, cost):
    x.answers["/2/users/me"] = (status, headers, body)
    with pytest.raises(ConnectorError) as caught:
        read(x)
    assert (caught.value.code, caught.value.cost) == (code, cost)


# --- Access -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [("client-forbidden", Permanent, "app_refused"), ("other", AccessRevoked, "access_revoked")],
)
def test_a_refusal_says_whose_matter_it_is(x, kind, error, code):
    body = f'{{"type": "https://api.twitter.com/2/problems/{kind}", "title": "No"}}'.encode()
    x.answers["/2/users/me"] = (403, {"Content-Type": "application/problem+json"}, body)
    with pytest.raises(error) as caught:
        read(x)
    assert caught.value.code == code


def test_a_used_up_window_is_heeded(x):
    """X says 0 left with the last good answer; what comes next is not even asked."""
    x.windows["/2/users/me"] = 1
    x_connector, token = connector(x), Credentials(x.token())
    x_connector.identify("x.com", token)
    with pytest.raises(RateLimited) as caught:
        x_connector.identify("x.com", token)
    assert caught.value.until > datetime.now(caught.value.until.tzinfo) + timedelta(minutes=10)
    assert len(x.asked) == 1


def test_neither_token_nor_answers_reach_tweepys_log(x, grace, caplog):
    caplog.set_level(logging.DEBUG)
    x.world.reply(1, grace, x.world.post(2, text="Not for the log"))
    token = Credentials(x.token())
    list(connector(x).read("x.com", token, {}, since=x.now - timedelta(days=9), now=x.now))
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "/2/users/me" in said, "tweepy was listened to"
    assert token.access_token not in said
    assert "Not for the log" not in said


def test_refreshing_gives_new_tokens_and_uses_the_old_ones_up(x, now):
    network = LivelyX(x, now)
    app, credentials = link(network)
    assert credentials.expires_at == now + timedelta(hours=2)
    fresh = network.connector.refresh("x.com", app, credentials, now + timedelta(hours=3))
    assert fresh.refresh_token != credentials.refresh_token
    assert fresh.expires_at == now + timedelta(hours=5)
    assert network.connector.identify("x.com", fresh).remote_id == ME
    with pytest.raises(AccessRevoked):
        network.connector.refresh("x.com", app, credentials, now)


def test_a_token_may_begin_with_anything(x, now):
    granted = {"access_token": "-access", "refresh_token": "--refresh"}
    x.bend = lambda path, value: value | granted if path == "/2/oauth2/token" else value
    _, credentials = link(LivelyX(x, now))
    assert (credentials.access_token, credentials.refresh_token) == ("-access", "--refresh")


def test_revoking_ends_the_refresh_token_too(x, now):
    network = LivelyX(x, now)
    app, credentials = link(network)
    network.connector.revoke("x.com", app, credentials)
    with pytest.raises(AccessRevoked):
        network.connector.refresh("x.com", app, credentials, now)


def test_a_client_without_a_secret_is_a_public_one(x, now):
    x.apps = {"public-client": ""}
    app, _ = link(LivelyX(x, now))
    assert (app.client_id, app.client_secret) == ("public-client", "")
    (path, form, authorization) = x.posted[0]
    assert (path, form["client_id"], authorization) == ("/2/oauth2/token", "public-client", "")


def test_a_confidential_client_says_who_it_is_in_the_header_alone(x, now):
    link(LivelyX(x, now))
    _, form, authorization = x.posted[0]
    assert authorization.startswith("Basic ")
    assert not {"client_id", "client_secret"} & form.keys()


def test_a_new_secret_of_the_application_is_taken_for_old_links(x, now):
    app, credentials = link(LivelyX(x, now))
    x.apps["klout-client"] = "new-secret"
    assert connector(x).refresh("x.com", app, credentials, now)
    assert not connector(x).is_registered("x.com", app)


def test_an_application_that_x_does_not_know_costs_no_member_their_consent(x, now):
    app, credentials = link(LivelyX(x, now))
    x.apps = {"klout-client": "other"}
    wrong = Setup(options=x.options | {"client_secret": "wrong"})
    with pytest.raises(Permanent) as caught:
        XConnector(Door(frozenset({x.host})), wrong).refresh("x.com", app, credentials, now)
    assert (type(caught.value), caught.value.code) == (Permanent, "app_refused")


def test_less_access_than_reading_takes_is_refused(x, now):
    x.granted_scopes = "tweet.read users.read"
    with pytest.raises(Permanent) as caught:
        link(LivelyX(x, now))
    assert caught.value.code == "too_little_access"


@pytest.mark.parametrize(
    "granted",
    [
        {"access_token": None},
        {"access_token": "two words"},
        {"refresh_token": "two words"},
        {"token_type": "mac"},
    ],
)
def test_an_answer_without_good_tokens_is_garbage(x, now, granted):
    x.bend = lambda path, value: value | granted if path == "/2/oauth2/token" else value
    with pytest.raises(Transient) as caught:
        link(LivelyX(x, now))
    assert caught.value.code == "garbage"


def test_what_is_asked_for_is_no_more_than_is_used(x, now):
    app, credentials = link(LivelyX(x, now))
    assert app.scopes == SCOPES == "tweet.read users.read offline.access"
    assert credentials.scopes == SCOPES
