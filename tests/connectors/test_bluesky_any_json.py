"""Whatever a server or a person's own program sends: read or set aside, never a crash."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.base import Page, SeenOutreach, SeenReaction
from networks.connectors.bluesky.identity import parse_document, typed_name
from networks.connectors.bluesky.keys import SigningKey
from networks.connectors.bluesky.parsing import (
    Place,
    Viewpoint,
    not_shown,
    parse_notification,
    parse_person,
    parse_record,
    tid_moment,
)
from networks.connectors.bluesky.reading import MAX_LIST_PAGES, OVERLAP
from networks.connectors.descent import Descent
from networks.connectors.fields import each
from tests.connectors.any_json import JSON, TEXT, bent
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
@given(bent(good_items()))
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


# --- Going down lists that grow, late and out of order -------------------------------------------

MINUTES = st.integers(0, 60 * 24 * 5)
PLACES = st.builds(
    lambda number, minutes: Place(f"k{number}", NOW - timedelta(minutes=minutes)),
    st.integers(0, 50),
    MINUTES,
)


def is_fresh(descent: Descent, place: Place) -> bool:
    return descent.is_fresh(place.mark, place.at, OVERLAP, thorough=True)


def after(descent: Descent, seen: list[Place], following: str) -> tuple[Descent, bool]:
    return descent.after(
        {place.mark: place.at for place in seen},
        following,
        since=SINCE,
        overlap=OVERLAP,
        most_pages=MAX_LIST_PAGES,
        thorough=True,
    )


def walk(descent: Descent, listed: list[Place], size: int) -> tuple[Descent, list[Place]]:
    """One whole walk over a list as a server pages it; its state goes through JSON every time."""
    fresh: list[Place] = []
    begin, is_over = 0, False
    while not is_over:
        page = listed[begin : begin + size]
        begin += size
        fresh += [place for place in page if is_fresh(descent, place)]
        following = str(begin) if begin < len(listed) else ""
        descent, is_over = after(descent, page, following)
        assert Descent.from_json(descent.to_json()) == descent
    return descent, fresh


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(0, 59)), max_size=40), st.integers(1, 7))
def test_everything_that_comes_at_most_an_hour_late_is_read_once(events, size):
    """Each event has a time and reaches the list some minutes later; a walk is taken at each."""
    arrivals = sorted(
        (NOW - timedelta(minutes=minutes - late), number, NOW - timedelta(minutes=minutes))
        for number, (minutes, late) in enumerate(events)
    )
    descent, read, listed = Descent(), [], []
    for _, number, at in arrivals:
        listed.append(Place(f"k{number}", at))
        listed.sort(key=lambda place: place.at, reverse=True)
        descent, fresh = walk(descent, listed, size)
        read += [place.key for place in fresh]
    assert sorted(read) == sorted(f"k{number}" for number in range(len(events)))


def test_in_a_busy_hour_what_comes_late_is_still_read():
    listed = [Place(f"k{number}", NOW - timedelta(seconds=number)) for number in range(1_000)]
    descent, fresh = walk(Descent(), listed, 5)
    assert fresh == listed
    late = Place("late", NOW - timedelta(minutes=16))
    _, fresh = walk(descent, sorted([*listed, late], key=lambda place: place.at)[::-1], 5)
    assert late in fresh


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PLACES, max_size=6), max_size=30), st.lists(TEXT, max_size=30))
def test_the_floor_never_goes_back_whatever_is_listed(pages, cursors):
    descent = Descent()
    for page, following in zip(pages, cursors, strict=False):
        step, _ = after(descent, page, following)
        assert step.newest >= descent.newest
        descent = Descent.from_json(step.to_json())
        assert descent.floor(SINCE, OVERLAP) >= SINCE
        assert descent.is_first or descent.floor(SINCE, OVERLAP) >= descent.newest - OVERLAP


@given(JSON)
def test_a_cursor_may_be_anything(value):
    assert Descent.from_json(value).floor(SINCE, OVERLAP) >= SINCE
