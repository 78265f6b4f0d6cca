"""The flow of trust from the engine's tables to sparse matrices, and back as a table.

`spread` is done once for all members; `hand_over` for each part of the accounts, with the same
result however they are cut.
"""

import numpy as np

from scoring import expressions, trust
from scoring.engines import Engine
from scoring.rule import ONE, QUARTERS
from scoring.trust import Graph, Heard, Links, Whole


def spread(engine: Engine) -> Heard:
    """Let all units walk over `links`; needs `persons` and `known` as well."""
    engine.make("nodes", trust.nodes())
    engine.make("ways", trust.ways())
    size = engine.count("nodes")
    between = engine.columns(trust.between_members())
    graph = Graph(
        _by_number(engine.columns(trust.totals()), "node", "total", size),
        _by_number(engine.columns(trust.standings()), "node", "standing", size),
        Links(between["node"], between["to_node"], between["weight"]),
    )
    engine.take_columns("units", {"node": np.arange(size), "unit": graph.units})
    engine.make("coming", trust.coming())
    coming = engine.columns(trust.all_coming())
    ways = engine.columns(trust.to_heard())
    heard = graph.hear(
        _by_number(coming, "place", "coming", len(coming["place"])),
        ways["to_node"],
        Links(ways["node"], ways["place"], ways["weight"]),
    )
    for name in ("ways", "units"):
        engine.drop(name)
    return heard


def hand_over(engine: Engine, heard: Heard) -> None:
    """Make `trust` for all of `people`, those who responded to `accounts`."""
    asked = engine.columns(expressions.asked())
    quarters = heard.quarters(asked["node"], asked["place"])
    trusted = quarters > 0
    engine.take_columns(
        "trust",
        {
            "account_id": asked["account_id"][trusted],
            "responder": asked["responder"][trusted],
            "trust": quarters[trusted] * (ONE // QUARTERS),
        },
    )


def _by_number(columns: dict[str, Whole], number: str, figure: str, size: int) -> Whole:
    """One figure for each number from 0 on; 0 where there is none."""
    found: Whole = np.zeros(size, dtype=np.int64)
    found[columns[number]] = columns[figure]
    return found
