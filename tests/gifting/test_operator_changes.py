"""What the operator sets, and when it starts: nothing that was given is touched."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting import limits, periods, selectors, services
from gifting.models import Move, Period
from gifting.refusals import Refusal

DAY = timedelta(days=1)


def test_a_new_length_starts_when_the_current_period_ends(ada, grace, give, now, settings):
    give(ada, grace)
    settings.K_PERIOD_DAYS = 14
    assert selectors.current_period(now + 6 * DAY).ends_on == date(2026, 11, 9)
    assert selectors.purse(ada, now + 6 * DAY).allotted_left == 4
    begun = services.turn_period(now + 7 * DAY)
    assert (begun.begins_on, begun.ends_on) == (date(2026, 11, 9), date(2026, 11, 23))
    settings.K_PERIOD_DAYS = 1
    assert selectors.purse(ada, now + 20 * DAY).period == begun
    assert selectors.current_period(now + 21 * DAY).days == 1


def test_the_turn_of_a_period_may_come_twice_and_late(db, now):
    services.turn_period(now)
    services.turn_period(now)
    services.turn_period(now + 30 * DAY)
    assert list(Period.objects.order_by("begins_on").values_list("begins_on", flat=True)) == [
        date(2026, 11, 2),
        date(2026, 11, 30),
    ]


@given(
    days=st.integers(1, 40),
    today=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    ended=st.none() | st.integers(0, 900),
)
def test_a_period_lasts_around_its_moment_and_weeks_begin_on_mondays(days, today, ended):
    now = datetime.combine(today, datetime.min.time(), tzinfo=UTC)
    last_ended_on = None if ended is None else today - ended * DAY
    begins, ends = periods.period_around(now, days, last_ended_on)
    assert begins <= today < ends
    assert (ends - begins).days <= days
    assert last_ended_on is None or begins >= last_ended_on
    if days % 7 == 0:
        assert ends.weekday() == 0
    else:
        assert (ends - begins).days == days


def test_less_allotted_takes_no_k_away(ada, grace, mallory, give, now, settings):
    give(ada, grace)
    settings.K_ALLOTMENT = 0
    assert selectors.purse(ada, now).allotted_left == 4
    assert len(selectors.received(grace, now, 9)) == 1
    give(ada, mallory)


def test_new_members_wait_before_they_give_and_can_receive(ada, grace, give, now, settings):
    settings.GIVING_WAIT_DAYS = 3
    grace.joined_at = now - 10 * DAY
    grace.save()
    ada.joined_at = now - 2 * DAY
    ada.save()
    sentence = "New members wait 3 days before they give K. You can give from Tuesday 3 November"
    with pytest.raises(Refusal, match=sentence):
        give(ada, grace)
    assert selectors.giving(ada, "", "", now).refusal.startswith(sentence)
    give(grace, ada)
    give(ada, grace, now + DAY)


def test_gifts_are_limited_by_the_hour_however_often_they_are_taken_back(
    ada, grace, mallory, give, now, monkeypatch
):
    monkeypatch.setattr(limits, "GIFTS_AN_HOUR", 2)
    for _ in range(2):
        services.take_back(ada, give(ada, grace).k.address, last_step_of(ada), now)
    with pytest.raises(Refusal, match="You gave 2 times within an hour"):
        give(ada, mallory)
    assert "2 times within an hour" in selectors.giving(ada, "", "", now).refusal
    give(ada, mallory, now + timedelta(hours=1))


def last_step_of(giver) -> int:
    return Move.objects.filter(giver__member=giver).latest("id").step


def test_undo_and_decline_make_no_allotment_last_longer(ada, grace, mallory, give, now):
    """Given once more and back once more, a K lapses when it would have lapsed anyway."""
    first = give(ada, grace, now + 6 * DAY)
    services.decline(grace, first.k.address, 1, now + 6 * DAY)
    lapses_at = now + 13 * DAY
    (back,) = selectors.purse(ada, now + 8 * DAY).returned
    assert back.lapses_at == lapses_at
    again = services.give_k(ada, mallory, now + 12 * DAY, key=uuid4())
    assert again.k == first.k
    services.decline(mallory, again.k.address, again.step, now + 12 * DAY)
    (back,) = selectors.purse(ada, now + 12 * DAY).returned
    assert back.lapses_at == lapses_at
    assert selectors.purse(ada, lapses_at).returned == ()
