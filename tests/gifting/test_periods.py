"""When a period begins and ends and when a K lapses, as dates written out."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from gifting import periods

WEDNESDAY = datetime(2026, 11, 4, 12, tzinfo=UTC)
# Half past midnight on Monday in Berlin, which is Sunday still.
SUNDAY = datetime(2026, 11, 2, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def test_a_day_and_a_week_begin_at_midnight_utc_wherever_the_moment_was_read():
    assert periods.day_of(SUNDAY) == date(2026, 11, 1)
    assert periods.week_of(SUNDAY) == date(2026, 10, 26)
    assert periods.week_of(SUNDAY + timedelta(hours=1)) == date(2026, 11, 2)
    assert periods.midnight(date(2026, 11, 2)) == datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "last_ended", "begins", "ends"),
    [
        (7, None, "2026-11-02", "2026-11-09"),
        (14, None, "2026-11-02", "2026-11-16"),
        (1, None, "2026-11-04", "2026-11-05"),
        (3, None, "2026-11-04", "2026-11-07"),
        (8, None, "2026-11-04", "2026-11-12"),
        # They follow on the last one, also where nobody gave for a while.
        (3, "2026-11-04", "2026-11-04", "2026-11-07"),
        (3, "2026-11-01", "2026-11-04", "2026-11-07"),
        (3, "2026-10-21", "2026-11-02", "2026-11-05"),
        (14, "2026-10-05", "2026-11-02", "2026-11-16"),
        # The first week after another length is shorter, so that weeks begin on Mondays.
        (7, "2026-11-04", "2026-11-04", "2026-11-09"),
        (7, "2026-10-21", "2026-11-02", "2026-11-09"),
        (14, "2026-11-04", "2026-11-04", "2026-11-16"),
    ],
)
def test_a_period_is_the_one_in_which_the_moment_lies(days, last_ended, begins, ends):
    last_ended_on = date.fromisoformat(last_ended) if last_ended else None
    found = periods.period_around(WEDNESDAY, days, last_ended_on)
    assert found == (date.fromisoformat(begins), date.fromisoformat(ends))


def test_a_k_that_came_home_lapses_with_its_period_but_not_within_seven_days():
    ends_on = date(2026, 11, 9)
    early, late = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 8, 23, tzinfo=UTC)
    assert periods.lapses_at(ends_on, early) == datetime(2026, 11, 9, tzinfo=UTC)
    assert periods.lapses_at(ends_on, late) == datetime(2026, 11, 15, 23, tzinfo=UTC)
