"""Counting requests in Redis, exact however many come at the same time.

A request is counted in all its windows or in none: what is refused uses nothing up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import redis
from django.conf import settings

Answer = TypeVar("Answer")

# KEYS: one for each window. ARGV: how many may be in each, then for how many seconds each is kept.
# Returns whether it counts, then how many there are in each.
COUNT = """
local said = {1}
for place, window in ipairs(KEYS) do
    said[place + 1] = tonumber(redis.call('GET', window) or '0')
    if said[place + 1] >= tonumber(ARGV[place]) then said[1] = 0 end
end
if said[1] == 0 then return said end
for place, window in ipairs(KEYS) do
    said[place + 1] = redis.call('INCR', window)
    redis.call('EXPIRE', window, ARGV[#KEYS + place])
end
return said
"""
# Clocks of several machines may be apart by this many seconds.
APART = 10


class Away(Exception):
    """Redis does not answer, so nothing can be counted."""


@dataclass(frozen=True)
class Limit:
    """At most `most` requests within `seconds`. `name`: what the headers call it."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Window:
    """The time in which a limit counts now, as `key`; it ends in `ends_in` seconds."""

    limit: Limit
    key: str
    ends_in: int


@dataclass(frozen=True)
class Counted:
    """What is left in each window after this request.

    `is_over`: in one of them there was none left for it, and it was not counted.
    """

    is_over: bool
    left: tuple[tuple[Window, int], ...]

    @property
    def retry_after(self) -> int:
        """Seconds until there are some left again; 0 where there are now."""
        return max((window.ends_in for window, left in self.left if not left), default=0)

    @property
    def headers(self) -> dict[str, str]:
        """Those of draft-ietf-httpapi-ratelimit-headers."""
        now = [f'"{one.limit.name}";r={left};t={one.ends_in}' for one, left in self.left]
        return {
            "RateLimit-Policy": policy([window.limit for window, _ in self.left]),
            "RateLimit": ", ".join(now),
        }


def policy(limits: Sequence[Limit]) -> str:
    """How much may be asked, and in how many seconds, as the header tells it."""
    return ", ".join(f'"{one.name}";q={one.most};w={one.seconds}' for one in limits)


def count(windows: Sequence[Window]) -> Counted:
    """Count one request in all of these windows. Raises Away without Redis."""
    arguments = [one.limit.most for one in windows] + [one.ends_in + APART for one in windows]
    keys = [one.key for one in windows]
    is_counted, *counts = asked(lambda: _script()(keys=keys, args=arguments))
    left = [max(0, one.limit.most - so_far) for one, so_far in zip(windows, counts, strict=True)]
    return Counted(not is_counted, tuple(zip(windows, left, strict=True)))


def asked(ask: Callable[[], Answer]) -> Answer:
    """What Redis answers. Raises Away where it does not."""
    try:
        return ask()
    except redis.RedisError as error:
        raise Away from error


@cache
def client() -> redis.Redis:
    """A client whose every wait is bounded."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


@cache
def _script() -> Callable[..., list[int]]:
    return client().register_script(COUNT)
