"""What a stored score was computed from, ready for the rule again."""

from collections.abc import Sequence
from datetime import date

from scoring import versions
from scoring.models import Contribution, Score
from scoring.rule import AccountFigures

# For accounts that were never read: longer ago than any rule looks back.
NEVER_READ_DAYS = 1_000_000


def rows_of(score: Score) -> list[Contribution]:
    """The contributions in the order in which the rule took the accounts."""
    return sorted(score.contributions.all(), key=lambda row: row.pk)


def figures_of(score: Score, rows: Sequence[Contribution]) -> list[AccountFigures]:
    """What the rule took of each account; `key` is its place, as ids go with their accounts."""
    return [
        AccountFigures(
            key=place,
            platform=row.platform,
            followers=row.audience,
            curation=row.curation,
            response=row.response,
            everyone=row.everyone,
            is_known_host=row.state != Contribution.State.UNKNOWN_HOST,
            days_since_read=days_since_read(score, row),
        )
        for place, row in enumerate(rows)
    ]


def days_since_read(score: Score, row: Contribution) -> int:
    """Days from the account's last good read to the day of the score, or to its rest."""
    if row.effective_on is None:
        return NEVER_READ_DAYS
    return ((row.clock_on or score.on) - row.effective_on).days


def preference(version: str, on: date) -> tuple[bool, int]:
    """Orders the rules that scored one day: the one in force on it last, else the newest."""
    names = [known.name for known in versions.VERSIONS]
    is_in_force = version == versions.in_force(on).name
    return is_in_force, names.index(version) if version in names else -1


def names_of(
    before: Sequence[Contribution], after: Sequence[Contribution]
) -> tuple[list[str], list[str]]:
    """A name for each account of two days, the same for the same account.

    An account is known by its id; where it was unlinked, by its platform and handle.
    """
    names = [str(place) for place in range(len(before))]
    known: dict[object, str] = {}
    for name, row in zip(names, before, strict=True):
        known[row.platform, row.handle] = name
        known[row.account_id or name] = name
    later: list[str] = []
    for row in after:
        found = known.get(row.account_id or "") or known.get((row.platform, row.handle))
        later.append(found if found and found not in later else f"new {len(later)}")
    return names, later
