"""The rule's sums once more, in plain Python and the slow way, to hold the engine against."""

from collections import defaultdict
from dataclasses import dataclass

from scoring import tallies
from scoring.rule import DECAY, SATURATION, AccountFigures
from scoring.tallies import Cell


@dataclass(frozen=True)
class Act:
    account: int
    act: int
    responder: int
    standing: int
    day: int


def worth(standing, trust, age, acts):
    """One responder: (quarters, E in 2^-20, sixteenth in 2^-20), by exact arithmetic on tables."""
    quarters = max(standing * 4 // 2000, min(trust, 2**20) * 4 // 2**20)
    value = DECAY[age] * SATURATION[min(acts, 10)]
    return quarters, quarters * value // (4 * 2**20), value // (16 * 2**20)


def sums(acts, effective, trust=None):
    """Per account of `effective` (account: day its clock stands at) what `account_sums` says."""
    window = defaultdict(lambda: defaultdict(list))
    for one in set(acts):
        if one.account in effective and 0 < effective[one.account] - one.day <= 90:
            window[one.account][one.responder].append(one)
    found = {}
    for account, responders in window.items():
        row = dict.fromkeys(("response", "squares", "everyone", "people", "acts"), 0)
        weights = [0] * 5
        cells = []
        for responder, theirs in responders.items():
            age = effective[account] - 1 - max(one.day for one in theirs)
            standing = max(one.standing for one in theirs)
            quarters, value, little = worth(
                standing, (trust or {}).get(responder, 0), age, len(theirs)
            )
            row["response"] += value
            row["squares"] += (value >> 8) ** 2
            row["everyone"] += little
            row["people"] += 1
            row["acts"] += len(theirs)
            weights[quarters] += 1
            cells.append(Cell(age, min(len(theirs), 10), quarters, 1))
        first = min(one.day for theirs in responders.values() for one in theirs)
        found[account] = row | {
            "oldest": effective[account] - 1 - first,
            "tally": tallies.encode(cells),
            **{f"weight_{n}": weights[n] for n in range(5)},
        }
    return found


def figures(acts, effective, followers, trust=None, platform="mastodon"):
    """What the rule takes, for accounts that are all on known hosts."""
    found = sums(acts, effective, trust)
    nothing = {"response": 0, "everyone": 0}
    return [
        AccountFigures(
            account,
            platform,
            followers[account],
            None,
            found.get(account, nothing)["response"],
            found.get(account, nothing)["everyone"],
        )
        for account in effective
    ]
