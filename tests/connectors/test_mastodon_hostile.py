"""A Mastodon that lies, repeats itself, never ends, or is none."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    ConnectorError,
    Credentials,
    Destination,
    NotThisPlatform,
    Page,
    Permanent,
    RateLimited,
    Setup,
    Transient,
)
from networks.connectors.mastodon import MastodonConnector
from networks.connectors.progress import said
from networks.http import Door
from tests.connectors.contract import CHALLENGE, STATE, VERIFIER, assert_storable, keys
from tests.connectors.fake_mastodon import ME, REDIRECT, FakeMastodon, account, mention_of

STATUSES = f"/api/v1/accounts/{ME}/statuses"
FOLLOWING = f"/api/v1/accounts/{ME}/following"
NOTIFICATIONS = "/api/v1/notifications"
GRACE = account(7, "grace@other.example")


@pytest.fixture
def connector(mastodon: FakeMastodon) -> MastodonConnector:
    return MastodonConnector(Door(frozenset({mastodon.host})), Setup())


class Reader:
    def __init__(self, mastodon: FakeMastodon, now: datetime) -> None:
        self.mastodon = mastodon
        self.connector = MastodonConnector(Door(frozenset({mastodon.host})), Setup())
        self.credentials = Credentials(mastodon.token())
        self.now = now

    def __call__(self, cursor: Any = None) -> list[Page]:
        pages = list(self.lazily(cursor))
        for page in pages:
            assert_storable(page, self.now)
        return pages

    def lazily(self, cursor: Any = None) -> Iterator[Page]:
        return self.connector.read(
            self.mastodon.host,
            self.credentials,
            cursor or {},
            since=self.now - timedelta(days=180),
            now=self.now,
        )


@pytest.fixture
def read(mastodon: FakeMastodon, now: datetime) -> Reader:
    return Reader(mastodon, now)


# --- Lists that lie -----------------------------------------------------------------------------


def test_an_empty_account_is_read_to_the_end_in_one_go(mastodon, read):
    pages = read()
    assert (len(pages), pages[-1].more) == (4, False)
    mastodon.world.write(0)
    assert keys(read(pages[-1].cursor))["posts"]


def test_a_quiet_poll_is_four_requests(mastodon, read):
    mastodon.world.write(1)
    mastodon.world.notify("follow", GRACE, 1)
    mastodon.world.follow(GRACE)
    cursor = read()[-1].cursor
    mastodon.asked.clear()
    read(cursor)
    assert len(mastodon.asked) == 4


def test_what_is_older_than_asked_for_is_left(mastodon, read):
    old, fresh = mastodon.world.write(181), mastodon.world.write(179)
    assert keys(read())["posts"] == [fresh["id"]]
    assert old["id"] not in keys(read())["posts"]


def test_the_back_fill_stops_where_it_should(mastodon, read):
    mastodon.limits[STATUSES] = 20
    for day in range(400, 0, -2):
        mastodon.world.write(day)
    assert len(keys(read())["posts"]) == 90
    # Five pages of twenty hold the 90 since then; one more looks whether something came.
    assert sum(path == STATUSES for path, _ in mastodon.asked) == 6


def test_a_server_that_ignores_paging_is_read_once(mastodon, read, now):
    for day in (3, 2, 1):
        mastodon.world.write(day)
        mastodon.world.notify("follow", account(100 + day, f"p{day}"), day)
    everything = {STATUSES: mastodon.world.statuses, NOTIFICATIONS: mastodon.world.notifications}
    mastodon.bend = lambda path, value: everything.get(path, value)
    pages = read()
    assert {kind: len(found) for kind, found in keys(pages).items()} == {
        "posts": 3,
        "reactions": 3,
        "outreach": 0,
    }
    assert not pages[-1].more
    assert not any(keys(read(pages[-1].cursor)).values())


def test_endless_pages_take_20_requests_a_run_and_no_more(mastodon, read):
    numbers = itertools.count(10**15, -1)

    def more_of_the_same(path: str, value: Any) -> Any:
        if path == STATUSES:
            return [mastodon.world.status(0) | {"id": str(next(numbers))} for _ in range(3)]
        return value

    mastodon.bend = more_of_the_same
    pages = read()
    assert len(pages) == 20
    assert pages[-1].more
    assert len(mastodon.asked) == 20
    assert any(path == NOTIFICATIONS for path, _ in mastodon.asked)


def test_a_next_link_that_is_always_the_same_is_followed_once(mastodon, read):
    mastodon.answers[FOLLOWING] = (
        200,
        {
            "Content-Type": "application/json",
            "Link": f'<http://{mastodon.host}{FOLLOWING}?max_id=5>; rel="next"',
        },
        b"[]",
    )
    read()
    assert sum(path == FOLLOWING for path, _ in mastodon.asked) <= 2


def test_a_next_link_to_elsewhere_leads_nowhere(mastodon, read, now):
    body = b'[{"id": "7", "acct": "grace@other.example"}]'
    elsewhere = "https://evil.example/?max_id=3"
    mastodon.answers[FOLLOWING] = (
        200,
        {"Content-Type": "application/json", "Link": f'<{elsewhere}>; rel="next"'},
        body,
    )
    read()
    assert {
        query.get("max_id", [""])[0] for path, query in mastodon.asked if path == FOLLOWING
    } == {
        "",
        "3",
    }


def test_repeated_and_shuffled_items_are_read_once(mastodon, read):
    for day in range(30, 0, -1):
        mastodon.world.write(day)
    mastodon.bend = lambda path, value: (
        [*value[::2], *value[1::2], *value] if path == STATUSES else value
    )
    found = keys(read())["posts"]
    assert len(found) == len(set(found)) == 30


def test_ids_never_go_back_when_a_server_rewinds(mastodon, read):
    mastodon.world.write(2)
    newest = mastodon.world.write(1)["id"]
    cursor = read()[-1].cursor
    mastodon.bend = lambda path, value: (
        [mastodon.world.status(0) | {"id": "3"}] if path == STATUSES else value
    )
    pages = read(cursor)
    assert not keys(pages)["posts"]
    assert pages[-1].cursor["statuses"]["newest"] == newest


def test_bad_items_are_set_aside_and_counted(mastodon, read):
    good = mastodon.world.write(1)
    bad = [
        None,
        7,
        "text",
        [],
        {},
        {"id": {}},
        good | {"id": "2001", "created_at": None},
        good | {"id": "2002", "account": None},
        good | {"id": "2003", "account": GRACE},
        good | {"id": "<script>"},
    ]
    mastodon.bend = lambda path, value: [*value, *bad] if path == STATUSES and value else value
    pages = read()
    assert keys(pages)["posts"] == [good["id"]]
    assert max(page.set_aside for page in pages) == len(bad)


def test_nobody_passes_for_somebody_of_another_server(mastodon, connector, read):
    mastodon.world.me |= {"acct": "alice@mastodon.social"}
    identity = connector.identify(mastodon.host, read.credentials)
    assert identity.person.key == f"alice@{mastodon.host}"
    assert identity.person.handle == f"@alice@{mastodon.host}"
    assert read()[0].identity == identity


def test_huge_figures_are_held_down(mastodon, read):
    mastodon.world.me |= {"followers_count": 10**18, "statuses_count": -5}
    loud = GRACE | {"followers_count": 9 * 10**18}
    mastodon.world.notify("follow", loud, 1)
    pages = read()
    assert pages[0].counts is not None
    assert (pages[0].counts.followers, pages[0].counts.posts) == (10**12, None)
    (reaction,) = [r for page in pages for r in page.reactions]
    assert reaction.responder.followers == 10**12


def test_long_posts_are_read_a_few_at_a_time(mastodon, read):
    for day in range(60, 0, -1):
        mastodon.world.write(day, "word " * 10_000)
    found = keys(read())["posts"]
    assert len(found) == len(set(found)) == 60
    assert max(int(query["limit"][0]) for path, query in mastodon.asked if path == STATUSES) == 40


def test_a_server_without_a_following_list_is_read_all_the_same(mastodon, read):
    mastodon.answers[FOLLOWING] = (404, {"Content-Type": "application/json"}, b"{}")
    mastodon.world.write(1)
    pages = read()
    assert (bool(keys(pages)["posts"]), pages[-1].more) == (True, False)


def test_new_follows_are_read_down_to_the_known_ones(mastodon, read):
    for number in range(200):
        mastodon.world.follow(account(100 + number, f"p{number}"))
    cursor = read()[-1].cursor
    mastodon.world.follow(account(900, "new"))
    mastodon.asked.clear()
    assert keys(read(cursor))["outreach"] == [f"follow:new@{mastodon.host}"]
    assert sum(path == FOLLOWING for path, _ in mastodon.asked) == 1


def test_the_member_watches_how_far_the_reading_is(mastodon, read):
    mastodon.limits = {STATUSES: 1, NOTIFICATIONS: 1}
    for day in (320, 122, 1):
        mastodon.world.write(day)
        mastodon.world.notify("follow", account(day, f"p{day}"), day)
    progress = [said(page.progress, date(2026, 11, 2)) for page in read()]
    assert progress[0] == "Reading your profile"
    assert "Reading what you wrote: back to 3 July" in progress
    assert "Reading who answered you: back to 3 July" in progress
    assert "Reading what you wrote: back to 17 December 2025" in progress
    assert progress[-1] == "Reading whom you follow"


def test_what_was_read_before_a_wait_stays_read(mastodon, read):
    mastodon.limits[STATUSES] = 2
    for day in range(10, 0, -1):
        mastodon.world.write(day)
    pages = []
    run = read.lazily()
    pages += [next(run), next(run), next(run)]
    mastodon.answers[STATUSES] = (429, {"Retry-After": "1"}, b"{}")
    with pytest.raises(RateLimited):
        next(run)
    del mastodon.answers[STATUSES]
    read.connector = MastodonConnector(Door(frozenset({mastodon.host})), Setup())
    pages += read(pages[-1].cursor)
    found = keys(pages)["posts"]
    assert len(found) == len(set(found)) == 10


def test_only_what_is_needed_is_asked_for(mastodon, read):
    mastodon.world.notify("status", GRACE, 1, status=mastodon.world.status(1, account=GRACE))
    read()
    (query,) = {
        tuple(query["exclude_types[]"]) for path, query in mastodon.asked if path == NOTIFICATIONS
    }
    assert "status" in query


def test_no_token_is_in_what_goes_wrong(mastodon, read, caplog):
    caplog.set_level("DEBUG")
    mastodon.answers[STATUSES] = (500, {}, read.credentials.access_token.encode())
    with pytest.raises(ConnectorError) as caught:
        read()
    assert read.credentials.access_token not in f"{caught.value!r}{caplog.text}"


# --- Linking ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", b"<h1>Not found</h1>"),
        (405, "text/html", b""),
        (422, "application/json", b'{"error": "no"}'),
        (200, "text/html", b"<h1>My blog</h1>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"client_id": "a"}'),
        (200, "application/json", b'{"client_id": "a", "client_secret": "line\\nbreak"}'),
        (200, "application/json", b'{"client_id": "", "client_secret": ""}'),
    ],
)
def test_a_server_that_does_not_register_us_does_not_speak_mastodon(
    mastodon, connector, status, kind, body
):
    mastodon.answers["/api/v1/apps"] = (status, {"Content-Type": kind}, body)
    with pytest.raises(NotThisPlatform):
        connector.register(mastodon.host, REDIRECT)


def test_a_server_in_trouble_is_not_taken_for_another_platform(mastodon, connector):
    mastodon.answers["/api/v1/apps"] = (502, {}, b"")
    with pytest.raises(Transient) as caught:
        connector.register(mastodon.host, REDIRECT)
    assert caught.value.code == "server_error"


def exchanged(mastodon: FakeMastodon, connector: MastodonConnector) -> Credentials:
    app = connector.register(mastodon.host, REDIRECT)
    code = mastodon.consent(
        connector.ask_consent(Destination(mastodon.host), app, REDIRECT, STATE, CHALLENGE).url
    )
    return connector.exchange(mastodon.host, app, REDIRECT, code, VERIFIER, {}, mastodon.world.now)


@pytest.mark.parametrize(
    ("granted", "code"),
    [
        ({"access_token": None}, "garbage"),
        ({"access_token": "a b"}, "garbage"),
        ({"access_token": "a\r\nX: 1"}, "garbage"),
        ({"token_type": "mac"}, "garbage"),
        ({"scope": "write"}, "too_little_access"),
        ({"scope": "read:accounts"}, "too_little_access"),
        ({"scope": ["read"]}, "too_little_access"),
    ],
)
def test_a_grant_that_is_none_is_refused(mastodon, connector, granted, code):
    mastodon.bend = lambda path, value: value | granted if path == "/oauth/token" else value
    with pytest.raises(ConnectorError) as caught:
        exchanged(mastodon, connector)
    assert caught.value.code == code


@pytest.mark.parametrize("scope", ["read", "read write follow", "", None])
def test_a_coarser_grant_will_do(mastodon, connector, scope):
    mastodon.bend = lambda path, value: (
        value | {"scope": scope} if path == "/oauth/token" else value
    )
    assert exchanged(mastodon, connector).access_token in mastodon.tokens


def test_a_server_that_cannot_revoke_says_so(mastodon, connector, read):
    with pytest.raises(Permanent):
        connector.revoke(mastodon.host, AppRegistration("x", "y", ""), read.credentials)


def test_a_server_in_trouble_has_not_forgotten_us(mastodon, connector):
    app = connector.register(mastodon.host, REDIRECT)
    mastodon.answers["/oauth/token"] = (400, {"Content-Type": "text/html"}, b"what?")
    assert connector.is_registered(mastodon.host, app)


def test_a_missing_scope_needs_consent_again(mastodon, read):
    mastodon.answers[NOTIFICATIONS] = (
        403,
        {"Content-Type": "application/json"},
        b'{"error": "This action is outside the authorized scopes"}',
    )
    with pytest.raises(AccessRevoked):
        read()


@pytest.mark.parametrize(
    "typed",
    [
        "mastodon.social",
        "Mastodon.Social",
        " https://Mastodon.Social/ ",
        "https://mastodon.social/@ada",
        "https://mastodon.social/@ada?x=1#y",
        "http://mastodon.social",
        "@ada@mastodon.social",
        "ada@mastodon.social",
        "mastodon.social.",
        "mastodon.social/about",
    ],
)
def test_a_server_is_understood_however_it_is_typed(typed):
    assert MastodonConnector(Door(), Setup()).find(typed).host == "mastodon.social"


def test_a_server_in_another_script_is_understood():
    found = MastodonConnector(Door(), Setup()).find("https://Bücher.example/").host
    assert found == "xn--bcher-kva.example"


@pytest.mark.parametrize("typed", ["127.0.0.1:8001", "http://127.0.0.1:8001/", "@a@127.0.0.1:8001"])
def test_a_development_server_is_understood(typed):
    connector = MastodonConnector(Door(frozenset({"127.0.0.1:8001"})), Setup())
    assert connector.find(typed).host == "127.0.0.1:8001"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the name"),
        ("mastodon", "whole server name"),
        ("@ada", "whole server name"),
        ("my server", "not the name of a server"),
        ("ftp://mastodon.social", "not a server on the web"),
        ("javascript://mastodon.social", "not a server on the web"),
        ("mastodon.social:3000", "usual port"),
        ("https://mastodon.social:443", "usual port"),
        ("127.0.0.1", "not its address"),
        ("[::1]", "not its address"),
        ("http://127.0.0.1:8001", "usual port"),
        ("mastodon..social", "not the name of a server"),
        ("https://", "not the name of a server"),
        ("@", "not the name of a server"),
        ("\x00", "not the name of a server"),
        ("a" * 5000 + ".example", "not the name of a server"),
        ("mastodon.social\n.evil.example", "not the name of a server"),
    ],
)
def test_nonsense_gets_a_sentence(typed, said):
    with pytest.raises(ValueError, match=said) as caught:
        MastodonConnector(Door(), Setup()).find(typed)
    assert len(str(caught.value)) < 200


def test_mentions_are_outreach_over_the_wire(mastodon, read):
    mastodon.world.write(1, mentions=[mention_of(GRACE)])
    (act,) = [act for page in read() for act in page.outreach]
    assert act.target.handle == "@grace@other.example"
