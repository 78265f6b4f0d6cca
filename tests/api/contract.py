"""The wire format of the API of old, as data, and how a value is compared with it."""

import json
import re
from pathlib import Path
from typing import Any

CONTRACT = json.loads((Path(__file__).parent / "contract.json").read_text())
SHAPES = CONTRACT["shapes"]
# What we tell besides: nobody falls over it.
OURS = {"use"}
BUCKET = re.compile(r"1-9|[1-8]0-[1-8]9|90-100")


def has_shape(value: Any, shape: Any) -> bool:
    """Whether every field is there and of its kind; numbers are never null, ids are digits."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and value.keys() - OURS == shape.keys()
            and all(has_shape(value[name], shape[name]) for name in shape)
        )
    if isinstance(shape, list):
        shapes = shape * len(value) if len(shape) == 1 else shape
        return (
            isinstance(value, list)
            and len(value) == len(shapes)
            and all(map(has_shape, value, shapes))
        )
    if shape[0] == "@":
        return has_shape(value, SHAPES[shape[1:]])
    if shape[0] == "=":
        return str(value) == shape[1:]
    return {
        "digits": isinstance(value, str) and value.isascii() and value.isdigit(),
        "text": isinstance(value, str) and value != "",
        "number": type(value) in (int, float) and round(value, 4) == value,
        "count": type(value) is int and value >= 0,
        "bucket": isinstance(value, str) and bool(BUCKET.fullmatch(value)),
    }[shape]
