"""Whatever a server or a person's own program sends: read or set aside, never a crash."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.base import Page, SeenOutreach, SeenReaction
from networks.connectors.bluesky.identity import parse_document, typed_name
from networks.connectors.bluesky.keys import SigningKey
from networks.connectors.bluesky.parsing import (
    Viewpoint,
    not_shown,
    parse_notification,
    parse_person,
    parse_record,
    tid_moment,
)
from networks.connectors.bluesky.scan import OVERLAP, Place, Scan
from networks.connectors.fields import each
from tests.connectors.any_json import JSON, TEXT, paths, replaced
from tests.connectors.contract import assert_storable
from tests.connectors.fake_bluesky import FOLLOW, LIKE, POST, World, did_of, tid
from tests.connectors.tokens import opened

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=180)
ADA = did_of("ada")
VIEW = Viewpoint(ADA, NOW)


def good_items() -> list[dict[str, Any]]:
    world = World(NOW)
    world.joins("ada")
    grace = world.joins("grace")
    theirs = {"uri": f"at://{grace}/{POST}/3kaaaaaaaaaaa"}
    features = [
        {"$type": "app.bsky.richtext.facet#mention", "did": grace},
        {"$type": "app.bsky.richtext.facet#tag", "tag": "sea"},
    ]
    mine = world.write(
        ADA,
        POST,
        2,
        text="Hello",
        reply={"parent": theirs},
        embed={"record": {"record": theirs}},
        facets=[{"features": features}],
        tags=["sun"],
    )
    world.write(ADA, LIKE, 2, subject=theirs)
    world.write(ADA, FOLLOW, 2, subject=grace)
    for reason in ("like", "reply", "quote", "follow", "mention"):
        world.notify(grace, reason, 1, mine)
    service = {"id": "#atproto_pds", "serviceEndpoint": "https://pds.example"}
    document = {"id": ADA, "alsoKnownAs": ["at://ada.example"], "service": [service]}
    own = [record for (who, _), kept in world.records.items() if who == ADA for record in kept]
    return [*own, *world.notifications, world.people[grace], document]


@st.composite
def bent_items(draw: st.DrawFn) -> Any:
    """A good item with up to three of its fields replaced by anything."""
    item = draw(st.sampled_from(good_items()))
    for _ in range(draw(st.integers(1, 3))):
        item = replaced(item, draw(st.sampled_from(paths(item))), draw(JSON))
    return item


def as_page(value: Any) -> Page:
    """The value read as each kind of item that it might be."""
    written, _ = each([value], lambda item: parse_record(item, VIEW))
    notified, _ = each([value], lambda item: parse_notification(item, VIEW))
    people, _ = each([value], lambda item: parse_person(item, NOW))
    each([value], lambda item: parse_document(item, ADA, ()))
    shown = people[0] if people else not_shown(ADA)
    return Page(
        {},
        posts=tuple(item.post for item in written if item.post),
        reactions=tuple(
            SeenReaction(item.key, item.kind, shown, item.place.at, item.post)
            for item in notified
            if item.kind
        ),
        outreach=tuple(
            SeenOutreach(act.key, act.kind, not_shown(act.target), act.at, act.url)
            for item in written
            for act in item.reached
        ),
    )


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


@settings(max_examples=800, deadline=None)
@given(bent_items())
def test_any_bent_item_is_read_or_set_aside(value):
    assert_storable(as_page(value), NOW)


def test_the_good_items_are_all_read():
    pages = [as_page(item) for item in good_items()]
    assert sum(len(page.reactions) for page in pages) == 5
    assert sum(len(page.outreach) for page in pages) == 3
    assert sum(len(page.posts) for page in pages) == 1


@given(TEXT)
def test_whatever_is_typed_is_a_name_or_a_sentence(text):
    try:
        said = typed_name(text)
    except ValueError as error:
        said = str(error)
    assert len(said) <= 300
    assert "." in said


@given(st.datetimes(datetime(1991, 1, 1), datetime(2026, 11, 1)), st.integers(0, 999))  # noqa: DTZ001
def test_a_key_tells_when_its_record_was_made(moment, number):
    moment = moment.replace(tzinfo=UTC)
    assert tid_moment(tid(moment, number), NOW) == moment


@given(st.binary(max_size=40))
def test_a_key_signs_what_others_can_verify(data):
    key = SigningKey.from_text(SigningKey.new().text())
    _, claims = opened(key.signed({"kid": key.name}, {"data": data.hex()}), key.public)
    assert claims == {"data": data.hex()}


# --- Scanning lists that grow, late and out of order --------------------------------------------

MINUTES = st.integers(0, 60 * 24 * 5)
PLACES = st.builds(
    lambda number, minutes: Place(f"k{number}", NOW - timedelta(minutes=minutes)),
    st.integers(0, 50),
    MINUTES,
)


def walk(scan: Scan, listed: list[Place], size: int) -> tuple[Scan, list[Place]]:
    """One whole walk over a list as a server pages it; the scan goes through JSON every time."""
    fresh: list[Place] = []
    begin, is_over = 0, False
    while not is_over:
        page = listed[begin : begin + size]
        begin += size
        fresh += [place for place in page if scan.is_fresh(place, SINCE)]
        following = str(begin) if begin < len(listed) else ""
        scan, is_over = scan.after(page, following, SINCE)
        assert Scan.from_json(scan.to_json()) == scan
    return scan, fresh


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(0, 59)), max_size=40), st.integers(1, 7))
def test_everything_that_comes_at_most_an_hour_late_is_read_once(events, size):
    """Each event has a time and reaches the list some minutes later; a walk is taken at each."""
    arrivals = sorted(
        (NOW - timedelta(minutes=minutes - late), number, NOW - timedelta(minutes=minutes))
        for number, (minutes, late) in enumerate(events)
    )
    scan, read, listed = Scan(), [], []
    for _, number, at in arrivals:
        listed.append(Place(f"k{number}", at))
        listed.sort(key=lambda place: place.at, reverse=True)
        scan, fresh = walk(scan, listed, size)
        read += [place.key for place in fresh]
    assert sorted(read) == sorted(f"k{number}" for number in range(len(events)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PLACES, max_size=6), max_size=30), st.lists(TEXT, max_size=30))
def test_the_floor_never_goes_back_whatever_is_listed(pages, cursors):
    scan = Scan()
    for page, following in zip(pages, cursors, strict=False):
        step, _ = scan.after(page, following, SINCE)
        assert not (scan.floor and step.floor and step.floor < scan.floor)
        scan = Scan.from_json(step.to_json())
        assert scan.bottom(SINCE) >= SINCE
        assert scan.floor is None or scan.bottom(SINCE) >= scan.floor - OVERLAP


@given(JSON)
def test_a_cursor_may_be_anything(value):
    assert Scan.from_json(value).bottom(SINCE) >= SINCE
