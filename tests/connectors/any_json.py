"""What hypothesis sends to parsers: any JSON, and good items bent out of shape."""

from typing import Any

from hypothesis import strategies as st

# Also NUL, bidi marks, lone surrogates: the parser does not rely on the reader before it.
TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [prefix]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*prefix, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*prefix, index))
    return found


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@st.composite
def bent(draw: st.DrawFn, good_items: list[Any]) -> Any:
    """A good item with up to three of its fields replaced by anything."""
    item = draw(st.sampled_from(good_items))
    for _ in range(draw(st.integers(1, 3))):
        item = replaced(item, draw(st.sampled_from(paths(item))), draw(JSON))
    return item
