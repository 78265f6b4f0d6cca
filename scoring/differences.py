"""What moved a score between two days: lines that add up to the shown digit. Pure.

From one day to the other the pooled reach goes from `R` to `R'`. With `a = 1 + R` and `b = 1 + R'`
a change of `x` listeners is worth `99 / ln(1 + 100,000,000) * x / L` points, where
`L = (b - a) / (ln b - ln a)` is the logarithmic mean (`L = a` where they are equal). These add up
to the whole difference exactly, in whatever order one looks, and what did not change is worth 0.
(It is what each account adds along the straight line from one day to the other: Aumann and
Shapley.)

Within an account the change of reach is shared among followers, response, curation and the
one-time grant by the Shapley value: each one's effect, averaged over all orders in which they
could have changed. Lines of their own: the grant, the ceiling for servers that nobody can vouch
for, the cap at 100, and a change of rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum
from math import factorial

from scoring.laws import Law
from scoring.rule import HIGHEST, LOWEST, ONE, AccountFigures

# Digits of the two logarithms; whole steps of a reach stay apart at twenty.
PRECISION = 60
PLAYERS = 4
# Shapley values come as whole numbers of 1/24 of 2^-20 listeners.
ORDERS = factorial(PLAYERS)


class Cause(StrEnum):
    """What a part of the difference comes from."""

    FOLLOWERS = "followers"
    RESPONSE = "response"
    CURATION = "curation"
    LINKED = "linked"
    UNLINKED = "unlinked"
    NOT_READ = "not_read"
    READ_AGAIN = "read_again"
    GRANT = "grant"
    CEILING = "ceiling"
    CAP = "cap"
    RULE = "rule"


INPUTS = (Cause.FOLLOWERS, Cause.RESPONSE, Cause.CURATION)
LINES = (Cause.GRANT, Cause.CEILING, Cause.CAP)


@dataclass(frozen=True)
class Part:
    """Tenths of a point, signed, from one cause."""

    cause: Cause
    tenths: int


@dataclass(frozen=True)
class AccountChange:
    """What one account brought or took; the parts add up to `tenths`."""

    name: str
    tenths: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Difference:
    """From one shown score to another, in tenths: accounts and lines add up exactly."""

    before: int
    after: int
    accounts: tuple[AccountChange, ...]
    lines: tuple[Part, ...]

    @property
    def tenths(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class _Day:
    """One day by one rule: every account's reach, and where the grant is placed."""

    accounts: Mapping[str, AccountFigures]
    reaches: Mapping[str, int]
    granted: str | None
    pot: int
    pooled: int
    over: int
    tenths: int

    def counts(self, name: str) -> bool:
        return name in self.accounts and self.accounts[name].is_counted


def difference(
    before: Mapping[str, AccountFigures], after: Mapping[str, AccountFigures], law: Law
) -> Difference:
    """What moved the score between two days that one rule scored.

    Accounts go by a name that is the same on both days; their `key` orders them within a day.
    """
    first, second = _day(before, law), _day(after, law)
    names = list(dict.fromkeys([*before, *after]))
    moved = {name: _account(name, first, second, law) for name in names}
    listeners = [sum(parts.values()) for parts, _ in moved.values()]
    listeners.append(sum(grant for _, grant in moved.values()))
    listeners.append(ORDERS * (first.over - second.over))
    worth = _Worth(first.pooled, second.pooled, law)
    values = [*(worth.of(count) for count in listeners), worth.cap]
    tenths = share_out(second.tenths - first.tenths, values)
    accounts = tuple(
        _change(name, whole, parts, worth)
        for (name, (parts, _)), whole in zip(moved.items(), tenths, strict=False)
    )
    lines = (Part(cause, whole) for cause, whole in zip(LINES, tenths[-len(LINES) :], strict=True))
    return Difference(
        first.tenths, second.tenths, accounts, tuple(one for one in lines if one.tenths)
    )


def across_rules(shown: int, within: Difference) -> Difference:
    """The difference from a score that another rule had shown (in tenths).

    `within` is that of the newer rule, which scored both days: what is left is the change of rule.
    """
    rule = Part(Cause.RULE, within.before - shown)
    return replace(within, before=shown, lines=(*within.lines, rule))


def share_out(total: int, values: Sequence[Decimal]) -> list[int]:
    """Whole numbers that add up to `total`, each less than 1 from its value; 0 stays 0.

    `total` must lie less than 1 from the sum of the values, as a difference of two rounded-down
    figures does. Then it lies between the sums of the values rounded down and rounded up.
    """
    floors = [int(value.to_integral_value(rounding=ROUND_FLOOR)) for value in values]
    order = sorted(range(len(values)), key=lambda i: (floors[i] - values[i], values[i]))
    for index in order[: total - sum(floors)]:
        floors[index] += 1
    return floors


def shapley(value: Callable[[int], int], players: int) -> list[int]:
    """Each player's value times `players!`; `value` takes the set of players as bits."""
    worth = [value(group) for group in range(1 << players)]
    return [
        sum(
            _orders(group, players) * (worth[group | 1 << player] - worth[group])
            for group in range(1 << players)
            if not group >> player & 1
        )
        for player in range(players)
    ]


def _orders(group: int, players: int) -> int:
    """In how many orders exactly this group comes before the next player."""
    size = group.bit_count()
    return factorial(size) * factorial(players - size - 1)


class _Worth:
    """What listeners are worth between two pooled reaches, in tenths of a point."""

    def __init__(self, before: int, after: int, law: Law) -> None:
        with localcontext() as context:
            context.prec = PRECISION
            one, other = (1 + Decimal(reach) / ONE for reach in (before, after))
            scale = Decimal(HIGHEST - LOWEST) / 10 / Decimal(1 + law.WHOLE_REACH).ln()
            per_listener = 1 / one if one == other else (other.ln() - one.ln()) / (other - one)
            self._each = scale * per_listener / ORDERS / ONE
            beyond = [
                max(Decimal(0), scale * (level / (1 + law.WHOLE_REACH)).ln())
                for level in (one, other)
            ]
            self.cap = beyond[0] - beyond[1]

    def of(self, listeners: int) -> Decimal:
        """`listeners` in 1/24 of 2^-20."""
        with localcontext() as context:
            context.prec = PRECISION
            return self._each * listeners


def _day(accounts: Mapping[str, AccountFigures], law: Law) -> _Day:
    names, figures = list(accounts), list(accounts.values())
    place, reaches = law.place_grant(figures)
    pooled = law.pool(figures, reaches)
    return _Day(
        accounts=accounts,
        reaches=dict(zip(names, reaches, strict=True)),
        granted=None if place is None else names[place],
        pot=law.common_pot(figures),
        pooled=pooled,
        over=sum(reaches) - pooled,
        tenths=law.hundredths_of(pooled) // 10,
    )


def _account(name: str, first: _Day, second: _Day, law: Law) -> tuple[dict[Cause, int], int]:
    """What its inputs and the grant moved on one account, in 1/24 of 2^-20 listeners."""
    if first.counts(name) and second.counts(name):
        return _inputs(name, first, second, law)
    whole = second.reaches.get(name, 0) - first.reaches.get(name, 0)
    cause = _appearance(name, first, second)
    if cause is None:
        return {}, 0
    moved = _moved_grant(name, first, second, law)
    return {cause: ORDERS * (whole - moved)}, ORDERS * moved


def _appearance(name: str, first: _Day, second: _Day) -> Cause | None:
    if name not in first.accounts:
        return Cause.LINKED
    if name not in second.accounts:
        return Cause.UNLINKED
    if first.counts(name):
        return Cause.NOT_READ
    return Cause.READ_AGAIN if second.counts(name) else None


def _moved_grant(name: str, first: _Day, second: _Day, law: Law) -> int:
    """What of an account that came or went is the grant, moved from or to another account.

    Where nobody else had it, before or after, it is a part of what came or went.
    """
    has_it, other, sign = (second, first, 1) if second.granted == name else (first, second, -1)
    if has_it.granted != name or other.granted is None:
        return 0
    plain = law.account_reach(has_it.accounts[name], granted=False, pot=0)
    return sign * (has_it.reaches[name] - plain)


def _inputs(name: str, first: _Day, second: _Day, law: Law) -> tuple[dict[Cause, int], int]:
    one, other = first.accounts[name], second.accounts[name]
    grants = [(day.granted == name, day.pot) for day in (first, second)]

    def reach(changed: int) -> int:
        figures = replace(
            one,
            followers=(other if changed & 1 else one).followers,
            response=(other if changed & 2 else one).response,
            curation=(other if changed & 4 else one).curation,
        )
        granted, pot = grants[changed >> 3]
        return law.account_reach(figures, granted=granted, pot=pot)

    *inputs, grant = shapley(reach, PLAYERS)
    return dict(zip(INPUTS, inputs, strict=True)), grant


def _change(name: str, whole: int, parts: Mapping[Cause, int], worth: _Worth) -> AccountChange:
    tenths = share_out(whole, [worth.of(count) for count in parts.values()])
    found = (Part(cause, part) for cause, part in zip(parts, tenths, strict=True))
    return AccountChange(name, whole, tuple(part for part in found if part.tenths))
