"""JSON as the standard means it, within bounds: what Python's own reader lets through is refused.

Python takes NaN, Infinity, 1e999, duplicate keys (the last wins), NUL characters and halves of
surrogate pairs; each breaks PostgreSQL, a sum or our own output further on.
"""

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
# Marks that make a value: a megabyte of real answers has about 70,000, one of `[],[],` 700,000,
# which would take 40 times its size in memory. So many take at most 9 MB, whatever they are.
MAX_MARKS = 80_000
_MAX_DIGITS = 19
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class NotStrictJson(ValueError):
    """The text is not JSON that we take."""


def parse(body: bytes) -> Any:
    """The value in UTF-8 JSON, NUL removed and lone surrogates replaced in every string.

    Raises NotStrictJson: not JSON, nested deeper than 64, a number that is not finite or has
    more than 19 digits, the same key twice in one object, an absurd lot of values.
    """
    if sum(map(body.count, (b",", b":", b"[", b"{"))) > MAX_MARKS:
        raise NotStrictJson("too many values")
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_without_duplicates,
        )
    except NotStrictJson:
        raise
    except RecursionError:
        raise NotStrictJson("nested too deeply") from None
    except ValueError as error:
        raise NotStrictJson(f"not JSON: {type(error).__name__}") from error
    return _cleaned(value, 1)


def _refuse_constant(name: str) -> NoReturn:
    raise NotStrictJson(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotStrictJson("a number too large")
    return number


def _bounded(text: str) -> int:
    if len(text) > _MAX_DIGITS + text.startswith("-"):
        raise NotStrictJson("a number too long")
    return int(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {clean_text(key): value for key, value in pairs}
    if len(found) != len(pairs):
        raise NotStrictJson("the same key twice")
    return found


def _cleaned(value: Any, depth: int) -> Any:
    """The value with all its texts cleaned, in place."""
    if isinstance(value, str):
        return clean_text(value)
    if not isinstance(value, dict | list):
        return value
    if depth > MAX_DEPTH:
        raise NotStrictJson("nested too deeply")
    # Values change, keys do not, so both may be walked while they are cleaned.
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        value[key] = _cleaned(item, depth + 1)
    return value


def clean_text(text: str) -> str:
    """Text that PostgreSQL and UTF-8 take: no NUL, no halves of surrogate pairs."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))
