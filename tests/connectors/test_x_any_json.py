"""Whatever X sends: no crash, nothing that cannot be stored, no figure out of bounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.base import Page
from networks.connectors.fields import each, items
from networks.connectors.x.descent_by_ids import MAX_PAGES, DescentByIds, made_at
from networks.connectors.x.parsing import (
    Viewpoint,
    included,
    parse_identity,
    parse_own,
    parse_response,
    parse_share,
)
from tests.connectors.any_json import JSON, paths, replaced
from tests.connectors.contract import assert_storable
from tests.connectors.fake_x import ME, World, renamed

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def good_answers() -> list[dict[str, Any]]:
    world = World(NOW)
    grace = world.person(7, "grace")
    mine = world.post(2, entities={"hashtags": [{"start": 0, "end": 4, "tag": "Sea"}]})
    theirs = world.post(3, grace)
    answers = [
        {"data": [world.reply(1, grace, mine)], "includes": {"users": [grace]}},
        {"data": [world.repost(1, grace, mine)], "includes": {"users": [grace]}},
        {"data": [world.quote(1, grace, mine)], "includes": {"users": [grace]}},
        {"data": [world.quote(1, world.me, theirs)], "includes": {"tweets": [theirs]}},
        {"data": [world.reply(1, world.me, theirs)], "includes": {"users": [grace]}},
        {"data": [world.repost(1, world.me, theirs)], "includes": {}},
        {"data": [mine]},
        {"data": [world.me]},
    ]
    return answers + [renamed(answer) for answer in answers]


ANSWERS = good_answers()
OWN = tuple(answer["data"][0]["id"] for answer in ANSWERS)
VIEW = Viewpoint(ME, NOW, own=OWN)


@st.composite
def bent_answers(draw: st.DrawFn) -> Any:
    """A good answer with up to three of its fields replaced by anything."""
    answer: Any = draw(st.sampled_from(ANSWERS))
    for _ in range(draw(st.integers(1, 3))):
        answer = replaced(answer, draw(st.sampled_from(paths(answer)[1:])), draw(JSON))
    return answer


def as_page(answer: dict[str, Any]) -> Page:
    """The answer read as each list that it might be from."""
    came, values = included(answer), items(answer.get("data"), 100)
    read = [
        found
        for parse in (parse_own, parse_response, parse_share)
        for found in each(values, lambda item, parse=parse: parse(item, came, VIEW))[0]
    ]
    identities, _ = each(values, lambda item: parse_identity(item, NOW))
    return Page(
        {},
        counts=identities[0][1] if identities else None,
        identity=identities[0][0] if identities else None,
        posts=tuple(item.post for item in read if item.post),
        reactions=tuple(item.reaction for item in read if item.reaction),
        outreach=tuple(act for item in read for act in item.outreach),
    )


def test_good_answers_tell_everything():
    pages = [as_page(answer) for answer in ANSWERS]
    kinds = {reaction.kind for page in pages for reaction in page.reactions}
    assert {"reply", "reshare", "quote"} <= kinds
    assert {act.kind for page in pages for act in page.outreach} >= {"reply", "reshare", "quote"}
    half = len(pages) // 2
    assert pages[:half] == pages[half:], "both spellings say the same"


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_read_or_set_aside(value):
    assert_storable(as_page({"data": [value], "includes": value}), NOW)


@settings(max_examples=800, deadline=None)
@given(bent_answers())
def test_any_bent_answer_is_read_or_set_aside(answer):
    assert_storable(as_page(answer if isinstance(answer, dict) else {}), NOW)


# --- Places on a list, against an X that lies ---------------------------------------------------

IDS = st.integers(1, 60).map(str)
TOKENS = st.sampled_from(["", "a", "b", "c"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.lists(IDS, max_size=5), TOKENS), max_size=40))
def test_the_newest_id_never_goes_back_and_nothing_is_fresh_twice(pages):
    stream, read = DescentByIds(), set[str]()
    for seen, following in pages:
        fresh = {remote_id for remote_id in seen if stream.is_fresh(remote_id)}
        assert not fresh & read
        read |= fresh
        after, _ = stream.after(seen, following)
        assert int(after.newest or 0) >= int(stream.newest or 0)
        assert int(after.given_up().newest or 0) >= int(after.newest or 0)
        assert DescentByIds.from_json(after.to_json()) == after
        stream = after


def test_a_list_without_end_comes_to_one():
    stream, is_over, pages = DescentByIds(), False, 0
    while not is_over:
        stream, is_over = stream.after([], "ab"[pages % 2])
        pages += 1
    assert pages == MAX_PAGES


@given(JSON)
def test_a_place_may_be_anything(value):
    assert DescentByIds.from_json(value).place() is not None


@given(st.integers(0, 7000))
def test_an_id_tells_when_it_was_made(days):
    at = datetime(2011, 1, 1, tzinfo=UTC) + timedelta(days=days)
    made = World(at).post(0)
    assert abs(made_at(made["id"]) - at) < timedelta(seconds=1)
