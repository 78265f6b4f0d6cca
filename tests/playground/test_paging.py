"""Walking a list page by page, in either direction, meets each item exactly once."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.paging import Window, page

FAR = 1 << 80


@dataclass(frozen=True)
class Item:
    id: int


lists = st.lists(st.integers(1, 10_000), unique=True, max_size=60).map(
    lambda ids: [Item(each) for each in sorted(ids)]
)
limits = st.integers(1, 25)
# A busy machine is no failure.
calmly = settings(deadline=None)


@calmly
@given(lists, limits)
def test_walking_back_by_max_id_meets_each_item_once(items, limit):
    met: list[Item] = []
    while found := page(items, Window(limit, max_id=met[-1].id if met else None), FAR):
        met += found
    assert met == items[::-1]


@calmly
@given(lists, limits, st.integers(0, 10_001))
def test_walking_forward_by_min_id_meets_each_newer_item_once(items, limit, start):
    met: list[Item] = []
    cursor = start
    while found := page(items, Window(limit, min_id=cursor), FAR):
        met = found + met
        cursor = found[0].id
    assert met == [item for item in reversed(items) if item.id > start]


@calmly
@given(lists, limits, st.integers(0, 10_001))
def test_since_id_gives_the_newest_and_min_id_the_next(items, limit, start):
    newer = [item for item in items if item.id > start]
    assert page(items, Window(limit, since_id=start), FAR) == newer[::-1][:limit]
    assert page(items, Window(limit, min_id=start), FAR) == newer[:limit][::-1]


@calmly
@given(lists, limits, st.integers(0, 10_001))
def test_nothing_at_or_beyond_the_horizon_is_shown(items, limit, horizon):
    for window in (Window(limit), Window(limit, min_id=0), Window(limit, max_id=FAR)):
        assert all(item.id < horizon for item in page(items, window, horizon))


@calmly
@given(lists, limits)
def test_a_filter_does_not_shorten_the_walk(items, limit):
    met: list[Item] = []
    cursor = None
    while found := page(items, Window(limit, max_id=cursor), FAR, lambda item: item.id % 3 == 0):
        met += found
        cursor = found[-1].id
    assert met == [item for item in reversed(items) if item.id % 3 == 0]


def _links(answer: requests.Response) -> dict[str, str]:
    return {name: link["url"] for name, link in answer.links.items()}


def _walk(playground, token, address, rel):
    met = []
    while address:
        answer = playground.get(address, token)
        if not answer.json():
            break
        met.append([item["id"] for item in answer.json()])
        address = _links(answer).get(rel)
    return met


def test_the_links_of_notifications_lead_through_all_of_them(playground):
    token = playground.sign_in("ada")
    pages = _walk(playground, token, "/api/v1/notifications?limit=80", "next")
    ids = [each for found in pages for each in found]
    assert len(ids) == len(set(ids)) > 1000
    assert ids == sorted(ids, key=int, reverse=True)
    oldest = f"/api/v1/notifications?limit=80&min_id={int(ids[-1]) - 1}"
    forward = [
        each for found in reversed(_walk(playground, token, oldest, "prev")) for each in found
    ]
    assert forward == ids


def test_links_keep_the_other_parameters(playground):
    token = playground.sign_in("ada")
    answer = playground.get(
        "/api/v1/notifications", token, **{"types[]": ["mention", "reblog"], "limit": 5}
    )
    query = parse_qs(urlsplit(_links(answer)["next"]).query)
    assert query["types[]"] == ["mention", "reblog"]
    assert query["limit"] == ["5"]
    assert query["max_id"] == [answer.json()[-1]["id"]]
    assert {notification["type"] for notification in answer.json()} <= {"mention", "reblog"}


def test_the_links_of_followers_lead_through_people_and_crowd(playground):
    account = playground.get("/api/v1/accounts/lookup", acct="tomas").json()
    address = f"/api/v1/accounts/{account['id']}/followers?limit=80"
    pages = _walk(playground, "", address, "next")
    ids = [each for found in pages for each in found]
    assert len(ids) == len(set(ids)) == account["followers_count"]


def test_a_page_holds_at_most_what_mastodon_allows(playground):
    token = playground.sign_in("ada")
    assert len(playground.get("/api/v1/notifications", token, limit=500).json()) == 80
    assert len(playground.get("/api/v1/notifications", token).json()) == 40
    account = playground.get("/api/v1/accounts/verify_credentials", token).json()
    written = f"/api/v1/accounts/{account['id']}/statuses"
    assert len(playground.get(written, token, limit=500).json()) == 40
    assert len(playground.get(written, token).json()) == 20


def test_nonsense_cursors_count_as_none(playground):
    token = playground.sign_in("ada")
    answer = playground.get("/api/v1/notifications", token, min_id="abc", limit="many")
    assert len(answer.json()) == 40


def test_replies_and_boosts_can_be_left_out(playground):
    account = playground.get("/api/v1/accounts/lookup", acct="grace").json()
    written = playground.get(
        f"/api/v1/accounts/{account['id']}/statuses",
        exclude_replies="true",
        exclude_reblogs="true",
        limit=40,
    ).json()
    assert written
    assert all(status["reblog"] is None for status in written)
    assert all(status["in_reply_to_account_id"] in (None, account["id"]) for status in written)
