"""Whatever YouTube sends: no crash, nothing that cannot be stored, no figure out of bounds."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings

from networks.connectors.base import Identity, Page, SeenOutreach, SeenReaction
from networks.connectors.fields import each
from networks.connectors.youtube.parsing import (
    kind_of,
    parse_channel,
    parse_subscription,
    parse_thread,
    parse_upload,
    url_of,
)
from networks.connectors.youtube.reading import Subscriptions, token_of
from tests.connectors.any_json import JSON, bent
from tests.connectors.contract import assert_storable
from tests.connectors.fake_youtube import World

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def good_items() -> list[dict[str, Any]]:
    world = World(NOW)
    grace = world.channel("grace")
    thread = world.comment(grace, world.upload(3), 2)
    world.reply(world.ada, thread, 1)
    world.subscribe(grace, 5)
    return [thread, world.uploads[0], world.subscriptions[0], world.channels[world.ada]]


def as_page(value: Any) -> Page:
    """The value read as each kind of item that it might be."""
    posts, _ = each([value], lambda item: parse_upload(item, NOW))
    followed, _ = each([value], lambda item: parse_subscription(item, NOW))
    channels, _ = each([value], lambda item: parse_channel(item, NOW))
    threads, _ = each([value], lambda item: parse_thread(item, NOW))
    comments = [comment for thread, _ in threads for comment in thread]
    return Page(
        {},
        counts=channels[0].counts if channels else None,
        identity=Identity(value["id"], channels[0].person) if channels else None,
        posts=tuple(posts),
        reactions=tuple(
            SeenReaction(c.remote_id, kind_of(c), c.author, c.at, c.video_id) for c in comments
        ),
        outreach=(
            *followed,
            *(
                SeenOutreach(c.remote_id, "reply", c.answered, c.at, url_of(c))
                for c in comments
                if c.answered
            ),
        ),
    )


def test_the_good_items_are_read():
    thread, upload, subscription, channel = map(as_page, good_items())
    assert (len(thread.reactions), len(upload.posts), len(subscription.outreach)) == (2, 1, 1)
    assert channel.identity
    assert channel.counts


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
    assert Subscriptions(value).to_json() is not None
    assert isinstance(token_of(value if isinstance(value, dict) else {}), str)
