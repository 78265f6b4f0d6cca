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
from scoring.tallies import AGE_PLACE, STEP_PLACE, WEIGHTS, Cell
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
# One row for each person who reacted within the window: how often, and how many days before the
# account's own clock for the first time. `cell` is the code of age and step without a weight (see
# `tallies`), `quarters` the weight by the best standing that was seen.
PEOPLE = ibis.schema(
    {
        "on_day": "int64",
        "account_id": "int64",
        "responder": "int64",
        "acts": "int64",
        "oldest": "int64",
        "cell": "int64",
        "quarters": "int64",
    }
)
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
# The sums of `account_sums`, with the tally in place of the codes.
SUMS = ibis.schema(
    {
        "on_day": "int64",
        "account_id": "int64",
        "response": "int64",
        "squares": "int64",
        "everyone": "int64",
        "people": "int64",
        "acts": "int64",
        "oldest": "int64",
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
    people: ir.Table
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
        "people": PEOPLE,
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
    """Who responded to which account, of those to whom enough trust comes (`trust.COMING`).

    By number (`node` of the account's member, `place`), in the order of their numbers.
    """
    people, heard = ibis.table(PEOPLE, "people"), ibis.table(COMING, "coming")
    known = people.inner_join(heard, people.responder == heard.target)
    once = known.select("account_id", "responder", "place").distinct()
    of_members = once.inner_join(ibis.table(ACCOUNTS, "accounts"), "account_id")
    found = of_members.inner_join(ibis.table(NODES, "nodes"), "member_id")
    return found.select("account_id", "responder", "node", "place").order_by("node", "place")


@cache
def account_days() -> ir.Table:
    """Everything the rule takes, one row for each account and day, by day, member and account.

    `sums` must have been made of `account_sums`, in one or in parts. Sums are 0 where nobody
    reacted, and `tally` and `first_day`, the day of the first reaction in the window, null;
    `followers` and `curation` are null where never read.
    """
    given = inputs()
    rows = given.accounts.cross_join(given.days)
    read, sums = _readings_on(given), given.sums
    joined = rows.left_join(read, ["on_day", "account_id"], rname="{name}_read").left_join(
        sums, ["on_day", "account_id"], rname="{name}_sum"
    )
    counted = {
        name: ibis.coalesce(joined[name], 0)
        for name in sums.columns
        if name not in ("on_day", "account_id", "oldest", "tally")
    }
    first_day = _effective_day(joined) - 1 - joined.oldest
    as_they_are = (*given.accounts.columns, "followers", "curation", "tally")
    return joined.select("on_day", *as_they_are, first_day=first_day, **counted).order_by(
        "on_day", "member_id", "account_id"
    )


def account_clocks(given: Inputs) -> ir.Table:
    """Each account's own clock on each day, for those that were read lately.

    Reactions up to the day before `effective_day` are counted.
    A clock stands still at the account's last good read, for at most 30 days.
    """
    rows = given.accounts.cross_join(given.days)
    read = rows.filter(rows.on_day - rows.last_read_day <= LEFT_OUT_AFTER_DAYS)
    return read.select("on_day", "account_id", effective_day=_effective_day(read))


def _effective_day(rows: ir.Table) -> ir.Value:
    return ibis.least(rows.on_day, rows.last_read_day)


def _readings_on(given: Inputs) -> ir.Table:
    """The latest figure up to each day; before the first one, the first ("as of today")."""
    rows = given.readings.cross_join(given.days)

    def figure(name: str) -> ir.Value:
        is_there = rows[name].notnull()
        latest = rows[name].argmax(rows.read_day, where=is_there & (rows.read_day <= rows.on_day))
        return ibis.coalesce(latest, rows[name].argmin(rows.read_day, where=is_there))

    return rows.group_by("on_day", "account_id").aggregate(
        followers=figure("followers"), curation=figure("curation")
    )


@cache
def people_of_accounts() -> ir.Table:
    """See PEOPLE: one row for each person who reacted within the window of an account and day."""
    given = inputs()
    acts, clocks = given.reactions, account_clocks(given)
    in_window = clocks.inner_join(
        acts,
        [
            clocks.account_id == acts.account_id,
            acts.happened_day < clocks.effective_day,
            acts.happened_day >= clocks.effective_day - WINDOW_DAYS,
        ],
    )
    # Whole days before the account's own clock: no clock has to be looked up for each person.
    aged = in_window.mutate(age=in_window.effective_day - 1 - in_window.happened_day)
    persons = aged.group_by("on_day", "account_id", "responder").aggregate(
        acts=aged.count().cast("int64"),
        age=aged.age.min(),
        oldest=aged.age.max(),
        standing=aged.standing.max(),
    )
    step = ibis.least(persons.acts, SATURATION_ACTS)
    return persons.select(
        "on_day",
        "account_id",
        "responder",
        "acts",
        "oldest",
        cell=persons.age * AGE_PLACE + (step - 1) * STEP_PLACE,
        # Whole numbers whatever an engine makes of the division of two.
        quarters=(persons.standing / STANDING_PER_QUARTER).floor().cast("int64"),
    )


@cache
def account_sums() -> ir.Table:
    """See SUMS: one row for each account and day that had a reaction in its window.

    `codes` has the code (see `tallies`) of each person, in any order, of which
    `counting.with_tallies` makes the tally; the sums are those of the tally: `response` and
    `everyone` (at a sixteenth each, known or not) fixed, `squares` in 2^-24; `people`, `acts` and
    `weight_0`..`weight_4` (people by quarters) counts. `oldest` is the age of the first reaction
    in the window.
    """
    persons = _weighed().inner_join(inputs().worths, "code")
    by_weight = {
        f"weight_{quarters}": persons.count(where=persons.quarters == quarters).cast("int64")
        for quarters in range(WEIGHTS)
    }
    return persons.group_by("on_day", "account_id").aggregate(
        response=persons.worth.sum().cast("int64"),
        squares=persons.squared.sum().cast("int64"),
        everyone=persons.little.sum().cast("int64"),
        people=persons.count().cast("int64"),
        acts=persons.acts.sum().cast("int64"),
        oldest=persons.oldest.max(),
        codes=persons.code.collect(),
        **by_weight,
    )


def _weighed() -> ir.Table:
    """The code of each person's weight, age and step of saturation."""
    given = inputs()
    joined = given.people.left_join(given.trust, ["account_id", "responder"])
    known = joined.select("on_day", "account_id", "acts", "oldest", "cell", "quarters", "trust")
    trusted = ibis.least(ibis.coalesce(known.trust, 0), ONE) >> (FIXED_BITS - 2)
    code = known.cell + ibis.greatest(known.quarters, trusted)
    return known.mutate(code=code).drop("cell", "quarters", "trust")
