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

Figures called fine are in 2^-32, so that a share of a share is still something.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

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


# Who responded to which member, for whom the trust is wanted.
ASKED = ibis.schema({"member_id": "int64", "responder": "int64"})

# What is made on the way, one after the other (see `steps`). Links as weights; `to_member` is
# null for people who are no members, `total` the sum of all weights of `member_id`.
WAYS = ibis.schema(
    {
        "member_id": "int64",
        "target": "int64",
        "to_member": "int64",
        "weight": "int64",
        "total": "int64",
    }
)
# What `to_member` hands on, for each weight, of what `member_id` gave them along one link.
PASSES = ibis.schema({"member_id": "int64", "to_member": "int64", "passed": "int64"})
# What a member hands on for each weight: of their own unit, and of all that came to them.
UNITS = ibis.schema({"member_id": "int64", "own": "int64", "passed": "int64"})
# What a member hands to a target in all.
HANDED = ibis.schema({"member_id": "int64", "target": "int64", "flow": "int64"})
# Of the asked, those who may come to a quarter: all but a last step from the scored member.
UPPER = ibis.schema({"member_id": "int64", "responder": "int64", "upper": "int64"})
# What the scored member's own unit brings to those who responded, by way of others.
AHEAD = ibis.schema({"member_id": "int64", "responder": "int64", "flow": "int64"})
# What a member's own unit brings back to their own accounts, by the member it went through.
BACK = ibis.schema({"responder": "int64", "through": "int64", "flow": "int64"})
# What comes to a responder from all members but the one who is scored, fixed.
TRUST = ibis.schema({"member_id": "int64", "responder": "int64", "trust": "int64"})


@dataclass(frozen=True)
class Graph:
    """Tables with the schemas above, by the names of the fields."""

    links: ir.Table
    persons: ir.Table
    known: ir.Table
    asked: ir.Table
    ways: ir.Table
    passes: ir.Table
    units: ir.Table
    handed: ir.Table
    upper: ir.Table
    ahead: ir.Table
    back: ir.Table


GIVEN = {"links": LINKS, "persons": PERSONS, "known": KNOWN, "asked": ASKED}
MADE = {
    "ways": WAYS,
    "passes": PASSES,
    "units": UNITS,
    "handed": HANDED,
    "upper": UPPER,
    "ahead": AHEAD,
    "back": BACK,
    "trust": TRUST,
}


def steps() -> dict[str, ir.Table]:
    """What the tables of MADE are made of, in this order, from those of GIVEN.

    Each is a table of its own, so that an engine makes it once and knows how large it is.
    """
    schemas = {name: schema for name, schema in (GIVEN | MADE).items() if name != "trust"}
    graph = Graph(**{name: ibis.table(schema, name) for name, schema in schemas.items()})
    makers = (ways, passes, units, handed, upper, ahead, back, trust)
    return {name: make(graph) for name, make in zip(MADE, makers, strict=True)}


def ways(graph: Graph) -> ir.Table:
    """Links as weights, without those to oneself: see WAYS."""
    owners = _owners(graph.persons)
    links = graph.links.left_join(owners, graph.links.target == owners.person)
    links = links.select(
        "member_id",
        "target",
        "to_member",
        weight=ibis.least(links.acts, WEIGHT_AT_MOST),
    )
    others = links.filter(links.to_member.isnull() | (links.to_member != links.member_id))
    return others.mutate(total=others.weight.sum().over(ibis.window(group_by=others.member_id)))


def passes(graph: Graph) -> ir.Table:
    """What each member hands on of what one other gave them: see PASSES."""
    ways, totals = graph.ways, _totals(graph.ways)
    own = _own_units(graph, totals)
    to_members = ways.filter(ways.to_member.notnull())
    given = to_members.inner_join(own, "member_id")
    after = totals.view()
    met = given.inner_join(after, given.to_member == after.member_id, rname="{name}_after")
    return met.select(
        "member_id",
        "to_member",
        passed=_shared(met.weight * met.own, met.total_after),
    )


def units(graph: Graph) -> ir.Table:
    """What each member who reaches out hands on: see UNITS."""
    passes, totals = graph.passes, _totals(graph.ways)
    arrived = passes.group_by("to_member").aggregate(passed=passes.passed.sum())
    own = _own_units(graph, totals)
    both = totals.left_join(own, "member_id").left_join(
        arrived, totals.member_id == arrived.to_member
    )
    return both.select(
        "member_id",
        own=ibis.coalesce(both.own, 0),
        passed=ibis.coalesce(both.passed, 0),
    )


def handed(graph: Graph) -> ir.Table:
    """See HANDED."""
    given = graph.ways.inner_join(graph.units, "member_id")
    return given.select("member_id", "target", flow=given.weight * (given.own + given.passed))


def upper(graph: Graph) -> ir.Table:
    """See UPPER."""
    coming = graph.handed.group_by("target").aggregate(coming=graph.handed.flow.sum())
    enough = coming.filter(coming.coming >= LEAST)
    asked = graph.asked.inner_join(enough, graph.asked.responder == enough.target)
    own = graph.handed
    met = asked.left_join(
        own,
        [asked.member_id == own.member_id, asked.responder == own.target],
        rname="{name}_own",
    )
    found = met.select("member_id", "responder", upper=met.coming - ibis.coalesce(met.flow, 0))
    return found.filter(found.upper >= LEAST)


def ahead(graph: Graph) -> ir.Table:
    """See AHEAD."""
    first, second = graph.passes, graph.ways.select("member_id", "target", "weight")
    asked = graph.upper.inner_join(first.filter(first.passed > 0), "member_id")
    both = asked.inner_join(
        second,
        [asked.to_member == second.member_id, asked.responder == second.target],
        rname="{name}_after",
    )
    return both.group_by("member_id", "responder").aggregate(flow=(both.passed * both.weight).sum())


def back(graph: Graph) -> ir.Table:
    """See BACK."""
    first = graph.passes
    second = graph.ways.select("member_id", "target", "to_member", "weight")
    both = first.inner_join(
        second,
        [first.to_member == second.member_id, first.member_id == second.to_member],
        rname="{name}_after",
    )
    ways_back = both.select(
        responder=both.target, through=both.to_member, flow=both.passed * both.weight
    )
    return ways_back.group_by("responder", "through").aggregate(flow=ways_back.flow.sum())


def trust(graph: Graph) -> ir.Table:
    """`trust` (fixed) of each asked responder, for the member to whom they responded.

    Pairs that cannot come to a quarter are left out: they weigh nothing.
    """
    upper, back = graph.upper, graph.back
    back_sum = back.group_by("responder").aggregate(flow=back.flow.sum())
    found = (
        upper.left_join(graph.ahead, ["member_id", "responder"], rname="{name}_ahead")
        .left_join(back_sum, "responder", rname="{name}_back")
        .left_join(
            back.view(),
            [("responder", "responder"), ("member_id", "through")],
            rname="{name}_through",
        )
    )
    fine = (
        found.upper
        - ibis.coalesce(found.flow, 0)
        - ibis.coalesce(found.flow_back, 0)
        + ibis.coalesce(found.flow_through, 0)
    )
    kept = found.select("member_id", "responder", fine=fine.cast("int64"))
    return kept.filter(kept.fine >= LEAST).select(
        "member_id", "responder", trust=kept.fine >> (FINE_BITS - FIXED_BITS)
    )


def _owners(persons: ir.Table) -> ir.Table:
    return persons.group_by("person").aggregate(to_member=persons.member_id.min())


def _totals(ways: ir.Table) -> ir.Table:
    return ways.group_by("member_id").aggregate(total=ways.total.max())


def _own_units(graph: Graph, totals: ir.Table) -> ir.Table:
    """What each member with standing hands to a target for each weight, of their own unit."""
    believed = graph.persons.semi_join(graph.known, ["platform", "host"])
    settled = believed.filter(believed.standing >= STANDING_TO_SPEND)
    starts = settled.group_by("member_id").aggregate(standing=settled.standing.max())
    spent = starts.inner_join(totals, "member_id")
    start = spent.standing * (FINE_ONE // STANDING_FULL)
    return spent.select("member_id", own=_shared(start, spent.total))


def _shared(flow: ir.Value, total: ir.Value) -> ir.Value:
    """What goes on of a flow for each weight of `total`, rounded down.

    Exact: `flow * 85` is under 2^52, so the quotient of floating numbers has the right floor.
    """
    return (flow * ON_PERCENT / (total * 100)).floor().cast("int64")
