"""Rule 2026.1: from what was received to a score from 1 to 100.

Pure: no Django, no clock, no network, no chance. All figures are whole numbers, "fixed" ones in
2^-20 (`ONE` is 1.0), so the same inputs give the same bytes on any machine. The per-account sums
that go in are made by `expressions`; the likely range is in `band`.

What the rule takes, and where each constant is from, is in RULE_INPUTS and beside the constant.
It never goes down when something received goes up, and never when an account is linked.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from math import isqrt

from language import gettext_noop as mark

RULE_VERSION = "2026.1"

FIXED_BITS = 20
ONE = 1 << FIXED_BITS

# Chosen: half of what was said is forgotten in a month, all of it in three.
HALF_LIFE_DAYS = 30
WINDOW_DAYS = 90
# Chosen: a thousand reactions of one person are worth no more than ten.
SATURATION_ACTS = 10
# One responder weighs 0, 1/4, 1/2, 3/4 or 1: coarse, so that a weight says nothing of a person.
QUARTERS = 4
# Chosen: what a profile shows is worth at most half of what trust is worth.
STANDING_PER_QUARTER = 500  # thousandths of standing: 4 * (standing / 2) / 1000
# Everybody who responded counts this much in one common pot ...
EVERYONE_SHIFT = 4  # 2^-4: a sixteenth
# ... of which at most a quarter is granted, once per member, so that 8,000 bought reshares bring
# less than 3 points: 5.4 * ln(3/4 : 1/2).
EVERYONE_AT_MOST = ONE // 4
# What everybody is granted to begin with, once: as if half a person had responded.
GRANT = ONE // 2
# Found on X (peerindex, pairs of people judged by people); elsewhere assumed until data say more.
LISTENERS_PER_RESPONSE = 250
# Who responds listens, whether they follow or not: so bought followers bring little. Believed of
# so many; a larger audience has to show. Found with the same data and the attacks on real graphs.
UNFOLLOWED_AT_MOST = 3_500 * ONE
CURATION_FACTOR = 60
# Figures of servers nobody can vouch for: all of them together stand for at most this many.
UNKNOWN_HOSTS_AT_MOST = 1_000 * ONE
# The reach that makes a score of 100: a hundred million people.
WHOLE_REACH = 100_000_000
# After so many days without a good read an account is left out.
LEFT_OUT_AFTER_DAYS = 30
# More than there are people: a figure beyond it is not one.
MOST_PEOPLE = 10_000_000_000

WITHOUT_AUDIENCE = frozenset({"blog", "stackexchange"})
WITH_CURATION = frozenset({"x", "github"})
# Stars never lower: few stars on good work are no sign of few listeners.
CURATION_NEVER_LOWERS = frozenset({"github"})

LOWEST, HIGHEST = 100, 10_000  # hundredths of a point

RULE_INPUTS = (
    ("followers", mark("How many follow a linked account, from its latest good reading.")),
    ("curation", mark("How many times an account was put on lists (X) or starred (GitHub).")),
    (
        "responder",
        mark("Who responded: a keyed hash, counted once per account however often."),
    ),
    ("standing", mark("What the responder's profile showed at that moment, in thousandths.")),
    (
        "trust",
        mark("What flows to a responder from members, through whom they reached out to."),
    ),
    (
        "happened_on",
        mark("The UTC day of a reaction; how many days back the latest one lies."),
    ),
    ("acts", mark("How many reactions of one responder, up to ten.")),
    (
        "known host",
        mark("Whether the account's server is one whose figures may be believed."),
    ),
    ("last good read", mark("The UTC day up to which the account's days are wholly known.")),
)


def _decay_table() -> tuple[int, ...]:
    """2^(-age / 30) in fixed point for ages of 0 to 89 days, rounded down."""
    with localcontext() as context:
        context.prec = 50
        return tuple(
            int(ONE * Decimal(2) ** (Decimal(-age) / HALF_LIFE_DAYS)) for age in range(WINDOW_DAYS)
        )


def _saturation_table() -> tuple[int, ...]:
    """1 + log10(n) in fixed point for 1 to 10 acts, rounded down; no acts are worth nothing."""
    with localcontext() as context:
        context.prec = 50
        worth = [int(ONE * (1 + Decimal(acts).log10())) for acts in range(1, SATURATION_ACTS + 1)]
        return (0, *worth)


def _score_steps() -> tuple[int, ...]:
    """The least reach (fixed) for each hundredth of a point above 1.00.

    1 + 99 * ln(1 + R) / ln(1 + 100,000,000) >= 1 + step / 100, solved for R. The logarithm
    becomes a look-up, which is exact, and the same everywhere.
    """
    steps = HIGHEST - LOWEST
    with localcontext() as context:
        context.prec = 60
        ratio = (Decimal(1 + WHOLE_REACH).ln() / steps).exp()
        level, levels = Decimal(1), [0]
        for _ in range(steps - 1):
            level *= ratio
            least = (ONE * (level - 1)).to_integral_value(rounding=ROUND_CEILING)
            levels.append(int(least))
        # The last level is known exactly; multiplying up to it is not.
        return (*levels, ONE * WHOLE_REACH)


DECAY = _decay_table()
SATURATION = _saturation_table()
SCORE_STEPS = _score_steps()


@dataclass(frozen=True)
class AccountFigures:
    """What the rule takes of one linked account.

    `response` is E in fixed point; `everyone` the sum over all its responders at a sixteenth
    each. None: the platform has no such figure, or none was read. `key` orders accounts where
    they are otherwise equal.
    """

    key: int
    platform: str
    followers: int | None
    curation: int | None
    response: int
    everyone: int
    is_known_host: bool = True
    days_since_read: int = 0

    @property
    def is_counted(self) -> bool:
        return self.days_since_read <= LEFT_OUT_AFTER_DAYS


@dataclass(frozen=True)
class Share:
    """What one account came to: its reach (fixed) and the points it adds, in tenths."""

    key: int
    reach: int
    tenths: int
    granted: bool


@dataclass(frozen=True)
class Result:
    """A score in hundredths, rounded down, so that a digit once shown is never taken back.

    `shares` are in the order of the accounts given; their tenths and the 1.0 to begin with add
    up to the score's tenths.
    """

    hundredths: int
    reach: int
    shares: tuple[Share, ...]


def weight_in_quarters(standing: int, trust: int = 0) -> int:
    """`max(standing / 2, min(1, trust))` rounded down to quarters.

    `standing` in thousandths, `trust` in fixed point.
    """
    return max(standing // STANDING_PER_QUARTER, min(trust, ONE) >> (FIXED_BITS - 2))


def softmin(one: int, other: int) -> int:
    """`(a^-2 + b^-2)^(-1/2)`, rounded down; 0 if either is 0."""
    if not one or not other:
        return 0
    one_squared, other_squared = one * one, other * other
    return isqrt(one_squared * other_squared // (one_squared + other_squared))


def account_reach(account: AccountFigures, *, granted: bool = False, pot: int = 0) -> int:
    """How many people listen to one account, in fixed point.

    `granted`: the one-time grant (`GRANT` and the pot) is placed here.
    """
    if not account.is_counted:
        return 0
    response = account.response + (GRANT + pot if granted else 0)
    return _curated(account, softmin(_audience(account), LISTENERS_PER_RESPONSE * response))


def _audience(account: AccountFigures) -> int:
    """Who follows, or who listens though no follower is shown (fixed)."""
    listening = LISTENERS_PER_RESPONSE * account.response
    if account.platform in WITHOUT_AUDIENCE:
        return listening
    return max(_people(account.followers) * ONE, min(listening, UNFOLLOWED_AT_MOST))


def _curated(account: AccountFigures, heard: int) -> int:
    if account.platform not in WITH_CURATION or account.curation is None:
        return heard
    curated = isqrt(heard * ((CURATION_FACTOR * _people(account.curation) + 1) << FIXED_BITS))
    return max(heard, curated) if account.platform in CURATION_NEVER_LOWERS else curated


def _people(count: int | None) -> int:
    return min(max(count or 0, 0), MOST_PEOPLE)


def common_pot(accounts: Sequence[AccountFigures]) -> int:
    """Everybody who responded, known or not, a little: at most a quarter, once per member.

    Those who have a weight of their own count here as well, so that a responder who becomes
    known never lowers a score. Accounts on unknown hosts do not fill the pot: their responders
    may be invented.
    """
    filled = sum(a.everyone for a in accounts if a.is_counted and a.is_known_host)
    return min(EVERYONE_AT_MOST, filled)


def pool(accounts: Sequence[AccountFigures], reaches: Sequence[int]) -> int:
    """The sum of what listens; all accounts on unknown hosts together are held to 1,000."""
    known = unknown = 0
    for account, reach in zip(accounts, reaches, strict=True):
        if account.is_known_host:
            known += reach
        else:
            unknown += reach
    return known + min(unknown, UNKNOWN_HOSTS_AT_MOST)


def hundredths_of(reach: int) -> int:
    """The score that a pooled reach (fixed) makes, held to 1..100, rounded down."""
    return min(HIGHEST, LOWEST + bisect_right(SCORE_STEPS, reach) - 1)


def place_grant(accounts: Sequence[AccountFigures]) -> tuple[int | None, list[int]]:
    """Where the grant adds most (index; the smallest key among equals), and all reaches."""
    plain = [account_reach(account) for account in accounts]
    pot = common_pot(accounts)
    best: tuple[int, int] | None = None
    place, reaches = None, plain
    for index, account in enumerate(accounts):
        if not account.is_counted:
            continue
        tried = plain.copy()
        tried[index] = account_reach(account, granted=True, pot=pot)
        merit = (pool(accounts, tried), -account.key)
        if best is None or merit > best:
            best, place, reaches = merit, index, tried
    return place, reaches


def score(accounts: Sequence[AccountFigures]) -> Result:
    """The score of one member from all linked accounts; none at all make 1.00."""
    place, reaches = place_grant(accounts)
    total = pool(accounts, reaches)
    hundredths = hundredths_of(total)
    tenths = split(hundredths, accounts, reaches)
    shares = tuple(
        Share(account.key, reach, points, granted=index == place)
        for index, (account, reach, points) in enumerate(
            zip(accounts, reaches, tenths, strict=True)
        )
    )
    return Result(hundredths, total, shares)


def split(hundredths: int, accounts: Sequence[AccountFigures], reaches: Sequence[int]) -> list[int]:
    """`(score - 1) * R_i / R` in tenths, by largest remainder: adds up to the shown score."""
    keys = [account.key for account in accounts]
    believed = list(reaches)
    unknown = [i for i, account in enumerate(accounts) if not account.is_known_host]
    invented = [reaches[i] for i in unknown]
    held = apportion(
        min(sum(invented), UNKNOWN_HOSTS_AT_MOST), invented, [keys[i] for i in unknown]
    )
    for index, reach in zip(unknown, held, strict=True):
        believed[index] = reach
    return apportion((hundredths - LOWEST) // 10, believed, keys)


def apportion(total: int, sizes: Sequence[int], keys: Sequence[int]) -> list[int]:
    """Whole parts of `total` in proportion to `sizes`, by largest remainder.

    The parts add up to `total` exactly. Equal remainders go to the larger, then to the smaller
    key. Nothing to share among, nothing shared.
    """
    whole = sum(sizes)
    if not whole:
        return [0] * len(sizes)
    parts = [total * size // whole for size in sizes]
    by_remainder = sorted(
        range(len(sizes)), key=lambda i: (-(total * sizes[i] % whole), -sizes[i], keys[i])
    )
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
