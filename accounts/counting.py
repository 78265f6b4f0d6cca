"""Counting tries in the cache: by windows of the clock, forgotten when the window is over."""

from datetime import datetime, timedelta

from django.core.cache import cache


def is_within(key: str, most: int, window: timedelta, now: datetime) -> bool:
    """Count one try under this key; False once there were `most` in this window."""
    seconds = int(window.total_seconds())
    counted = f"{key}:{int(now.timestamp()) // seconds}"
    cache.add(counted, 0, seconds)
    try:
        return bool(cache.incr(counted) <= most)
    except ValueError:  # it went between the two: the first try of a new window
        return True
