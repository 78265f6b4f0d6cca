"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.webhooks.schedule import (
    LONGEST_BOUND,
    SHORTEST_WAIT,
    TRIED_FOR,
    bound_after,
    next_try,
)

BEGIN = datetime(2026, 11, 2, 12, tzinfo=UTC)
shares = st.floats(0, 1)
seconds = st.integers(0, 5 * 86_400)


@given(st.integers(1, 10_000), seconds, shares, seconds)
def test_a_try_is_later_but_never_after_three_days(
    tries: int, since: int, share: float, asked: int
) -> None:
    now = BEGIN + timedelta(seconds=since)
    not_before = now + timedelta(seconds=asked)
    then = next_try(tries, BEGIN, now, share, not_before=not_before)
    if since >= TRIED_FOR.total_seconds():
        assert then is None
        return
    assert then is not None
    assert now < then <= BEGIN + TRIED_FOR
    assert then >= min(not_before, BEGIN + TRIED_FOR)
    if not asked:
        assert then - now <= max(SHORTEST_WAIT, bound_after(tries))


@given(st.lists(shares, min_size=1))
def test_the_last_try_is_when_three_days_are_over(chances: list[float]) -> None:
    now, tries, moments = BEGIN, 0, [BEGIN]
    while True:
        tries += 1
        share = max(0.01, chances[tries % len(chances)])
        then = next_try(tries, BEGIN, now, share, not_before=now)
        if then is None:
            break
        moments.append(then)
        now = then
    assert moments[-1] == BEGIN + TRIED_FOR
    assert moments == sorted(set(moments))
    assert bound_after(tries) <= LONGEST_BOUND


def test_bounds_double() -> None:
    assert [bound_after(n) for n in (1, 2, 3)] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert bound_after(10_000) == LONGEST_BOUND
