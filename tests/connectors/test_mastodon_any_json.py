"""Whatever a server sends: no crash, nothing that cannot be stored, no figure out of bounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.base import Page
from networks.connectors.fields import each, excerpt, line, link, moment
from networks.connectors.mastodon.paging import Stream, Walk
from networks.connectors.mastodon.parsing import (
    Viewpoint,
    parse_followed,
    parse_identity,
    parse_notification,
    parse_own_status,
)
from tests.connectors.any_json import JSON, TEXT, bent
from tests.connectors.contract import assert_storable
from tests.connectors.fake_mastodon import ME, World, account, mention_of

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
VIEW = Viewpoint("known.example", ME, NOW)


def good_items() -> dict[str, dict[str, Any]]:
    world = World(NOW)
    grace = account(7, "grace@other.example")
    mine = world.status(2, mentions=[mention_of(grace)], tags=[{"name": "sea"}])
    reply = world.status(
        1,
        account=grace,
        in_reply_to_account_id=ME,
        in_reply_to_id=mine["id"],
        quote={"quoted_status": mine},
    )
    base = {"id": "5", "created_at": world.at(1), "account": grace}
    return {
        "status": mine,
        "boost": world.status(1, reblog=world.status(3, account=grace)),
        "favourite": base | {"type": "favourite", "status": mine},
        "mention": base | {"type": "mention", "status": reply},
        "quote": base | {"type": "quote", "status": reply},
        "account": grace,
    }


def as_page(value: Any) -> Page:
    """The value read as each kind of item that it might be."""
    written, _ = each([value], lambda item: parse_own_status(item, VIEW))
    notified, _ = each([value], lambda item: parse_notification(item, VIEW))
    followed, _ = each([value], lambda item: parse_followed(item, VIEW))
    identities, _ = each([value], lambda item: parse_identity(item, VIEW))
    return Page(
        {},
        counts=identities[0][1] if identities else None,
        identity=identities[0][0] if identities else None,
        posts=tuple(item.post for item in [*written, *notified] if item.post),
        reactions=tuple(item.reaction for item in notified if item.reaction),
        outreach=(
            *(act for item in written for act in item.outreach),
            *(act for _, act in followed if act),
        ),
    )


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


@settings(max_examples=600, deadline=None)
@given(bent(list(good_items().values())))
def test_any_bent_item_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.integers(1, 30))
def test_a_line_is_a_line_and_stays_the_same_when_read_again(text, limit):
    found = line(text, limit)
    assert len(found) <= limit
    assert found == found.strip()
    assert line(found, limit) == found
    found.encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.text("<>/ab&;!-\"'= pdiv", max_size=300))
def test_an_excerpt_holds_no_more_than_280_characters(markup):
    assert len(excerpt(markup)) <= 280


@given(TEXT)
def test_a_link_is_https_or_nothing(text):
    assert link(text) in ("", text)
    assert link("https://x.example/" + text).startswith("https://") or not link(
        "https://x.example/" + text
    )


@given(st.datetimes(timezones=st.timezones() | st.just(UTC)))
def test_a_time_is_never_ahead(value):
    said = value.isoformat()[:40]
    times, _ = each([said], lambda item: moment(item, NOW))
    assert all(found <= NOW and found.tzinfo is not None for found in times)


# --- Paging against servers that lie ----------------------------------------------------------

IDS = st.integers(0, 60).map(str)
TIMES = st.none() | st.integers(0, 400).map(lambda days: NOW - timedelta(days=days))
SINCE = NOW - timedelta(days=180)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dictionaries(IDS, TIMES, max_size=5), max_size=30))
def test_the_newest_id_never_goes_back_and_nothing_is_fresh_twice(pages):
    stream, read = Stream(), set()
    for seen in pages:
        fresh = {remote_id for remote_id in seen if stream.is_fresh(remote_id)}
        assert not (fresh & read)
        read |= fresh
        step = stream.after(seen, SINCE)
        if step.stream.newest and stream.newest:
            assert int(step.stream.newest) >= int(stream.newest)
        stream = Stream.from_json(step.stream.to_json())
        assert stream == step.stream


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.lists(IDS, max_size=5), IDS), min_size=120, max_size=120))
def test_a_walk_comes_back_from_json_and_ends(pages):
    walk, walks = Walk(), 0
    for seen, following in pages:
        walk, is_over = walk.after(seen, following)
        assert Walk.from_json(walk.to_json()) == walk
        walks += is_over
    assert walks


@given(JSON)
def test_a_cursor_may_be_anything(value):
    assert Stream.from_json(value).query() is not None
    assert Walk.from_json(value).query() is not None
