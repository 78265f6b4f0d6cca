"""When a message is tried again. Pure.

Full jitter: each wait is anything between nothing and a bound that doubles (M. Brooker,
"Exponential backoff and jitter", 2015), so that many messages that failed together do not come
back together. The last try is when three days are over, wherever chance put those before it.
"""

from datetime import datetime, timedelta

FIRST_BOUND = timedelta(seconds=30)
LONGEST_BOUND = timedelta(hours=12)
SHORTEST_WAIT = timedelta(seconds=5)
TRIED_FOR = timedelta(days=3)


def bound_after(tries: int) -> timedelta:
    """The longest wait after so many failed tries (1 or more)."""
    doubled: int = 2 ** min(tries - 1, 20)
    return min(FIRST_BOUND * doubled, LONGEST_BOUND)


def next_try(
    tries: int, first_tried_at: datetime, now: datetime, share: float, *, not_before: datetime
) -> datetime | None:
    """The next moment after the `tries`-th failure; None when three days are over.

    `share` is chance, 0 to 1. `not_before` is what the server asked for.
    """
    ends_at = first_tried_at + TRIED_FOR
    if now >= ends_at:
        return None
    waited = now + max(SHORTEST_WAIT, bound_after(tries) * share)
    return min(max(waited, not_before), ends_at)
