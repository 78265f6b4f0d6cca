"""Whatever Stack Exchange sends: no crash, nothing that cannot be stored."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from networks.connectors.base import Page
from networks.connectors.fields import each
from networks.connectors.stackexchange.parsing import (
    View,
    outreach,
    own_post,
    parse_answer,
    parse_comment,
    parse_joined,
    parse_membership,
    parse_question,
    reaction,
)
from networks.connectors.stackexchange.reading import Site
from tests.connectors.any_json import JSON, bent
from tests.connectors.contract import assert_storable
from tests.connectors.fake_stackexchange import ME, SITES, World

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
VIEW = View("stackoverflow.com", SITES[0], NOW, str(ME))
PARSERS = [partial(one, view=VIEW) for one in (parse_question, parse_answer, parse_comment)]


def good_items() -> list[Any]:
    world = World(NOW)
    grace = world.person("Grace")
    question = world.ask(grace, 3)
    answer = world.answer(ME, question, 2)
    return [question, answer, world.comment(grace, answer, 1, to=ME), world.users[grace]]


@given(st.lists(bent(good_items()) | JSON, max_size=5))
def test_whatever_comes_is_stored_clean_or_set_aside(values):
    for parse in PARSERS:
        found, set_aside = each(values, parse)
        assert len(found) + set_aside == len(values)
        acts = [outreach(item, item.to or item.owner, VIEW) for item in found]
        reactions = [reaction(item, VIEW) for item in found]
        page = Page(
            {},
            posts=tuple(own_post(item, VIEW) for item in found),
            reactions=tuple(filter(None, reactions)),
            outreach=tuple(filter(None, acts)),
        )
        assert_storable(page, NOW)


@given(JSON)
def test_memberships_and_ages_are_read_or_set_aside(value):
    each([value], parse_membership)
    each([value], partial(parse_joined, view=VIEW))


def test_a_membership_of_what_is_no_address_is_set_aside():
    membership = {"site_url": "https://[", "account_id": 1}
    assert each([membership], parse_membership) == ([], 1)


@given(JSON)
def test_an_odd_cursor_begins_anew(value):
    for kept in (value, {"questions": value, "question_ids": value, "post_ids": value}):
        site = Site(None, VIEW, NOW, kept)  # type: ignore[arg-type]
        assert all(len(ids) <= 100 for ids in (site._questions, site._posts))
        assert site.to_json()
