"""Members, accounts, reactions and outreach, drawn from a seed: what the night is measured on.

Not real people; what the model has in common with them, and why it is not easier than they are:

- Members have one account (70 %), two (20 %) or three (10 %), on Mastodon, Bluesky, X, GitHub and
  blogs, one in 25 of them on a server that is not known.
- How much an account is heard is lognormal with a sigma of 2: half of them get an eighth of the
  mean or less, and the loudest of 100,000 some hundred times the mean.
- Who responds comes back. Each account has a circle, and the one who responds is drawn from it
  with a density that falls with the root of the rank: three to four reactions for each pair.
- Of a circle 45 % are members, those with small numbers more often; the others are people who
  never joined, who have circles in common as well. Three in ten have no standing to speak of.
- Days are drawn evenly from the window. The late ones are as many as the early ones.
- Members reach out to the first of their circle, and as often to members whom many talk to, so
  that trust comes together at some and hardly anywhere else.
- An account was read in each of the last three nights.

All of it comes from numpy's PCG64 and splitmix64, so the same seed makes the same rows anywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Unsigned = npt.NDArray[np.uint64]

SEED = 2026
WINDOW_DAYS = 90
SIGMA = 2.0
PLATFORMS = ("mastodon", "bluesky", "x", "github", "blog")
SHARES = (0.5, 0.2, 0.15, 0.1, 0.05)
UNKNOWN_ONE_IN = 25
MEMBERS_OF_CIRCLE = 0.45
STRANGERS_PER_ACCOUNT = 5
TARGETS = 20
# Rows that are drawn at a time, so that memory does not grow with what is asked for.
ROWS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Accounts:
    """One row for each; `member` from 1 on, in order, and `account` is its place, from 1 on."""

    member: Whole
    platform: Whole
    is_known: npt.NDArray[np.bool_]
    followers: Whole
    standing: Whole
    person: Whole
    loudness: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.member)


@dataclass(frozen=True)
class Rows:
    """What happened: `account` to or from `person`; `day` is 0 for the oldest of the window."""

    account: Whole
    person: Whole
    standing: Whole
    day: Whole
    act: Whole

    def at(self, places: Whole) -> "Rows":
        return Rows(*(column[places] for column in vars(self).values()))

    def since(self, day: int) -> "Rows":
        return self.at(np.flatnonzero(self.day >= day))


def together(some: Sequence[Rows]) -> Rows:
    """All of them in one."""
    columns = zip(*(vars(rows).values() for rows in some), strict=True)
    return Rows(*(np.concatenate(column) for column in columns))


def make_accounts(members: int) -> Accounts:
    chance = np.random.Generator(np.random.PCG64([SEED, 1]))
    sizes = chance.choice([1, 2, 3], members, p=[0.7, 0.2, 0.1])
    count = int(sizes.sum())
    number = np.arange(1, count + 1, dtype=np.uint64)
    return Accounts(
        member=np.repeat(np.arange(1, members + 1), sizes),
        platform=chance.choice(len(PLATFORMS), count, p=SHARES),
        is_known=chance.integers(0, UNKNOWN_ONE_IN, count) > 0,
        followers=np.exp(chance.normal(5.5, 2.0, count)).astype(np.int64),
        standing=chance.integers(0, 1001, count),
        person=_signed(_mixed(number)),
        loudness=np.exp(SIGMA * chance.standard_normal(count)),
    )


def reactions(accounts: Accounts, rows: int) -> Iterator[Rows]:
    """`rows` of them over the window, day after day."""
    for day, wanted in enumerate(per_day(rows)):
        yield from reactions_of_day(accounts, rows, day, wanted)


def per_day(rows: int) -> list[int]:
    """How many of `rows` happen on each day of the window."""
    wanted: list[int] = np.diff(np.linspace(0, rows, WINDOW_DAYS + 1).astype(np.int64)).tolist()
    return wanted


def reactions_of_day(accounts: Accounts, in_all: int, day: int, wanted: int) -> Iterator[Rows]:
    """`wanted` reactions of one day, by account; circles are as large as `in_all` makes them."""
    chance = np.random.Generator(np.random.PCG64([SEED, 2, day, wanted]))
    shares = accounts.loudness / accounts.loudness.sum()
    counts = chance.multinomial(wanted, shares)
    size = _circles(shares, in_all)
    cuts = np.searchsorted(np.cumsum(counts), np.arange(0, wanted, ROWS_AT_ONCE))
    for first, last in zip(cuts, [*cuts[1:], len(counts)], strict=True):
        account = np.repeat(np.arange(first, last), counts[first:last])
        rank = (size[account] * chance.random(len(account)) ** 2).astype(np.int64)
        person, standing = _circle(accounts, account, rank)
        number = np.arange(len(account), dtype=np.uint64)
        of_act = np.uint64((day << 40) + (int(first) << 8))
        yield Rows(
            account + 1,
            person,
            standing,
            np.full(len(account), day),
            _signed(_mixed(number ^ _mixed(np.array([of_act])))),
        )


def outreach(accounts: Accounts, in_all: int) -> Iterator[Rows]:
    """Of each account to TARGETS people, once or several times, somewhere in the window."""
    chance = np.random.Generator(np.random.PCG64([SEED, 3]))
    shares = accounts.loudness / accounts.loudness.sum()
    size = _circles(shares, in_all)
    step = ROWS_AT_ONCE // (3 * TARGETS)
    for first in range(0, len(accounts), step):
        places = np.arange(first, min(first + step, len(accounts)))
        account = np.repeat(places, TARGETS)
        rank = np.tile(np.arange(TARGETS), len(places))
        of_circle, _ = _circle(accounts, account, rank // 2 % np.maximum(size[account], 1))
        famous = (len(accounts) * chance.random(len(account)) ** 4).astype(np.int64)
        person = np.where(rank % 2 == 0, of_circle, accounts.person[famous])
        often = chance.integers(1, 4, len(account))
        account, person = np.repeat(account, often), np.repeat(person, often)
        day = chance.integers(0, WINDOW_DAYS, len(account))
        act = np.arange(len(account)) + first * 3 * TARGETS
        yield Rows(account + 1, person, np.zeros_like(day), day, act)


def _circles(shares: npt.NDArray[np.float64], in_all: int) -> Whole:
    return np.maximum(3, (shares * in_all / 2).astype(np.int64))


def _circle(accounts: Accounts, account: Whole, rank: Whole) -> tuple[Whole, Whole]:
    """The person of a rank in an account's circle, and what is shown of them."""
    mixed = _mixed((account.astype(np.uint64) << np.uint64(32)) + rank.astype(np.uint64))
    which = (mixed >> np.uint64(40)).astype(np.float64) / 2**24
    drawn = (mixed & np.uint64((1 << 40) - 1)).astype(np.float64) / 2**40
    member = (len(accounts) * drawn**2).astype(np.int64)
    stranger = (len(accounts) * STRANGERS_PER_ACCOUNT * drawn).astype(np.uint64)
    far = _mixed(stranger + np.uint64(1 << 40))
    is_member = which < MEMBERS_OF_CIRCLE
    shown = np.minimum(far % np.uint64(1430), 1430).astype(np.int64) - 430
    standing = np.where(is_member, accounts.standing[member], np.maximum(shown, 0))
    return np.where(is_member, accounts.person[member], _signed(far)), standing


def _mixed(numbers: Unsigned) -> Unsigned:
    """splitmix64: one to one, so that different numbers stay different."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _signed(numbers: Unsigned) -> Whole:
    return numbers.view(np.int64)
