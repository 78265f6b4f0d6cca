"""Charts: labelled by a stated rule, with gaps that show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.band import Band
from scoring.charts import BUOY_DISTANCE, CENTRE, DayScore, Source, axis, sonar, trend

UNTIL = date(2026, 11, 2)


def day(ago, hundredths=6000, low=58, high=62, backfilled=False):
    return DayScore(
        UNTIL - timedelta(days=ago), hundredths, Band(low * 100, high * 100), "2026.1", backfilled
    )


def test_without_a_score_there_is_no_chart():
    assert trend([], until=UNTIL) is None
    assert trend([day(90)], until=UNTIL) is None


@given(st.integers(1, 100), st.integers(1, 100))
def test_the_axis_is_whole_tens_wide_around_what_is_drawn(one, other):
    lowest, highest = min(one, other), max(one, other)
    low, high = axis(lowest, highest)
    assert low % 5 == (high - low) % 10 == 0
    assert 0 <= low <= lowest <= highest <= high <= 100
    assert 10 <= high - low < highest - lowest + 20


def test_a_calm_score_is_drawn_near_the_middle_of_ten_points():
    assert axis(51, 54) == (45, 55)
    assert axis(53, 57) == (50, 60)
    assert axis(1, 6) == (0, 10)
    assert axis(97, 100) == (90, 100)


def test_ninety_days_are_one_line_from_edge_to_edge():
    chart = trend([day(ago) for ago in range(90)], until=UNTIL)
    assert len(chart.lines) == len(chart.washes) == 1
    assert chart.lines[0].startswith("M0.0 ")
    assert "L640.0 " in chart.lines[0]
    assert chart.gaps == ()
    assert chart.days == ("5 Aug", "18 Sep", "2 Nov")


def test_the_higher_score_is_drawn_higher():
    chart = trend([day(1, 5000, 50, 50), day(0, 7000, 70, 70)], until=UNTIL)
    assert chart.levels == (50, 60, 70)
    assert chart.lines == ("M632.8 160.0L640.0 0.0",)


def test_days_without_a_score_are_dashed_wherever_they_are():
    chart = trend([day(ago) for ago in (2, 3, 7, 8, 9)], until=UNTIL)
    assert len(chart.lines) == 2
    assert len(chart.gaps) == 3
    assert chart.has_gaps


def test_a_single_day_is_a_dot():
    chart = trend([day(0)], until=UNTIL)
    assert chart.lines[0].endswith("h0")
    assert chart.end == chart.lines[0]


def test_the_chart_tells_in_words_what_it_shows():
    chart = trend([day(60, 5712), day(0, 6299, backfilled=True)], until=UNTIL)
    assert chart.label == "Score over the last 90 days: 57 on 3 Sep, 62 on 2 Nov."
    assert chart.has_backfilled


def test_the_sonar_places_every_account_on_its_circle_the_largest_first():
    sources = [Source("Mastodon", 0.7, True), Source("GitHub", 0.3, True), Source("X", 0, False)]
    chart = sonar(62, 60, 64, sources)
    sizes = [buoy.size for buoy in chart.buoys]
    assert sizes == sorted(sizes, reverse=True)
    for buoy in chart.buoys:
        distance = ((buoy.x - CENTRE) ** 2 + (buoy.y - CENTRE) ** 2) ** 0.5
        assert distance == pytest.approx(BUOY_DISTANCE, abs=0.2)
    assert chart.buoys[2].label == "X, not read"
    assert chart.label == (
        "Score 62, likely 60 to 64. Mastodon and GitHub are heard. X is not read for a while."
    )


def test_the_sonar_without_accounts_is_the_number_alone():
    assert sonar(1, 1, 6, []).buoys == ()
    assert len(sonar(50, 40, 60, [Source("X", 0.05, True)] * 20).buoys) == 8
