"""The cache that counts attempts, with Redis and without."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from klout.settings import CACHES

WITHOUT_REDIS = CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/2"}


@pytest.mark.parametrize("place", [CACHES["default"], WITHOUT_REDIS], ids=["redis", "memory"])
def test_what_is_counted_is_kept_once_and_given_back(settings: Any, place: dict[str, Any]) -> None:
    settings.CACHES = {"default": place}
    key = str(uuid4())
    assert cache.add(key, [1.5], 60)
    assert not cache.add(key, [2.5], 60)
    cache.set(key, [2.5, 1.5], 60)
    assert cache.get(key, []) == [2.5, 1.5]
    assert cache.delete(key)
    assert cache.get(key, []) == []
