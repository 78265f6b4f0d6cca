"""The sums of each account and day, as one set of Ibis expressions over whole numbers.

Any engine that Ibis speaks gives the same integers, in whatever order, on however many files the
rows are spread, and however often the same row is there. Days are numbers of days since
1970-01-01; figures called fixed are in 2^-20, as in `rule`.

A responder of an account on a day is worth `w * decay[age of the latest act] *
saturation[min(acts, 10)]`, with `w` in quarters from the best standing seen in the window or
from trust.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from scoring.rule import (
    DECAY,
    EVERYONE_SHIFT,
    FIXED_BITS,
    LEFT_OUT_AFTER_DAYS,
    ONE,
    SATURATION,
    SATURATION_ACTS,
    STANDING_PER_QUARTER,
    WINDOW_DAYS,
)

# Squares of single responders are summed in 2^-24: room for a hundred billion of them in 64 bits.
SQUARE_SHIFT = 8

REACTIONS = ibis.schema(
    {
        "account_id": "int64",
        "act": "int64",
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
# What flows to a responder from all members but the one who is scored; empty in rule 2026.1.
TRUST = ibis.schema({"member_id": "int64", "responder": "int64", "trust": "int64"})


@dataclass(frozen=True)
class Inputs:
    """Tables of one engine with the schemas above; `decay` and `saturation` from `tables`."""

    accounts: ir.Table
    readings: ir.Table
    reactions: ir.Table
    days: ir.Table
    trust: ir.Table
    decay: ir.Table
    saturation: ir.Table


def tables() -> dict[str, dict[str, list[int]]]:
    """The rule's two tables as columns, for an engine to look things up in."""
    return {
        "decay": {"age": list(range(WINDOW_DAYS)), "decay": list(DECAY)},
        "saturation": {"step": list(range(len(SATURATION))), "saturation": list(SATURATION)},
    }


def account_days(inputs: Inputs) -> ir.Table:
    """Everything the rule takes, one row for each account and day, by day, member and account.

    Sums are 0 where nobody reacted; `followers` and `curation` are null where never read.
    """
    rows = inputs.accounts.cross_join(inputs.days)
    read, sums = _readings_on(inputs), account_sums(inputs)
    joined = rows.left_join(read, ["on_day", "account_id"], rname="{name}_read").left_join(
        sums, ["on_day", "account_id"], rname="{name}_sum"
    )
    counted = {
        name: ibis.coalesce(joined[name], 0)
        for name in sums.columns
        if name not in ("on_day", "account_id", "first_day")
    }
    return joined.select(
        *("on_day", *inputs.accounts.columns, "followers", "curation", "first_day"), **counted
    ).order_by("on_day", "member_id", "account_id")


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
    """One row for each account and day that had a reaction in its window.

    `response` and `everyone` (at a sixteenth each, known or not) are fixed, `squares` in 2^-24;
    `people`, `acts` and `weight_0`..`weight_4` (people by quarters) are counts; `first_day` is
    the first day in the window on which somebody reacted.
    """
    weighed = _weighed(inputs, _by_responder(inputs))
    worth = weighed.mutate(
        worth=(weighed.quarters * weighed.value) >> (FIXED_BITS + 2),
        little=weighed.value >> (FIXED_BITS + EVERYONE_SHIFT),
    )
    by_weight = {
        f"weight_{quarters}": (worth.quarters == quarters).sum().cast("int64")
        for quarters in range(5)
    }
    return worth.group_by("on_day", "account_id").aggregate(
        response=worth.worth.sum().cast("int64"),
        squares=((worth.worth >> SQUARE_SHIFT) * (worth.worth >> SQUARE_SHIFT)).sum().cast("int64"),
        everyone=worth.little.sum().cast("int64"),
        people=worth.count().cast("int64"),
        acts=worth.acts.sum().cast("int64"),
        first_day=worth.first_day.min().cast("int64"),
        **by_weight,
    )


def _by_responder(inputs: Inputs) -> ir.Table:
    """Latest act, number of acts and best standing of each responder in the window."""
    acts, accounts = inputs.reactions.distinct(), account_clocks(inputs)
    in_window = accounts.inner_join(
        acts,
        [
            accounts.account_id == acts.account_id,
            acts.happened_day < accounts.effective_day,
            acts.happened_day >= accounts.effective_day - WINDOW_DAYS,
        ],
    )
    return in_window.group_by(
        "on_day", "member_id", "account_id", "effective_day", "responder"
    ).aggregate(
        latest_day=in_window.happened_day.max(),
        first_day=in_window.happened_day.min(),
        acts=in_window.count().cast("int64"),
        standing=in_window.standing.max(),
    )


def _weighed(inputs: Inputs, responders: ir.Table) -> ir.Table:
    """Quarters of weight, and what a whole weight would be worth (`value`, in 2^-40)."""
    trust, decay, saturation = inputs.trust, inputs.decay, inputs.saturation
    responders = responders.mutate(
        age=responders.effective_day - 1 - responders.latest_day,
        step=ibis.least(responders.acts, SATURATION_ACTS),
    )
    looked_up = (
        responders.inner_join(decay, "age")
        .inner_join(saturation, "step")
        .left_join(trust, ["member_id", "responder"])
    )
    trusted = ibis.least(ibis.coalesce(looked_up.trust, 0), ONE) >> (FIXED_BITS - 2)
    standing = (looked_up.standing / STANDING_PER_QUARTER).floor().cast("int64")
    return looked_up.select(
        "on_day",
        "account_id",
        "acts",
        "first_day",
        quarters=ibis.greatest(standing, trusted),
        value=looked_up.decay * looked_up.saturation,
    )
