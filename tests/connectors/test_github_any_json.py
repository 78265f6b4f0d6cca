"""Whatever GitHub sends: no crash, nothing that cannot be stored, no figure out of bounds."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings

from networks.connectors.base import Page, SeenOutreach, SeenReaction
from networks.connectors.fields import each
from networks.connectors.github.events import parse_event_of_others, parse_own_event
from networks.connectors.github.lists import Following, Happenings, Pages
from networks.connectors.github.parsing import (
    View,
    parse_identity,
    parse_repository,
    parse_starred,
    parse_written,
    person_at,
)
from networks.connectors.github.people import parse_people
from tests.connectors.any_json import JSON, bent
from tests.connectors.contract import assert_storable
from tests.connectors.fake_github import World

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
WORLD = World(NOW, "https://github.com")
VIEW = View("github.com", "https://github.com", NOW, str(WORLD.ada["id"]), "ada")
OURS = WORLD.repository(WORLD.ada, "lighthouse")
REPOSITORY = parse_repository(OURS, VIEW)


def good_items() -> list[dict[str, Any]]:
    grace = WORLD.person("grace")
    issue = WORLD.issue(grace, OURS, 3)
    comment = WORLD.comment(grace, OURS, issue, 2)
    WORLD.comment(WORLD.ada, OURS, issue, 2)
    pull = WORLD.pull_request(grace, OURS, 2)
    WORLD.review(WORLD.ada, OURS, pull, 1)
    WORLD.push(WORLD.ada, OURS, 1)
    WORLD.star(WORLD.repository(grace, "oar"), 1)
    person = {"login": "grace", "databaseId": 7, "followers": {"totalCount": 3}}
    told = {"p0": person | {name: {"totalCount": 2} for name in ("issues", "repositories")}}
    return [*WORLD.events, issue, comment, WORLD.ada, OURS, WORLD.starred[0], told]


def as_page(value: Any) -> Page:
    """The value read as each kind of item that it might be."""
    happenings, _ = each([value, value], lambda item: parse_own_event(item, VIEW))
    happenings += each([value], lambda item: parse_event_of_others(item, VIEW))[0]
    happenings += each([value], lambda item: parse_starred(item, VIEW))[0]
    for kind in ("issue", "comment", "review-comment"):
        parse = lambda item, kind=kind: parse_written(item, kind, REPOSITORY, VIEW)  # noqa: E731
        happenings += each([value], parse)[0]
    identities, _ = each([value], lambda item: parse_identity(item, VIEW))
    repositories, _ = each([value], lambda item: parse_repository(item, VIEW))
    people = list(parse_people(value, VIEW)) if isinstance(value, dict) else []
    reacted = [(h.reacted, h.at) for h in happenings if h.reacted]
    reached = [(h.reached, h.at) for h in happenings if h.reached]
    return Page(
        {},
        counts=identities[0][1] if identities else None,
        identity=identities[0][0] if identities else None,
        posts=(
            *(happening.post for happening in happenings if happening.post),
            *(repository.post for repository in repositories if repository),
        ),
        reactions=(
            *(
                SeenReaction(act.key, act.kind, person_at(VIEW, act.by), at, act.about)
                for act, at in reacted
            ),
            *(SeenReaction(p.key, "star", p, NOW) for p in people),
        ),
        outreach=tuple(
            SeenOutreach(act.key, act.kind, person_at(VIEW, act.target), at, act.url)
            for act, at in reached
        ),
    )


def test_the_good_items_are_read():
    pages = [as_page(item) for item in good_items()]
    assert sum(bool(page.posts or page.reactions or page.identity) for page in pages) >= 9


@settings(max_examples=200)
@given(JSON)
def test_any_json_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


@settings(max_examples=400)
@given(bent(good_items()))
def test_any_bent_item_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


@given(JSON)
def test_a_place_in_a_list_may_be_anything(value):
    pages = Pages(lambda *_: None, "/", {}, value)
    assert Happenings(pages, parse_own_event, value, NOW, NOW).to_json() is not None
    assert Following(pages, value, NOW).to_json() is not None
