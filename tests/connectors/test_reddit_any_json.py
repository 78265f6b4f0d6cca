"""Whatever Reddit sends: no crash, nothing that cannot be stored."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from networks.connectors.base import Page, Person
from networks.connectors.fields import Unreadable, each
from networks.connectors.reddit.parsing import (
    View,
    children,
    comments_under,
    outreach,
    own_post,
    parse_about,
    parse_identity,
    parse_thing,
    reaction,
)
from networks.connectors.reddit.reading import Run
from tests.connectors.any_json import JSON, bent
from tests.connectors.contract import assert_storable
from tests.connectors.fake_reddit import ME, World

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
VIEW = View("www.reddit.com", "https://www.reddit.com", NOW, ME)


def good_items() -> list[Any]:
    world = World(NOW)
    post = world.post("ada", 3)
    comment = world.comment(world.person("grace"), post, 1)
    listing = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": comment}]}}
    return [
        {"kind": "t3", "data": post},
        {"kind": "t1", "data": {**comment, "replies": listing}},
        [{"kind": "Listing", "data": {"children": []}}, listing],
        {"kind": "t2", "data": world.accounts["grace"]},
        world.accounts["grace"],
    ]


@given(st.lists(bent(good_items()) | JSON, max_size=5))
def test_whatever_comes_is_stored_clean_or_set_aside(values):
    things, set_aside = each(values, partial(parse_thing, view=VIEW))
    assert len(things) + set_aside == len(values)
    people, _ = each(values, partial(parse_about, view=VIEW))
    who = people[0] if people else Person("x1", "u/x", VIEW.host)
    page = Page(
        {},
        posts=tuple(own_post(one) for one in things),
        reactions=tuple(reaction(one, "t3_1", who) for one in things),
        outreach=tuple(outreach(one, who) for one in things),
    )
    assert_storable(page, NOW)


@given(bent(good_items()) | JSON)
def test_trees_listings_and_accounts_are_read_or_set_aside(value):
    each(comments_under(value), partial(parse_thing, view=VIEW))
    for read in (partial(children, most=5), partial(parse_identity, view=VIEW)):
        try:
            read(value)
        except Unreadable:
            continue


@given(JSON)
def test_an_odd_cursor_begins_anew(value):
    odd = [{}, {"lists": value, "left": value, "read": value, "waiting": value}]
    odd += [{"read": {"t3_1": value}, "waiting": {"t3_1": value}, "left": [value]}]
    for cursor in odd:
        Run(None, VIEW, "ada", NOW, cursor)._cursor()  # type: ignore[arg-type]
