"""A cache in Redis that goes on in memory while Redis is away.

What we keep in it are counters: of sign-in attempts, of requests to each server. They must neither
vanish nor lock everybody out when Redis is gone, so each process then counts for itself.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5.0


class RedisOrMemoryCache(RedisCache):
    """Redis; after an error of the connection, this process's memory for a few seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        memory_params = {k: v for k, v in params.items() if k != "OPTIONS"}
        self._memory = LocMemCache(f"without-{server}", memory_params)
        self._away_until = 0.0

    def _either(self, redis: Callable[[], Any], memory: Callable[[], Any]) -> Any:
        if time.monotonic() < self._away_until:
            return memory()
        try:
            return redis()
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + RETRY_AFTER_SECONDS
            logger.warning("cache: Redis does not answer, counting in memory (%s)", error)
            return memory()

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(
            self._either(
                lambda: super(RedisOrMemoryCache, self).add(key, value, *args, **kwargs),
                lambda: self._memory.add(key, value, *args, **kwargs),
            )
        )

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._either(
            lambda: super(RedisOrMemoryCache, self).get(key, *args, **kwargs),
            lambda: self._memory.get(key, *args, **kwargs),
        )

    def get_many(self, keys: Any, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(
            self._either(
                lambda: super(RedisOrMemoryCache, self).get_many(keys, *args, **kwargs),
                lambda: self._memory.get_many(keys, *args, **kwargs),
            )
        )

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._either(
            lambda: super(RedisOrMemoryCache, self).set(key, value, *args, **kwargs),
            lambda: self._memory.set(key, value, *args, **kwargs),
        )

    def incr(self, key: Any, *args: Any, **kwargs: Any) -> int:
        return int(
            self._either(
                lambda: super(RedisOrMemoryCache, self).incr(key, *args, **kwargs),
                lambda: self._memory.incr(key, *args, **kwargs),
            )
        )

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(
            self._either(
                lambda: super(RedisOrMemoryCache, self).delete(key, *args, **kwargs),
                lambda: self._memory.delete(key, *args, **kwargs),
            )
        )
