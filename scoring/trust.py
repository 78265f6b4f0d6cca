"""The flow of trust: what members' own outreach says of those who respond to others. Pure.

Every member has one unit to spend, worth the standing of their best linked account. It walks: at
each step it goes on with 85 %, to one of the people whom the member at hand reached out to, in
proportion to how often (up to ten times each). It stops after two steps. So it goes to those a
member answers, and to those whom these answer in turn; people who are no members pass nothing on.

    trust of h for s  =  sum over members m other than s and h of
                         standing_m * P(m's walk comes to h without passing through s)

The walk never stands still and has two steps, so it comes to h once at most: first visits only.
It is the sum over all one-step and two-step ways, less those that begin at s, pass through s, or
begin at h. Each is subtracted by itself, in whole numbers, so that nothing depends on the order
of summation and a part of the graph gives what all of it gives (see docs/how-it-works/trust.md).

The tables are made by an engine (the expressions here), the flow by sparse matrices of 64-bit
integers (`Graph`). Figures called fine are in 2^-32, so that a share of a share is still
something.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
from scipy import sparse

from scoring.rule import FIXED_BITS, ONE, QUARTERS

FINE_BITS = 32
FINE_ONE = 1 << FINE_BITS
# Chosen, as usual for walks on graphs of people: 15 % stop at each step.
ON_PERCENT = 85
# How often counts up to here, as for reactions.
WEIGHT_AT_MOST = 10
# Bought accounts do not come so far (432 at most in the Cresci 2015 data); they have no unit.
STANDING_TO_SPEND = 500
STANDING_FULL = 1000
# Less makes no quarter of a weight.
LEAST = ONE // QUARTERS << (FINE_BITS - FIXED_BITS)
# Rows of a product of matrices that are worked out at a time.
ROWS_AT_ONCE = 20_000

Whole = npt.NDArray[np.int64]

# Whom a member reached out to in the window, and how often.
LINKS = ibis.schema({"member_id": "int64", "target": "int64", "acts": "int64"})
# The linked accounts: who they are where others respond, and what their own host says of them.
PERSONS = ibis.schema(
    {
        "person": "int64",
        "member_id": "int64",
        "standing": "int64",
        "platform": "string",
        "host": "string",
    }
)
KNOWN = ibis.schema({"platform": "string", "host": "string"})

# Members by a number from 0 on, in the order of their ids.
NODES = ibis.schema({"member_id": "int64", "node": "int64"})
# Links as weights; `to_node` is -1 for people who are no members.
WAYS = ibis.schema({"node": "int64", "target": "int64", "to_node": "int64", "weight": "int64"})
# What a member hands on for each weight, fine: of their own unit and of what came to them.
UNITS = ibis.schema({"node": "int64", "unit": "int64"})
# What comes in all to those for whom it makes a quarter; `place` numbers them from 0 on.
COMING = ibis.schema({"target": "int64", "place": "int64", "coming": "int64"})
# What comes to a responder from all members but the one whose account it is, in whole quarters of
# ONE, which is all that a weight takes of it.
TRUST = ibis.schema({"account_id": "int64", "responder": "int64", "trust": "int64"})


@cache
def nodes() -> ir.Table:
    """See NODES; of whoever reached out or has an account."""
    of_links = _table(LINKS, "links").select("member_id")
    ids = ibis.union(of_links, _table(PERSONS, "persons").select("member_id"), distinct=True)
    return ids.mutate(node=ibis.row_number().over(order_by=ids.member_id).cast("int64"))


@cache
def ways() -> ir.Table:
    """Links as weights, without those to oneself: see WAYS."""
    links, nodes = _table(LINKS, "links"), _table(NODES, "nodes")
    persons = _table(PERSONS, "persons")
    owners = persons.group_by("person").aggregate(owner=persons.member_id.min())
    known = owners.inner_join(nodes, owners.owner == nodes.member_id)
    known = known.select(target=known.person, to_node=known.node)
    found = links.inner_join(nodes.view(), "member_id").left_join(known, "target")
    found = found.select(
        "node",
        "target",
        to_node=ibis.coalesce(found.to_node, -1),
        weight=ibis.least(found.acts, WEIGHT_AT_MOST),
    )
    return found.filter(found.node != found.to_node)


@cache
def totals() -> ir.Table:
    """`total` of all weights of each member who reaches out."""
    ways = _table(WAYS, "ways")
    return ways.group_by("node").aggregate(total=ways.weight.sum().cast("int64"))


@cache
def between_members() -> ir.Table:
    """The ways that go on: those to members."""
    ways = _table(WAYS, "ways")
    return ways.filter(ways.to_node >= 0).select("node", "to_node", "weight")


@cache
def standings() -> ir.Table:
    """`standing` (thousandths) of each member who has a unit to spend."""
    persons = _table(PERSONS, "persons")
    believed = persons.semi_join(_table(KNOWN, "known"), ["platform", "host"])
    settled = believed.filter(believed.standing >= STANDING_TO_SPEND)
    best = settled.group_by("member_id").aggregate(standing=settled.standing.max())
    return best.inner_join(_table(NODES, "nodes"), "member_id").select("node", "standing")


@cache
def coming() -> ir.Table:
    """See COMING."""
    handed = _table(WAYS, "ways").inner_join(_table(UNITS, "units"), "node")
    sums = handed.group_by("target").aggregate(coming=(handed.weight * handed.unit).sum())
    enough = sums.filter(sums.coming >= LEAST)
    place = ibis.row_number().over(order_by=enough.target)
    return enough.select("target", place=place.cast("int64"), coming=enough.coming.cast("int64"))


@cache
def all_coming() -> ir.Table:
    """COMING without the hashes of people."""
    return _table(COMING, "coming").select("place", "coming")


@cache
def to_heard() -> ir.Table:
    """The ways to those of COMING, in the order of `node` and `place`; no two have both alike."""
    found = _table(WAYS, "ways").inner_join(_table(COMING, "coming"), "target")
    return found.select("node", "to_node", "place", "weight").order_by("node", "place")


def _table(schema: ibis.Schema, name: str) -> ir.Table:
    return ibis.table(schema, name)


@dataclass(frozen=True)
class Links:
    """Ways from member to member, or from member to one of COMING, as columns.

    `to` numbers members in the first case, places in the second.
    """

    node: Whole
    to: Whole
    weight: Whole


class Graph:
    """All members, and what flows between them. Exact for up to two million units of standing.

    `totals` are those of all ways of each member, 0 where there is none; `standings` likewise.
    """

    def __init__(self, totals: Whole, standings: Whole, between: Links) -> None:
        size = len(totals)
        spending = (totals > 0) & (standings >= STANDING_TO_SPEND)
        start = standings * (FINE_ONE // STANDING_FULL)
        own = np.where(spending, _shared(start, np.maximum(totals, 1)), 0)
        # Along each link: what the one it goes to hands on of it, for each weight.
        onward = totals[between.to] > 0
        passed = np.where(
            onward,
            _shared(between.weight * own[between.node], np.maximum(totals[between.to], 1)),
            0,
        )
        kept = passed > 0
        self._passes = _matrix(passed[kept], between.node[kept], between.to[kept], (size, size))
        self.units: Whole = own + self._passes.sum(axis=0)

    def hear(self, coming: Whole, owners: Whole, ways: Links) -> "Heard":
        """The people to whom enough comes; `owners` has the member's number for each of `ways`.

        `coming` is by place; `owners` is -1 for people who are no members. `ways` are in the
        order of members and places.
        """
        return Heard(self, self._passes, coming, owners, ways)


class Heard:
    """The people to whom enough comes in all to make a quarter."""

    def __init__(
        self, graph: Graph, passes: sparse.csr_array, coming: Whole, owners: Whole, ways: Links
    ) -> None:
        shape = (passes.shape[0], len(coming))
        self._passes, self._units, self._places = passes, graph.units, len(coming)
        self._weights = _matrix_in_order(ways.weight, ways.node, ways.to, shape)
        # What the responder's own unit brings back to them, by the member it went through.
        of_members = np.flatnonzero(owners >= 0)
        node, to = ways.node[of_members], ways.to[of_members]
        flow = _at(passes, owners[of_members], node) * ways.weight[of_members]
        self._back = _matrix_in_order(flow, node, to, shape)
        self._coming = coming - self._back.sum(axis=0)
        # Whatever a member's own unit brings anywhere by way of others, it is no more than this.
        self._ahead_at_most: Whole = passes.sum(axis=1) * WEIGHT_AT_MOST

    def quarters(self, node: Whole, place: Whole) -> Whole:
        """Trust of the person at `place` for the member `node`, in whole quarters, at most 4."""
        last_step = _at(self._weights, node, place) * self._units[node]
        most = self._coming[place] - last_step + _at(self._back, node, place)
        least = most - self._ahead_at_most[node]
        found = _quarters(most)
        unsure = np.flatnonzero(found != _quarters(least))
        found[unsure] = _quarters(most[unsure] - self._ahead(node[unsure], place[unsure]))
        return found

    def _ahead(self, node: Whole, place: Whole) -> Whole:
        """What the scored member's own unit brings to each by way of others."""
        found = np.zeros(len(node), dtype=np.int64)
        order = np.argsort(node, kind="stable")
        for rows in _pieces(node[order]):
            part = order[rows]
            nodes, row = np.unique(node[part], return_inverse=True)
            places, column = np.unique(place[part], return_inverse=True)
            ways = self._passes[nodes] @ self._weights[:, places]
            ways.sort_indices()
            found[part] = _at(ways, row, column)
        return found


def _pieces(nodes: Whole) -> Iterator[slice]:
    """Slices of sorted numbers with at most ROWS_AT_ONCE different ones in each."""
    begins = np.flatnonzero(np.diff(nodes, prepend=-1))
    cuts = [*begins[::ROWS_AT_ONCE].tolist(), len(nodes)]
    yield from (slice(first, last) for first, last in pairwise(cuts))


def _matrix(values: Whole, rows: Whole, columns: Whole, shape: tuple[int, int]) -> sparse.csr_array:
    """A sparse matrix of whole numbers; what is given for one place twice is added up."""
    made = sparse.csr_array((values, (rows, columns)), shape=shape, dtype=np.int64)
    made.sum_duplicates()
    return made


def _matrix_in_order(
    values: Whole, rows: Whole, columns: Whole, shape: tuple[int, int]
) -> sparse.csr_array:
    """The same of values that come in the order of rows and columns, at most one for each place."""
    begins = np.searchsorted(rows, np.arange(shape[0] + 1))
    made = sparse.csr_array((values, columns, begins), shape=shape)
    made.has_canonical_format = True
    return made


def _at(matrix: sparse.csr_array, rows: Whole, columns: Whole) -> Whole:
    """The entries at these places, 0 where there is none."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    found: Whole = matrix[rows, columns]
    return found


def _quarters(fine: Whole) -> Whole:
    """At most four: more than one whole unit counts as one."""
    quarters: Whole = np.clip(fine >> (FINE_BITS - 2), 0, QUARTERS)
    return quarters


def _shared(flow: Whole, total: Whole) -> Whole:
    """What goes on of a flow for each weight of `total`, rounded down."""
    return flow * ON_PERCENT // (total * 100)
