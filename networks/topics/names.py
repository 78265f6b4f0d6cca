"""What a topic is called, and its number. Pure."""

import re
from hashlib import blake2b

_LEAST = 10**17
_BEYOND = 10**18
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def key_of(name: str) -> str:
    """The same for `machine learning`, `machine-learning` and `machinelearning`."""
    return _BETWEEN_WORDS.sub("", name)


def slug_of(name: str) -> str:
    """With hyphens between the words."""
    return _BETWEEN_WORDS.sub("-", name)


def number_of(key: str) -> int:
    """Eighteen digits, the same for a topic on every site and for ever.

    Worked out from the topic itself, so that no list of topics is kept which outlives their owners.
    Of a million topics two share a number with a chance of 1 in 1.8 million.
    """
    digest = blake2b(key.encode(), digest_size=16).digest()
    return _LEAST + int.from_bytes(digest) % (_BEYOND - _LEAST)
