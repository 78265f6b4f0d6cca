"""What every engine promises: tables by name, whole numbers of 64 bits, results in pieces."""

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.engines.contract import ROWS_AT_ONCE

PEOPLE = ibis.schema({"person": "int64", "host": "string"})
SUMS = ibis.schema({"host": "string", "total": "int64"})


def people():
    return ibis.table(PEOPLE, "people")


def found(engine, table):
    return [tuple(row.values()) for batch in engine.batches(table) for row in batch.to_pylist()]


class EnginePromises:
    """Tests of whatever fixture `engine` gives."""

    def test_a_table_is_made_of_columns_and_replaced_by_the_next_of_its_name(self, engine):
        for host in ("a.example", "b'.example"):
            engine.take_columns("people", {"person": [1, None], "host": [host, "x"]}, PEOPLE)
            assert found(engine, people()) == [(1, host), (None, "x")]
        assert engine.count("people") == 2

    def test_a_table_is_made_of_what_postgresql_copies_out(self, engine, tmp_path):
        file = tmp_path / "people.csv"
        file.write_text('1,"a ""quoted"" one"\n,\n2,""\n')
        engine.take_csv("people", file, PEOPLE)
        file.unlink()
        assert found(engine, people()) == [(1, 'a "quoted" one'), (None, None), (2, "")]
        file.write_text("")
        engine.take_csv("people", file, PEOPLE)
        assert found(engine, people()) == []

    def test_parquet_files_are_read_where_they_are(self, engine, tmp_path):
        files = []
        for number in (1, 2):
            files.append(str(tmp_path / f"it's {number}.parquet"))
            pq.write_table(pa.table({"host": ["h"], "more": [0], "person": [number]}), files[-1])
        engine.take_files("people", files, PEOPLE)
        assert sorted(found(engine, people())) == [(1, "h"), (2, "h")]
        engine.take_files("people", [], PEOPLE)
        assert found(engine, people()) == []

    def test_sums_wider_than_64_bits_inside_come_out_in_64(self, engine):
        engine.take_columns("people", {"person": [2**62, -(2**62), 5], "host": ["h"] * 3}, PEOPLE)
        sums = people().group_by("host").aggregate(total=people().person.sum())
        engine.make("sums", sums, SUMS)
        assert found(engine, ibis.table(SUMS, "sums")) == found(engine, sums) == [("h", 5)]

    def test_what_is_written_is_one_file_of_64_bits_that_can_be_read_again(self, engine, tmp_path):
        engine.take_columns("people", {"person": [1, 2], "host": ["h"] * 2}, PEOPLE)
        sums = people().group_by("host").aggregate(total=people().person.sum())
        file = tmp_path / "it's sums.parquet"
        engine.write(sums, file)
        assert pq.read_schema(file).field("total").type == pa.int64()
        engine.take_files("sums", [str(file)], SUMS)
        assert found(engine, ibis.table(SUMS, "sums")) == [("h", 3)]

    def test_a_table_may_be_made_of_the_one_it_replaces_while_that_is_being_read(self, engine):
        engine.take_columns(
            "people", {"person": range(3 * ROWS_AT_ONCE), "host": ["h"] * 150_000}, PEOPLE
        )
        pieces = engine.batches(people())
        first = next(pieces)
        engine.make("people", people().filter(people().person < 2))
        assert engine.count("people") == 2
        assert first.num_rows + sum(piece.num_rows for piece in pieces) == 3 * ROWS_AT_ONCE

    def test_a_result_comes_in_its_order_in_pieces_or_at_once(self, engine):
        engine.take_columns("people", {"person": range(120_000), "host": ["h"] * 120_000}, PEOPLE)
        backwards = people().order_by(people().person.desc()).select("person")
        pieces = list(engine.batches(backwards))
        assert len(pieces) > 1
        assert pieces[0]["person"][0].as_py() == 119_999
        assert list(engine.columns(backwards)["person"]) == list(range(120_000))[::-1]

    def test_a_missing_figure_is_no_number(self, engine):
        engine.take_columns("people", {"person": [None], "host": ["h"]}, PEOPLE)
        with pytest.raises(ValueError, match="null in person"):
            engine.columns(people())

    def test_what_is_dropped_is_gone_and_may_be_dropped_again(self, engine):
        engine.take_columns("people", {"person": [1], "host": ["h"]}, PEOPLE)
        engine.drop("people")
        engine.drop("people")
        with pytest.raises(Exception, match="people"):
            engine.count("people")

    def test_what_is_defined_follows_the_tables_it_is_made_of(self, engine):
        engine.take_columns("people", {"person": [1, 2], "host": ["h", "x"]}, PEOPLE)
        engine.define("some", people().filter(people().host == "h"))
        some = ibis.table(PEOPLE, "some")
        assert found(engine, some) == [(1, "h")]
        engine.make("kept", some)
        engine.take_columns("people", {"person": [3], "host": ["h"]}, PEOPLE)
        assert found(engine, ibis.table(PEOPLE, "kept")) == [(1, "h")]
