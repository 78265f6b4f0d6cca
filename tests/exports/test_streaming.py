"""What is long is never in memory as a whole."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.exports.rows import Rows
from accounts.exports.writing import OtherColumns, PartWriter


def _posts(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {"number": number, "excerpt": "what I saw on the way " * 10, "tags": ["sea"]}


def _peak(folder: Path, count: int) -> int:
    """The most bytes that Python held while this many rows were written."""
    tracemalloc.start()
    with PartWriter("part", folder / str(count)) as writer:
        writer.write({"posts": Rows(lambda: _posts(count))})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    assert _peak(tmp_path, 20_000) < 1.5 * _peak(tmp_path, 2_000)
    assert (tmp_path / "20000" / "part.json").stat().st_size > 5_000_000


def test_what_was_read_is_on_the_disk_before_the_rest_is_asked_for(tmp_path: Path) -> None:
    sizes: list[int] = []

    def watched() -> Iterator[dict[str, object]]:
        for row in _posts(5_000):
            if row["number"] in (1_000, 4_000):
                sizes.append((tmp_path / "part.json").stat().st_size)
            yield row

    with PartWriter("part", tmp_path) as writer:
        writer.write({"posts": Rows(watched)})
    assert 0 < sizes[0] < sizes[1] / 3


def test_a_row_with_other_fields_is_an_error_and_no_crooked_table(tmp_path: Path) -> None:
    odd = [{"a": 1}, {"a": 1, "b": 2}]
    with pytest.raises(OtherColumns), PartWriter("part", tmp_path) as writer:
        writer.write({"rows": odd})
