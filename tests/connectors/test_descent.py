"""Lists handed out newest first: nothing is lost and nothing fresh twice, whatever is done."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.descent import Descent
from tests.connectors.any_json import JSON

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=180)
LATE = timedelta(hours=6)
ITEMS = st.dictionaries(
    st.integers(0, 400).map(str), st.integers(0, 4_000), min_size=1, max_size=60
).map(lambda found: {i: NOW - timedelta(hours=hours) for i, hours in found.items()})


def page_of(listed: dict[str, datetime], place: str, size: int) -> tuple[dict[str, datetime], str]:
    newest_first = sorted(listed.items(), key=lambda item: item[1], reverse=True)
    begin = int(place or 0)
    following = str(begin + size) if begin + size < len(newest_first) else ""
    return dict(newest_first[begin : begin + size]), following


def read(descent: Descent, listed: dict[str, datetime], size: int) -> tuple[Descent, list[str]]:
    """Down to the end, through JSON after each page as in the database."""
    fresh: list[str] = []
    has_arrived = False
    while not has_arrived:
        seen, following = page_of(listed, descent.following, size)
        fresh += [i for i, at in seen.items() if descent.is_fresh(i, at, LATE)]
        descent, has_arrived = descent.after(
            seen, following, since=SINCE, overlap=LATE, most_pages=100
        )
        descent = Descent.from_json(descent.to_json())
    return descent, fresh


@settings(max_examples=200)
@given(ITEMS, st.integers(1, 9))
def test_everything_back_to_the_beginning_is_read_once(listed, size):
    descent, fresh = read(Descent(), listed, size)
    assert len(fresh) == len(set(fresh))
    assert {i for i, at in listed.items() if at >= SINCE} <= set(fresh)
    assert read(descent, listed, size)[1] == []


@settings(max_examples=200)
@given(ITEMS, ITEMS, st.integers(1, 9))
def test_what_comes_later_is_read_next_even_a_little_below_the_top(listed, more, size):
    descent, _ = read(Descent(), listed, size)
    newest = max(listed.values())
    later = {
        f"late-{i}": newest + timedelta(minutes=9 * n - 350) for n, i in enumerate(more, start=1)
    }
    after, fresh = read(descent, listed | later, size)
    assert sorted(fresh) == sorted(later)
    assert after.newest >= descent.newest


@settings(max_examples=200)
@given(st.lists(st.tuples(ITEMS, st.text(max_size=3)), min_size=30, max_size=30))
def test_a_list_that_lies_never_turns_it_back_and_it_ends(pages):
    descent, arrivals = Descent(), 0
    for seen, following in pages:
        after, has_arrived = descent.after(
            seen, following, since=SINCE, overlap=LATE, most_pages=20
        )
        assert after.newest >= descent.newest
        assert Descent.from_json(after.to_json()) == after
        descent, arrivals = after, arrivals + has_arrived
    assert arrivals


def test_a_busy_hour_goes_by_time_alone():
    listed = {str(n): NOW - timedelta(seconds=n) for n in range(400)}
    descent, fresh = read(Descent(), listed, 50)
    assert len(fresh) == 400
    assert read(descent, listed, 50)[1] == []
    assert read(descent, listed | {"new": NOW + timedelta(seconds=1)}, 50)[1] == ["new"]


@given(JSON)
def test_a_cursor_may_be_anything(value):
    assert Descent.from_json(value).to_json() is not None
    assert Descent.from_json({"newest": value, "kept": value, "pages": value}) is not None
