"""The judgement alone: days with posts and good reads in, a rhythm and a silence out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.sonobuoy.rhythm import (
    QUIET_AFTER_AT_LEAST,
    WINDOW_DAYS,
    Span,
    percentile,
    silence,
    whole_days,
)

START = date(2026, 1, 1)
DAY = timedelta(days=1)


def at(day: float) -> datetime:
    """So many days after the start, in UTC."""
    return datetime(2026, 1, 1, tzinfo=UTC) + day * DAY


def posts(*days: int, each: int = 1) -> dict[date, int]:
    return {START + n * DAY: each for n in days}


EVERY_OTHER_DAY = posts(*range(0, 40, 2))  # the last one on day 38


def test_the_percentile_is_a_gap_that_was_there_by_nearest_rank():
    assert percentile([1, 2, 3]) == 3
    assert percentile(list(range(1, 40))) == 39
    assert percentile(list(range(1, 41))) == 39
    assert percentile([1] * 975 + [9] * 25) == 1
    assert percentile([1] * 974 + [9] * 26) == 9


def test_posts_of_one_day_are_one_sign():
    found = silence(posts(*range(0, 40, 2), each=30), at(39)).rhythm
    assert (found.posts, set(found.gaps), found.usual) == (600, {2}, 2)


@pytest.mark.parametrize(
    ("days", "each", "is_known"),
    [(8, 1, True), (7, 1, False), (5, 2, True), (4, 50, False), (0, 1, False)],
)
def test_a_rhythm_takes_eight_posts_on_five_days(days, each, is_known):
    found = silence(posts(*range(days), each=each), at(days))
    assert found.rhythm.is_known == is_known
    assert (found.limit is not None) == is_known


def test_quiet_begins_when_the_silence_is_longer_than_the_limit():
    weekly = posts(*range(0, 70, 7))  # the last one on day 63
    assert silence(weekly, at(70.9)).days == 7
    assert not silence(weekly, at(70.9)).is_quiet
    assert silence(weekly, at(71)).is_quiet


def test_a_long_weekend_is_no_silence_whatever_the_rhythm():
    daily = posts(*range(30))
    assert silence(daily, at(29 + QUIET_AFTER_AT_LEAST)).is_quiet is False
    assert silence(daily, at(29 + QUIET_AFTER_AT_LEAST + 1)).is_quiet is True


def test_a_number_of_days_chosen_by_the_member_takes_the_place_of_the_rhythm():
    assert silence(EVERY_OTHER_DAY, at(40), threshold=1).is_quiet
    assert not silence(EVERY_OTHER_DAY, at(98), threshold=60).is_quiet
    assert silence(posts(0), at(11), threshold=10).is_quiet, "also while it is still learning"


def test_silence_is_counted_up_to_the_last_good_read():
    assert silence(EVERY_OTHER_DAY, at(38.5)).days == 0
    assert silence(EVERY_OTHER_DAY, at(41)).days == 3
    assert silence(EVERY_OTHER_DAY, None).days is None


def test_a_post_read_by_an_unfinished_poll_ends_the_silence_too():
    assert silence(EVERY_OTHER_DAY, at(30)).days == 0


def test_the_rhythm_does_not_fade_while_somebody_is_silent():
    """The window is the twelve weeks up to the last post, not up to today."""
    assert silence(EVERY_OTHER_DAY, at(400)).rhythm == silence(EVERY_OTHER_DAY, at(39)).rhythm
    older = EVERY_OTHER_DAY | posts(*range(-200, -90))
    assert silence(older, at(39)).rhythm == silence(EVERY_OTHER_DAY, at(39)).rhythm


def test_days_of_rest_count_neither_as_silence_nor_as_a_gap():
    rest = Span(at(39.5), at(60.5))  # 20 whole days
    assert silence(EVERY_OTHER_DAY, at(61), rests=[rest]).days == 61 - 38 - 20
    came_back = EVERY_OTHER_DAY | posts(61)
    assert max(silence(came_back, at(61), rests=[rest]).rhythm.gaps) == 3
    assert max(silence(came_back, at(61)).rhythm.gaps) == 23


def test_days_not_read_count_for_nothing_either():
    outage = Span(at(38.6), at(45.1))  # 6 whole days
    assert silence(EVERY_OTHER_DAY, at(46), outages=[outage]).days == 46 - 38 - 6


def test_an_outage_in_which_a_post_was_written_was_none_for_the_member():
    outage = Span(at(38.6), at(45.1))
    spoke = EVERY_OTHER_DAY | posts(41)
    assert silence(spoke, at(46), outages=[outage]) == silence(spoke, at(46))


def test_whole_days_begin_and_end_at_midnight():
    assert list(whole_days(Span(at(1), at(3)))) == [START + DAY, START + 2 * DAY]
    assert list(whole_days(Span(at(1.01), at(2.99)))) == []
    assert list(whole_days(Span(at(1.01), at(3)))) == [START + 2 * DAY]


# --- Whatever happens ----------------------------------------------------------------------------

days_of_posts = st.dictionaries(st.integers(0, 200), st.integers(1, 20), min_size=1).map(
    lambda found: {START + day * DAY: number for day, number in found.items()}
)
moments = st.floats(0, 300, allow_nan=False).map(at)
spans = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 40)).map(lambda s: Span(at(s[0]), at(s[0] + s[1]))),
    max_size=4,
)


@given(days_of_posts, moments, spans, spans)
def test_what_does_not_count_makes_no_silence_longer(written, read_at, rests, outages):
    bare = silence(written, read_at)
    found = silence(written, read_at, rests=rests, outages=outages)
    assert found.days <= bare.days
    assert len(found.rhythm.gaps) == len(bare.rhythm.gaps)
    assert all(1 <= a <= b for a, b in zip(found.rhythm.gaps, bare.rhythm.gaps, strict=True))


@given(days_of_posts, moments, spans, spans, st.floats(0, 30))
def test_a_later_good_read_never_shortens_a_silence(written, read_at, rests, outages, later):
    now = silence(written, read_at, rests=rests, outages=outages)
    then = silence(written, read_at + later * DAY, rests=rests, outages=outages)
    assert then.days >= now.days
    assert (then.rhythm, then.limit) == (now.rhythm, now.limit)


@given(days_of_posts, moments)
def test_a_post_of_today_ends_every_silence(written, read_at):
    today = read_at.date()
    assert silence(written | {today: 1}, read_at).days == 0


@given(days_of_posts, moments, spans, spans, st.integers(-500, 500))
def test_only_distances_matter(written, read_at, rests, outages, moved):
    by = moved * DAY
    shifted = [[Span(s.start + by, s.end + by) for s in some] for some in (rests, outages)]
    here = silence(written, read_at, rests=rests, outages=outages)
    there = silence(
        {day + by: n for day, n in written.items()},
        read_at + by,
        rests=shifted[0],
        outages=shifted[1],
    )
    assert (there.days, there.limit, there.rhythm) == (here.days, here.limit, here.rhythm)


@given(days_of_posts, moments)
def test_the_limit_is_exceeded_by_few_of_ones_own_gaps(written, read_at):
    found = silence(written, read_at)
    if found.limit is not None:
        over = sum(gap > found.limit for gap in found.rhythm.gaps)
        assert over * 40 <= len(found.rhythm.gaps)
        assert found.limit <= max(QUIET_AFTER_AT_LEAST, WINDOW_DAYS)


@given(days_of_posts, moments, st.integers(1, 365))
def test_a_lower_threshold_is_quiet_whenever_a_higher_one_is(written, read_at, days):
    if silence(written, read_at, threshold=days).is_quiet:
        assert silence(written, read_at, threshold=days - 1 or 1).is_quiet
