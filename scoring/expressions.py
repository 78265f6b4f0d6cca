"""The sums of each account and day, as one set of Ibis expressions over whole numbers.

Any engine that Ibis speaks gives the same integers, in whatever order, on however many files the
rows are spread. Days are numbers of days since
1970-01-01; figures called fixed are in 2^-20, as in `rule`.

A responder of an account on a day is worth `w * decay[age of the latest act] *
saturation[min(acts, 10)]`, with `w` in quarters from the best standing seen in the window or
from trust.
"""

from dataclasses import dataclass
from functools import cache

import ibis
import ibis.expr.types as ir

from scoring.rule import (
    FIXED_BITS,
    LEFT_OUT_AFTER_DAYS,
    ONE,
    SATURATION_ACTS,
    STANDING_PER_QUARTER,
    WINDOW_DAYS,
)
from scoring.tallies import AGE_PLACE, PEOPLE_PLACE, STEP_PLACE, WEIGHTS, Cell
from scoring.trust import COMING, NODES, TRUST

# One row for each act.
REACTIONS = ibis.schema(
    {
        "account_id": "int64",
        "responder": "int64",
        "standing": "int64",
        "happened_day": "int64",
    }
)
# `last_read_day` is null for an account that was never read.
ACCOUNTS = ibis.schema(
    {
        "member_id": "int64",
        "account_id": "int64",
        "platform": "string",
        "host": "string",
        "handle": "string",
        "linked_day": "int64",
        "last_read_day": "int64",
    }
)
READINGS = ibis.schema(
    {"account_id": "int64", "read_day": "int64", "followers": "int64", "curation": "int64"}
)
DAYS = ibis.schema({"on_day": "int64"})
# What one person is worth whose weight, age and step make `code` (see `tallies.code_of`).
WORTHS = ibis.schema(
    {
        "code": "int64",
        "quarters": "int64",
        "worth": "int64",
        "squared": "int64",
        "little": "int64",
    }
)
# The sums of `account_sums`.
SUMS = ibis.schema(
    {
        "on_day": "int64",
        "account_id": "int64",
        "response": "int64",
        "squares": "int64",
        "everyone": "int64",
        "people": "int64",
        "acts": "int64",
        "first_day": "int64",
        "tally": "array<int64>",
        **{f"weight_{quarters}": "int64" for quarters in range(WEIGHTS)},
    }
)


@dataclass(frozen=True)
class Inputs:
    """Tables of one engine with the schemas above; `worths` from `tables`."""

    accounts: ir.Table
    readings: ir.Table
    reactions: ir.Table
    days: ir.Table
    trust: ir.Table
    worths: ir.Table
    sums: ir.Table


def inputs() -> Inputs:
    """Tables by the names of the fields, of whatever engine the query is made for."""
    schemas = {
        "accounts": ACCOUNTS,
        "readings": READINGS,
        "reactions": REACTIONS,
        "days": DAYS,
        "trust": TRUST,
        "worths": WORTHS,
        "sums": SUMS,
    }
    return Inputs(**{name: ibis.table(schema, name) for name, schema in schemas.items()})


@cache
def tables() -> dict[str, dict[str, list[int]]]:
    """What every cell of one person is worth, as columns for an engine to look up."""
    cells = [
        Cell(age, step, weight, people=1)
        for age in range(WINDOW_DAYS)
        for step in range(1, SATURATION_ACTS + 1)
        for weight in range(WEIGHTS)
    ]
    return {
        "worths": {
            "code": [cell.code for cell in cells],
            "quarters": [cell.weight for cell in cells],
            "worth": [cell.worth for cell in cells],
            "squared": [cell.squared for cell in cells],
            "little": [cell.little for cell in cells],
        }
    }


@cache
def asked() -> ir.Table:
    """Who responded to which member, of those to whom enough trust comes (`trust.COMING`).

    By number (`node`, `place`), in the order of their numbers.
    """
    reactions, heard = ibis.table(REACTIONS, "reactions"), ibis.table(COMING, "coming")
    known = reactions.inner_join(heard, reactions.responder == heard.target)
    # Each account's once, before the members of accounts are looked up.
    once = known.select("account_id", "responder", "place").distinct()
    both = once.inner_join(ibis.table(ACCOUNTS, "accounts"), "account_id")
    found = both.inner_join(ibis.table(NODES, "nodes"), "member_id")
    numbered = found.select("member_id", "responder", "node", "place").distinct()
    return numbered.order_by("node", "place")


def account_days(inputs: Inputs) -> ir.Table:
    """Everything the rule takes, one row for each account and day, by day, member and account.

    `sums` must have been made of `account_sums`, in one or in parts. Sums are 0 where nobody
    reacted, and `tally` and `first_day` null; `followers` and `curation`
    are null where never read.
    """
    rows = inputs.accounts.cross_join(inputs.days)
    read, sums = _readings_on(inputs), inputs.sums
    joined = rows.left_join(read, ["on_day", "account_id"], rname="{name}_read").left_join(
        sums, ["on_day", "account_id"], rname="{name}_sum"
    )
    counted = {
        name: ibis.coalesce(joined[name], 0)
        for name in sums.columns
        if name not in ("on_day", "account_id", "first_day", "tally")
    }
    as_they_are = ("followers", "curation", "first_day", "tally")
    return joined.select("on_day", *inputs.accounts.columns, *as_they_are, **counted).order_by(
        "on_day", "member_id", "account_id"
    )


def account_clocks(inputs: Inputs) -> ir.Table:
    """Each account's own clock on each day, for those that were read lately.

    Reactions up to the day before `effective_day` are counted.
    A clock stands still at the account's last good read, for at most 30 days.
    """
    rows = inputs.accounts.cross_join(inputs.days)
    read = rows.filter(rows.on_day - rows.last_read_day <= LEFT_OUT_AFTER_DAYS)
    return read.select(
        "on_day",
        "member_id",
        "account_id",
        effective_day=ibis.least(read.on_day, read.last_read_day),
    )


def _readings_on(inputs: Inputs) -> ir.Table:
    """The latest figure up to each day; before the first one, the first ("as of today")."""
    rows = inputs.readings.cross_join(inputs.days)

    def figure(name: str) -> ir.Value:
        is_there = rows[name].notnull()
        latest = rows[name].argmax(rows.read_day, where=is_there & (rows.read_day <= rows.on_day))
        return ibis.coalesce(latest, rows[name].argmin(rows.read_day, where=is_there))

    return rows.group_by("on_day", "account_id").aggregate(
        followers=figure("followers"), curation=figure("curation")
    )


def account_sums(inputs: Inputs) -> ir.Table:
    """See SUMS: one row for each account and day that had a reaction in its window.

    `tally` has the cells in the coding of `tallies`, each in one number however many are in it,
    and the sums are those of the cells: `response` and `everyone` (at a sixteenth each, known or
    not) fixed, `squares` in 2^-24; `people`, `acts` and `weight_0`..`weight_4` (people by
    quarters) counts. `first_day` is the first day in the window on which somebody reacted.
    """
    cells = responder_cells(inputs).inner_join(inputs.worths, "code")
    by_weight = {
        f"weight_{quarters}": _whole(cells.people.sum(where=cells.quarters == quarters))
        for quarters in range(WEIGHTS)
    }
    return cells.group_by("on_day", "account_id").aggregate(
        response=_whole((cells.people * cells.worth).sum()),
        squares=_whole((cells.people * cells.squared).sum()),
        everyone=_whole((cells.people * cells.little).sum()),
        people=_whole(cells.people.sum()),
        acts=_whole(cells.acts.sum()),
        first_day=cells.first_day.min().cast("int64"),
        tally=(cells.people * PEOPLE_PLACE + cells.code).collect().sort(),
        **by_weight,
    )


def responder_cells(inputs: Inputs) -> ir.Table:
    """People of one account and day who have weight, age and step in common, with their acts."""
    responders = _coded(inputs, _by_responder(inputs))
    return responders.group_by("on_day", "account_id", "code").aggregate(
        people=responders.count().cast("int64"),
        acts=responders.acts.sum().cast("int64"),
        first_day=responders.first_day.min(),
    )


def _whole(sum_of: ir.Value) -> ir.Value:
    return ibis.coalesce(sum_of, 0).cast("int64")


def _by_responder(inputs: Inputs) -> ir.Table:
    """Latest act, number of acts and best standing of each responder in the window."""
    acts, accounts = inputs.reactions, account_clocks(inputs)
    in_window = accounts.inner_join(
        acts,
        [
            accounts.account_id == acts.account_id,
            acts.happened_day < accounts.effective_day,
            acts.happened_day >= accounts.effective_day - WINDOW_DAYS,
        ],
    )
    return in_window.group_by("on_day", "account_id", "responder").aggregate(
        latest_day=in_window.happened_day.max(),
        first_day=in_window.happened_day.min(),
        acts=in_window.count().cast("int64"),
        standing=in_window.standing.max(),
    )


def _coded(inputs: Inputs, responders: ir.Table) -> ir.Table:
    """The code of each responder's weight, age and step of saturation."""
    of_members = responders.inner_join(account_clocks(inputs), ["on_day", "account_id"])
    known = of_members.left_join(inputs.trust, ["member_id", "responder"])
    trusted = ibis.least(ibis.coalesce(known.trust, 0), ONE) >> (FIXED_BITS - 2)
    # Whole numbers whatever an engine makes of the division of two.
    standing = (known.standing / STANDING_PER_QUARTER).floor().cast("int64")
    age = known.effective_day - 1 - known.latest_day
    step = ibis.least(known.acts, SATURATION_ACTS)
    return known.select(
        "on_day",
        "account_id",
        "acts",
        "first_day",
        code=age * AGE_PLACE + (step - 1) * STEP_PLACE + ibis.greatest(standing, trusted),
    )
