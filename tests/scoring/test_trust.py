"""The flow of trust, held against every way written out one by one."""

from random import Random

import ibis
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import expressions, flow, trust
from scoring.engines.duck import duck_engine
from scoring.rule import ONE

PEOPLE = range(1, 9)  # 1..5 are members, of whom 5 has two accounts (5 and 6); 7 and 8 are none
OWNER = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 5}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with duck_engine(tmp_path_factory.mktemp("engine"), "1GB") as engine:
        yield engine


def by_hand(links, standing, scored, responder):
    """Every way of one or two steps, in exact fractions rounded down as the rule says."""
    links = {(m, t): min(n, 10) for (m, t), n in links.items() if OWNER.get(t) != m}
    totals = {m: sum(n for (who, _), n in links.items() if who == m) for m in PEOPLE}
    owner = OWNER.get(responder)
    fine = 0
    for (m, first), weight in links.items():
        if m in (scored, owner) or standing.get(m, 0) < 500:
            continue
        unit = standing[m] * (2**32 // 1000) * 85 // (100 * totals[m])
        if first == responder:
            fine += weight * unit
        through = OWNER.get(first)
        if through in (None, scored) or not totals[through]:
            continue
        onward = weight * unit * 85 // (100 * totals[through])
        fine += onward * links.get((through, responder), 0)
    # Weights take whole quarters of it, and no more than four.
    return min(max(fine, 0) >> 30, 4) * ONE // 4


def fill(engine, links, standing, asked):
    """Member m has account m, which is all that matters of accounts here."""
    rows = {
        "links": (trust.LINKS, [(m, t, n) for (m, t), n in links.items()]),
        "persons": (
            trust.PERSONS,
            [
                (person, member, standing.get(member, 0), "mastodon", "known.example")
                for person, member in OWNER.items()
            ],
        ),
        "known": (trust.KNOWN, [("mastodon", "known.example")]),
        "people": (
            expressions.PEOPLE,
            [(1, member, responder, 1, 0, 0, 0) for member, responder in asked],
        ),
        "accounts": (
            expressions.ACCOUNTS,
            [(m, m, "mastodon", "known.example", f"@{m}", 1, 1) for m in set(OWNER.values())],
        ),
    }
    for name, (schema, filled) in rows.items():
        columns = list(zip(*filled, strict=True)) or [()] * len(schema)
        engine.take_columns(name, dict(zip(schema, columns, strict=True)), schema)


def trust_by_engine(engine):
    flow.hand_over(engine, flow.spread(engine))
    found = engine.columns(ibis.table(trust.TRUST, "trust"))
    return {
        (int(member), int(responder)): int(worth)
        for member, responder, worth in zip(*found.values(), strict=True)
    }


links = st.dictionaries(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5]), st.sampled_from(list(PEOPLE))),
    st.integers(1, 14),
    max_size=22,
)
standings = st.dictionaries(
    st.sampled_from([1, 2, 3, 4, 5]), st.sampled_from([0, 300, 499, 500, 830, 1000])
)
asked = [(s, h) for s in (1, 2, 5) for h in PEOPLE if OWNER.get(h) != s]
SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(links, standings)
@SLOW
def test_the_engine_finds_what_every_way_by_hand_comes_to(engine, reached, standing):
    fill(engine, reached, standing, asked)
    found = trust_by_engine(engine)
    expected = {pair: by_hand(reached, standing, *pair) for pair in asked}
    assert found == {pair: much for pair, much in expected.items() if much}


@pytest.mark.parametrize("rows", [1, 2, 20_000])
def test_a_busy_graph_cut_in_pieces_gives_what_by_hand_comes_to(engine, monkeypatch, rows):
    monkeypatch.setattr(trust, "ROWS_AT_ONCE", rows)
    chance = Random(rows)
    for _ in range(20):
        reached = {
            (member, person): chance.randrange(1, 12)
            for member in (1, 2, 3, 4, 5)
            for person in chance.sample(list(PEOPLE), 4)
        }
        standing = {member: chance.choice([500, 800, 1000]) for member in range(1, 6)}
        fill(engine, reached, standing, asked)
        expected = {pair: by_hand(reached, standing, *pair) for pair in asked}
        found = trust_by_engine(engine)
        assert found == {pair: much for pair, much in expected.items() if much}


def units_by_hand(ways, standing):
    """What each member hands on for each weight: of their own unit, and of what came to them."""
    totals = [sum(n for m, _, n in ways if m == node) for node in range(5)]
    own = [
        standing.get(node + 1, 0) * (2**32 // 1000) * 85 // (100 * totals[node])
        if totals[node] and standing.get(node + 1, 0) >= 500
        else 0
        for node in range(5)
    ]
    units = list(own)
    for m, target, weight in ways:
        through = OWNER.get(target, 0) - 1
        if through >= 0 and totals[through]:
            units[through] += weight * own[m] * 85 // (100 * totals[through])
    return units


def by_matrices(links, standing, asked):
    """The flow alone, without an engine; every person has a place, whatever comes to them."""
    ways = sorted((m - 1, t, min(n, 10)) for (m, t), n in links.items() if OWNER.get(t) != m)
    node, target, weight = (np.array(column, dtype=np.int64) for column in zip(*ways, strict=True))
    to_node = np.array([OWNER.get(int(t), 0) - 1 for t in target])
    totals = np.bincount(node, weight, minlength=5).astype(np.int64)
    standings = np.array([standing.get(member, 0) for member in range(1, 6)])
    known = to_node >= 0
    graph = trust.Graph(totals, standings, trust.Links(node[known], to_node[known], weight[known]))
    assert graph.units.tolist() == units_by_hand(ways, standing)
    coming = np.zeros(len(PEOPLE), dtype=np.int64)
    np.add.at(coming, target - 1, weight * graph.units[node])
    heard = graph.hear(coming, to_node, trust.Links(node, target - 1, weight))
    scored, responders = (
        np.array(column, dtype=np.int64) - 1 for column in zip(*asked, strict=True)
    )
    found = heard.quarters(scored, responders)
    assert found.dtype == graph.units.dtype == np.int64
    return dict(zip(asked, (int(quarters) * ONE // 4 for quarters in found), strict=True))


@pytest.mark.parametrize("rows", [1, 2, 20_000])
def test_the_flow_alone_is_what_every_way_by_hand_comes_to(monkeypatch, rows):
    monkeypatch.setattr(trust, "ROWS_AT_ONCE", rows)
    chance = Random(rows)
    seen = set()
    for _ in range(30):
        reached = {
            (member, person): chance.choice([1, 1, 2, 5, 10, 14])
            for member in chance.sample(range(1, 6), chance.randrange(2, 6))
            for person in chance.sample(list(PEOPLE), chance.randrange(2, 6))
        }
        standing = {member: chance.choice([0, 499, 500, 830, 1000]) for member in range(1, 6)}
        pairs = chance.sample(asked, len(asked))
        expected = {pair: by_hand(reached, standing, *pair) for pair in pairs}
        assert by_matrices(reached, standing, pairs) == expected
        seen |= set(expected.values())
    assert len(seen) == 5


def test_who_asks_about_nobody_hears_nothing():
    nothing = np.zeros(0, dtype=np.int64)
    graph = trust.Graph(np.ones(1, dtype=np.int64), np.array([1000]), trust.Links(*[nothing] * 3))
    heard = graph.hear(np.array([2**32]), nothing, trust.Links(*[nothing] * 3))
    found = heard.quarters(nothing, nothing)
    assert (len(found), found.dtype) == (0, np.int64)


@given(links, standings, st.integers(1, 14))
@SLOW
def test_ones_own_outreach_moves_nothing_for_oneself(engine, reached, standing, times):
    without = {(m, t): n for (m, t), n in reached.items() if m != 1}
    fill(engine, without, standing, [(1, h) for h in PEOPLE if h != 1])
    before = trust_by_engine(engine)
    everywhere = without | {(1, t): times for t in PEOPLE if t != 1}
    fill(engine, everywhere, standing, [(1, h) for h in PEOPLE if h != 1])
    assert trust_by_engine(engine) == before


@given(links, standings)
@SLOW
def test_what_a_member_has_to_spend_is_bounded(engine, reached, standing):
    """0.85 at the first step, 0.85 of that at the second, whatever the links are."""
    fill(engine, reached, standing, [(s, h) for s in (1, 2, 3, 4, 5) for h in PEOPLE])
    found = trust_by_engine(engine)
    units = sum(much for much in standing.values() if much >= 500) / 1000
    for scored in (1, 2, 3, 4, 5):
        given_out = sum(much for (s, _), much in found.items() if s == scored)
        assert given_out <= (0.85 + 0.85**2) * units * ONE


def test_bought_members_have_no_unit_to_spend(engine):
    fill(engine, {(2, 7): 1, (3, 7): 1}, {2: 432, 3: 432}, [(1, 7)])
    assert trust_by_engine(engine) == {}


def test_a_member_on_an_unknown_host_has_no_unit_to_spend(engine):
    fill(engine, {(2, 7): 1}, {2: 1000}, [(1, 7)])
    assert trust_by_engine(engine)
    engine.con.execute("UPDATE known SET host = 'elsewhere.example'")
    assert trust_by_engine(engine) == {}


def test_two_accounts_make_no_second_unit(engine):
    fill(engine, {(5, 7): 1, (5, 8): 1}, {5: 1000}, [(1, 7), (1, 8)])
    assert set(trust_by_engine(engine).values()) == {ONE // 4}  # 0.425
