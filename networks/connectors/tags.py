"""Tags as every connector reads them: what a member said a post is about. Pure."""

import unicodedata
from collections.abc import Iterable
from itertools import islice

from networks.connectors.fields import line

MAX_TAGS = 20
MAX_TAG = 60
# What programs write where nobody said anything.
_SAY_NOTHING = frozenset({"uncategorized", "uncategorised"})


def tags(values: Iterable[object]) -> tuple[str, ...]:
    """The tags among the first 20 values, each once, in the order given.

    A tag is one line of at most 60 characters in NFC, in folded case, without control and
    direction characters and without the sign before it. What has no letter in it is none.
    """
    names = (_tag(value) for value in islice(values, MAX_TAGS))
    return tuple(dict.fromkeys(name for name in names if name))


def _tag(value: object) -> str:
    folded = unicodedata.normalize("NFC", line(value, MAX_TAG).lstrip("#").casefold())
    name = folded[:MAX_TAG].strip()
    is_said = any(character.isalpha() for character in name) and name not in _SAY_NOTHING
    return name if is_said else ""
