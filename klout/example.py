"""The example on the landing page: invented people, the real rule.

Nothing here is typed in that the rule can work out. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.band import band
from scoring.explanations import about, grouped, points
from scoring.rule import (
    DECAY,
    EVERYONE_SHIFT,
    FIXED_BITS,
    GRANT,
    LISTENERS_PER_RESPONSE,
    LOWEST,
    ONE,
    QUARTERS,
    SATURATION,
    WHOLE_REACH,
    AccountFigures,
    Result,
    common_pot,
    score,
)

DAYS_OF_DATA = 90


@dataclass(frozen=True)
class Responders:
    """So many people of one weight who last reacted so many days ago, so many times each."""

    people: int
    quarters: int
    age: int
    acts: int

    @property
    def worth_each(self) -> int:
        """What one of them adds at full weight, in fixed point."""
        return DECAY[self.age] * SATURATION[self.acts] >> FIXED_BITS


@dataclass(frozen=True)
class ExampleAccount:
    """One linked account of the example. `did` says what its responders did."""

    platform: str
    label: str
    did: str
    followers: int | None
    curation: int | None
    responders: tuple[Responders, ...]

    @property
    def people(self) -> int:
        return sum(group.people for group in self.responders)

    @property
    def response(self) -> int:
        return sum(g.people * g.quarters * g.worth_each // QUARTERS for g in self.responders)

    @property
    def squares(self) -> int:
        """The sum of the squared weights in 2^-24, for the likely range."""
        weights = ((g.people, g.quarters * g.worth_each // QUARTERS) for g in self.responders)
        return sum(people * weight * weight >> 16 for people, weight in weights)

    @property
    def everyone(self) -> int:
        return sum(g.people * (g.worth_each >> EVERYONE_SHIFT) for g in self.responders)


@dataclass(frozen=True)
class Line:
    """One line of the explanation: what it came from, and the points it added."""

    words: str
    tenths: int

    @property
    def points(self) -> str:
        return points(self.tenths)


@dataclass(frozen=True)
class Group:
    """People who are alike, and what they count for together."""

    people: int
    quarters: int
    age: int
    acts: int
    counts: str


@dataclass(frozen=True)
class Working:
    """The arithmetic of the largest account, and of the score; every figure as it is printed."""

    label: str
    groups: tuple[Group, ...]
    response: str
    granted: str
    per_response: int
    carried: str
    followers: str
    listens: str
    pool: str
    whole_reach: str


@dataclass(frozen=True)
class Hand:
    """One of the hands that a K went through, with the words it was given on with."""

    name: str
    initials: str
    words: str


@dataclass(frozen=True)
class Example:
    """What the landing page shows."""

    hundredths: int
    low: int
    high: int
    lines: tuple[Line, ...]
    working: Working

    @property
    def whole(self) -> int:
        return self.hundredths // 100

    @property
    def exact(self) -> str:
        return points(self.hundredths // 10)

    @property
    def begin(self) -> str:
        return points(LOWEST // 10)


ADA = (
    ExampleAccount(
        "mastodon",
        "Mastodon",
        "answered",
        followers=9_400,
        curation=None,
        responders=(Responders(18, 2, 5, 2), Responders(16, 2, 25, 1), Responders(10, 1, 50, 1)),
    ),
    ExampleAccount(
        "github",
        "GitHub",
        "joined in",
        followers=420,
        curation=24,
        responders=(Responders(7, 2, 12, 2), Responders(5, 1, 45, 1)),
    ),
    ExampleAccount(
        "blog",
        "Her blog",
        "wrote back",
        followers=None,
        curation=None,
        responders=(Responders(5, 2, 10, 1), Responders(4, 1, 40, 1)),
    ),
)


# Nobody of them exists. The last one still has it.
WAY = (
    Hand("Lena", "L", "Your talk on slow gardens. I dug up the lawn the week after."),
    Hand("Dapo", "D", "For explaining it twice, and not sighing."),
    Hand("Amara", "A", "Your thread made me rewrite the whole chapter."),
)


def figures(accounts: Sequence[ExampleAccount]) -> list[AccountFigures]:
    """What the rule takes of the example's accounts."""
    return [
        AccountFigures(
            key,
            account.platform,
            account.followers,
            account.curation,
            account.response,
            account.everyone,
        )
        for key, account in enumerate(accounts)
    ]


def example(accounts: Sequence[ExampleAccount] = ADA) -> Example:
    """The score of the example, with a line for each account."""
    taken = figures(accounts)
    result = score(taken)
    likely = band(taken, [account.squares for account in accounts], result, DAYS_OF_DATA)
    lines, working = _lines(accounts, result), _working(accounts, taken, result)
    return Example(result.hundredths, likely.low, likely.high, lines, working)


def _working(
    accounts: Sequence[ExampleAccount], taken: Sequence[AccountFigures], result: Result
) -> Working:
    """Of the account that was granted what everybody is, which is the largest one here."""
    place = next(at for at, share in enumerate(result.shares) if share.granted)
    account, granted = accounts[place], GRANT + common_pot(taken)
    return Working(
        label=account.label,
        groups=tuple(
            Group(
                group.people,
                group.quarters,
                group.age,
                group.acts,
                _decimal(group.people * group.quarters * group.worth_each // QUARTERS),
            )
            for group in account.responders
        ),
        response=_decimal(account.response),
        granted=f"{granted / ONE:g}",
        per_response=LISTENERS_PER_RESPONSE,
        carried=grouped(LISTENERS_PER_RESPONSE * (account.response + granted) // ONE),
        followers=grouped(account.followers or 0),
        listens=grouped(result.shares[place].reach // ONE),
        pool=grouped(result.reach // ONE),
        whole_reach=grouped(WHOLE_REACH),
    )


def _decimal(fixed: int) -> str:
    return f"{fixed / ONE:.3f}"


def _lines(accounts: Sequence[ExampleAccount], result: Result) -> tuple[Line, ...]:
    return tuple(
        Line(_words(account, share.reach // ONE), share.tenths)
        for account, share in zip(accounts, result.shares, strict=True)
    )


def _words(account: ExampleAccount, listeners: int) -> str:
    return f"{account.label}: {about(listeners)} listen, {account.people} people {account.did}"
