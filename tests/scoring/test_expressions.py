"""The engine against plain Python, and against itself in another order."""

from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import counting, expressions, tallies, trust
from scoring.engines.duck import duck_engine
from scoring.rule import ONE
from tests.scoring.oracle import Act, sums

TODAY = 20_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with duck_engine(tmp_path_factory.mktemp("engine"), "1GB") as engine:
        engine.take_columns("days", {"on_day": [TODAY]})
        for name, table in expressions.tables().items():
            engine.take_columns(name, table)
        for name in ("accounts", "readings", "reactions", "trust"):
            fill(engine, name, [])
        yield engine


def fill(engine, name, rows):
    """Replace what is in a table."""
    schema = trust.TRUST if name == "trust" else getattr(expressions, name.upper())
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    engine.take_columns(name, dict(zip(schema, columns, strict=True)), schema)


def accounts_read(last_read):
    """Rows of `accounts`: account n belongs to member 10 * n."""
    return [
        (account * 10, account, "mastodon", "known.example", f"@{account}", TODAY, day)
        for account, day in last_read.items()
    ]


def reaction_rows(acts):
    return [(a.account, a.responder, a.standing, a.day) for a in acts]


def summed(engine):
    """The people of each account, then their sums, batch by batch."""
    engine.make("people", expressions.people_of_accounts())
    yield from map(counting.with_tallies, engine.batches(expressions.account_sums()))


def sums_by_engine(engine):
    found = [row for batch in summed(engine) for row in batch.to_pylist()]
    assert {row.pop("on_day") for row in found} <= {TODAY}
    return {row.pop("account_id"): row for row in found}


acts = st.lists(
    st.builds(
        Act,
        account=st.integers(1, 4),
        act=st.integers(-(2**63), 2**63 - 1),
        responder=st.sampled_from([-(2**63), -5, 0, 3, 11, 2**63 - 1]),
        standing=st.integers(0, 1000),
        day=st.integers(TODAY - 130, TODAY + 3),
    ),
    max_size=60,
    unique_by=lambda one: one.act,
)
clocks = st.fixed_dictionaries(
    {n: st.none() | st.integers(TODAY - 35, TODAY + 2) for n in range(1, 5)}
)
SLOW = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(acts, clocks)
@SLOW
def test_the_engine_agrees_with_plain_python(engine, received, last_read):
    fill(engine, "accounts", accounts_read(last_read))
    fill(engine, "reactions", reaction_rows(received))
    fill(engine, "trust", [])
    effective = {
        account: min(day, TODAY)
        for account, day in last_read.items()
        if day is not None and TODAY - day <= 30
    }
    assert sums_by_engine(engine) == sums(received, effective)


@given(acts, st.integers(0, 2 * ONE))
@SLOW
def test_trust_flows_in_where_it_is_handed_over(engine, received, much):
    everywhere = [replace(one, account=1) for one in received]
    fill(engine, "accounts", accounts_read({1: TODAY}))
    fill(engine, "reactions", reaction_rows(everywhere))
    fill(engine, "trust", [(1, 11, much), (999, 3, ONE)])
    assert sums_by_engine(engine) == sums(everywhere, {1: TODAY}, {11: much})


@given(acts, st.randoms(use_true_random=False))
@SLOW
def test_the_order_of_the_rows_changes_no_byte(engine, received, chance):
    fill(engine, "accounts", accounts_read(dict.fromkeys(range(1, 5), TODAY)))
    fill(engine, "trust", [])
    fill(engine, "reactions", reaction_rows(received))
    once = sums_by_engine(engine)
    chance.shuffle(received)
    fill(engine, "reactions", reaction_rows(received))
    assert sums_by_engine(engine) == once


def test_splitting_over_files_and_threads_changes_no_byte(engine, tmp_path):
    chance = Random(4)
    received = [
        Act(chance.randrange(1, 50), n, chance.randrange(300), chance.randrange(1001), day)
        for n in range(20_000)
        for day in [TODAY - chance.randrange(1, 95)]
    ]
    fill(engine, "accounts", accounts_read(dict.fromkeys(range(1, 50), TODAY)))
    fill(engine, "trust", [])
    fill(engine, "reactions", reaction_rows(received))
    together = sums_by_engine(engine)
    for part in range(7):
        engine.con.execute(
            f"COPY (SELECT * FROM reactions WHERE responder % 7 = {part}) "
            f"TO '{tmp_path}/{part}.parquet'"
        )
    engine.con.execute(f"CREATE OR REPLACE TABLE reactions AS FROM '{tmp_path}/*.parquet'")
    engine.con.execute("SET threads = 1")
    assert sums_by_engine(engine) == together == sums(received, dict.fromkeys(range(1, 50), TODAY))


@given(acts)
@SLOW
def test_the_sums_of_a_tally_are_those_of_the_engine(engine, received):
    fill(engine, "accounts", accounts_read(dict.fromkeys(range(1, 5), TODAY)))
    fill(engine, "trust", [(1, 11, ONE), (2, 3, ONE // 2)])
    fill(engine, "reactions", reaction_rows(received))
    for row in sums_by_engine(engine).values():
        found = tallies.sums(row["tally"])
        assert (found.response, found.squares, found.everyone, found.people) == tuple(
            row[name] for name in ("response", "squares", "everyone", "people")
        )
        assert list(found.by_weight) == [row[f"weight_{quarters}"] for quarters in range(5)]


def test_more_people_than_one_number_holds_are_several_numbers(engine):
    fill(engine, "accounts", accounts_read({1: TODAY}))
    fill(engine, "trust", [])
    engine.con.execute(
        "CREATE OR REPLACE TABLE reactions AS SELECT 1::BIGINT AS account_id, "
        f"n AS responder, 1000::BIGINT AS standing, {TODAY - 8}::BIGINT AS happened_day "
        "FROM range(450_001) t(n)"
    )
    row = sums_by_engine(engine)[1]
    tally = tallies.fitting(row["tally"])
    assert tally == [500_010_702, 2_000_000_702, 2_000_000_702]
    assert tallies.sums(tally).people == row["people"] == 450_001
    assert tallies.sums(tally).response == row["response"]


def days_by_engine(engine):
    columns = pa.Table.from_batches(summed(engine), expressions.SUMS.to_pyarrow())
    engine.take_columns("sums", columns.to_pydict(), expressions.SUMS)
    rows = expressions.account_days()
    return {row["account_id"]: row for batch in engine.batches(rows) for row in batch.to_pylist()}


def test_the_latest_reading_counts_and_before_the_first_the_first(engine):
    fill(engine, "accounts", accounts_read({1: TODAY, 2: TODAY + 9, 3: TODAY}))
    fill(engine, "reactions", [])
    fill(
        engine,
        "readings",
        [
            (1, TODAY - 5, 50, 5),
            (1, TODAY - 1, 70, None),
            (1, TODAY + 1, 90, 9),
            (2, TODAY + 8, 33, None),
            (2, TODAY + 9, 34, None),
        ],
    )
    found = days_by_engine(engine)
    assert [(found[n]["followers"], found[n]["curation"]) for n in (1, 2, 3)] == [
        (70, 5),
        (33, None),
        (None, None),
    ]


def test_an_account_without_reactions_has_sums_of_nothing(engine):
    fill(engine, "accounts", accounts_read({1: TODAY}))
    fill(engine, "reactions", [])
    row = days_by_engine(engine)[1]
    assert (row["response"], row["people"], row["weight_0"], row["first_day"]) == (0, 0, 0, None)
    assert row["tally"] is None
