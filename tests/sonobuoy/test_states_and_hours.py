"""The one state of a network, and when mail may go out."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.sonobuoy.quiet_hours import QuietHours
from networks.sonobuoy.states import Known, State, state_of

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WELL = Known(read_at=NOW, every=DAY / 2, can_be_read=True, silent=2, limit=4)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.ALIVE),
        ({"silent": 5}, State.QUIET),
        ({"silent": 4}, State.ALIVE),
        ({"limit": None}, State.LEARNING),
        ({"silent": None}, State.LEARNING),
        ({"read_at": None, "silent": None}, State.LEARNING),
        ({"read_at": NOW - DAY, "silent": 5}, State.QUIET),
        ({"read_at": NOW - 1.01 * DAY, "silent": 5}, State.NOT_READ),
        ({"can_be_read": False, "silent": 5}, State.NOT_READ),
        ({"is_muted": True, "silent": 5}, State.MUTED),
        ({"is_muted": True, "can_be_read": False}, State.NOT_READ),
        ({"rests": True, "can_be_read": False, "silent": 5}, State.RESTING),
        ({"has_left": True, "rests": True, "is_muted": True}, State.LEFT),
    ],
)
def test_one_state_wins(changes, state):
    assert state_of(replace(WELL, **changes), NOW) == state


@pytest.mark.parametrize(
    ("hour", "waits_until"),
    [(12, None), (20.99, None), (21, 32), (23, 32), (0.5, 8), (7.99, 8), (8, None)],
)
def test_mail_waits_until_the_quiet_hours_are_over(hour, waits_until):
    midnight = datetime(2026, 11, 3, tzinfo=BERLIN)
    at = (midnight + timedelta(hours=hour)).astimezone(UTC)
    then = NIGHT.over(at, BERLIN)
    assert then == (at if waits_until is None else midnight + timedelta(hours=waits_until))


def test_equal_times_are_no_quiet_hours():
    assert QuietHours(time(9), time(9)).over(NOW, BERLIN) == NOW


def test_hours_in_the_afternoon_need_no_midnight():
    assert QuietHours(time(11), time(15)).over(NOW, ZoneInfo("UTC")) == NOW + timedelta(hours=3)


times = st.times().map(lambda t: t.replace(microsecond=0))
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kolkata"]
)


@given(times, times, zones.map(ZoneInfo), st.integers(0, 366 * 24 * 60))
def test_mail_waits_a_day_at_most_and_goes_out_in_no_quiet_hour(start, end, zone, minutes):
    hours = QuietHours(start, end)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    then = hours.over(at, zone)
    assert at <= then <= at + timedelta(hours=25)
    assert not hours.holds(then, zone)
