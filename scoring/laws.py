"""The arithmetic of each version of the rule, for whoever explains or recomputes a score. Pure.

`versions` says which version counts when; here is the module with its parts. A version that was
ever published stays, so that what it scored can be explained and recomputed for good.
"""

from collections.abc import Sequence
from typing import Protocol

from scoring import rule
from scoring.rule import AccountFigures, Result


class Law(Protocol):
    """What is asked of a version of the rule; `scoring.rule` is one."""

    UNKNOWN_HOSTS_AT_MOST: int
    WHOLE_REACH: int

    def account_reach(self, account: AccountFigures, *, granted: bool, pot: int) -> int: ...
    def common_pot(self, accounts: Sequence[AccountFigures]) -> int: ...
    def place_grant(self, accounts: Sequence[AccountFigures]) -> tuple[int | None, list[int]]: ...
    def pool(self, accounts: Sequence[AccountFigures], reaches: Sequence[int]) -> int: ...
    def hundredths_of(self, reach: int) -> int: ...
    def score(self, accounts: Sequence[AccountFigures]) -> Result: ...


LAWS: dict[str, Law] = {rule.RULE_VERSION: rule}


def law_of(version: str) -> Law | None:
    """The arithmetic of a version; None for one that is not known here."""
    return LAWS.get(version)
