"""Charts: labelled by a stated rule, with gaps that show."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.band import Band
from scoring.charts import (
    BUOY_DISTANCE,
    CENTRE,
    DayScore,
    Moment,
    Source,
    axis,
    reach_curve,
    sonar,
    trend,
)
from scoring.explanations import about
from scoring.rule import ONE, AccountFigures, account_reach

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


def reach_of(**fields):
    account = AccountFigures(1, "mastodon", 4_200, None, 20 * ONE, ONE // 2)
    account = replace(account, **fields)

    def reach(one):
        return account_reach(one, granted=True, pot=ONE // 2)

    return reach_curve(account, reach, name="Mastodon"), reach(account) / ONE


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"followers": 0},
        {"followers": None},
        {"followers": 10**10, "response": 10**9 * ONE},
        {"response": 0},
        {"platform": "blog"},
        {"platform": "x", "curation": 28},
    ],
)
def test_the_point_lies_on_the_curve_and_all_of_it_inside(fields):
    curve, _ = reach_of(**fields)
    places = [tuple(map(float, place.split())) for place in curve.curve[1:].split("L")]
    for x, y in [*places, (curve.x, curve.y)]:
        assert curve.left <= x <= curve.right
        assert curve.top <= y <= curve.bottom
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    before, after = (
        max((place for place in places if place[0] <= curve.x), default=places[0]),
        min((place for place in places if place[0] >= curve.x), default=places[-1]),
    )
    assert after[1] - 0.2 <= curve.y <= before[1] + 0.2


def test_the_curve_tells_in_words_what_it_shows():
    curve, listeners = reach_of()
    assert curve.label == (
        f"Mastodon: how many listen, over the response. The point: a response of 20.0, and "
        f"{about(round(listeners))} listen. The curve levels off near the audience, 4,200."
    )
    assert curve.audience == "audience 4,200"
    assert curve.audience_at < curve.y
    assert "no audience to see" in reach_of(platform="blog")[0].label


def test_a_newer_rule_is_marked_where_it_took_over_and_the_older_line_stays():
    newer = [replace(day(ago, backfilled=ago > 3), rule="2026.2") for ago in range(10)]
    older = [day(ago, 5500) for ago in range(10)]
    changes = [("2026.2", UNTIL - timedelta(days=3))]
    chart = trend(newer, until=UNTIL, others=[older], changes=changes)
    assert len(chart.other_lines) == 1
    assert [(change.rule, change.on) for change in chart.changes] == [
        ("2026.2", UNTIL - timedelta(days=3))
    ]
    assert chart.levels[0] <= 55
    assert any("Thin line: the same days by rule 2026.1" in sentence for sentence in chart.told)


def test_a_rule_that_took_over_before_the_first_day_is_not_marked():
    days = [day(ago) for ago in range(90)]
    changes = [("2026.1", UNTIL - timedelta(days=89)), ("2026.2", UNTIL + timedelta(days=1))]
    assert trend(days, until=UNTIL, changes=changes).changes == ()


def test_moments_are_marks_on_the_line_also_where_it_is_dashed():
    drawn = [day(0, 6000), day(10, 5000, 48, 52)]
    moments = [Moment(UNTIL - timedelta(days=ago), f"{ago} people") for ago in (5, 5, 10, 200)]
    chart = trend(drawn, until=UNTIL, moments=moments)
    spots = trend([*drawn, day(5, 5500, 53, 57)], until=UNTIL).spots
    # From left to right, as the keyboard goes; each leads to its own row of the list.
    assert [mark.key for mark in chart.marks] == ["moment-3", "moment-1", "moment-2"]
    assert [(mark.x, mark.y) for mark in chart.marks[:2]] == [
        (spots[0].x, spots[0].y),
        (spots[1].x, spots[1].y),
    ]
    assert chart.marks[1].told == "28 Oct: 5 people"
    assert "Dots: the posts that most people responded to." in chart.told


def test_every_day_can_be_pointed_at_and_one_of_each_week_stands_in_the_table():
    chart = trend([day(ago) for ago in range(90)], until=UNTIL)
    assert len(chart.spots) == 90
    assert chart.spots[-1].told == "2 Nov: 60.0, likely 58 to 62"
    assert [row.on for row in chart.rows[:2]] == [UNTIL, UNTIL - timedelta(days=7)]
    assert chart.rows[0].score == "60.0"


def test_a_change_of_rule_can_be_reached_as_well():
    changes = [("2026.2", UNTIL - timedelta(days=3))]
    (mark,) = trend([day(0), day(9)], until=UNTIL, changes=changes).marks
    assert (mark.is_rule, mark.told) == (True, "30 Oct: rule 2026.2 takes over")


@given(hundredths=st.integers(2901, 3299))
def test_without_the_number_the_chart_is_the_same_wherever_the_score_lies(hundredths):
    history = [day(ago, number, 29, 33) for ago, number in ((0, hundredths), (4, 3000), (9, 3100))]
    other = [day(ago, 3055, 29, 33) for ago in (0, 4, 9)]
    moments = [Moment(UNTIL - timedelta(days=2), "4 people")]
    shown, same = (
        trend(days, until=UNTIL, others=[days], moments=moments, number=False)
        for days in (history, other)
    )
    assert shown == same
    assert not shown.has_line
    assert "30." not in repr(shown.spots)


@pytest.mark.parametrize(
    ("figures", "label"),
    [((31, 29, 33), "Score 31, likely 29 to 33."), ((None, 29, 33), "Likely 29 to 33."),
     ((None, None, None), "Mastodon is heard.")],
)  # fmt: skip
def test_the_sonar_tells_no_more_than_is_to_be_seen(figures, label):
    assert sonar(*figures, [Source("Mastodon", 1.0, True)]).label.startswith(label)
