"""How the shown score would differ had one input been different, by the rule itself. Pure.

For understanding what the rule looks at. The suppositions are the same for everybody, up and down
alike, so that none of them reads as something to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from language import gettext as _
from language import ngettext
from scoring.explanations import points, signed
from scoring.laws import Law
from scoring.rule import (
    CURATION_NEVER_LOWERS,
    WITH_CURATION,
    WITHOUT_AUDIENCE,
    AccountFigures,
    weight_in_quarters,
)
from scoring.tallies import Cell

# A settled account: all that a profile can show, nobody who vouches for it.
SETTLED = weight_in_quarters(1_000)
MORE_PEOPLE = 10


@dataclass(frozen=True)
class Supposition:
    """Had it been so, the score would have been `tenths`; it is `shown`."""

    words: str
    tenths: int
    shown: int

    @property
    def score(self) -> str:
        return points(self.tenths)

    @property
    def change(self) -> str:
        """With its sign; no change is told as such."""
        if self.tenths == self.shown:
            return _("no change")
        return signed(self.tenths - self.shown)


def suppositions(
    accounts: Sequence[AccountFigures], place: int, law: Law
) -> tuple[Supposition, ...]:
    """What the score would be with one input of the account at `place` different.

    Nothing is supposed of an account that is left out.
    """
    account = accounts[place]
    if not account.is_counted:
        return ()
    shown = law.score(accounts).hundredths // 10

    def supposed(words: str, other: AccountFigures | None) -> Supposition:
        others = [*accounts[:place], *([] if other is None else [other]), *accounts[place + 1 :]]
        return Supposition(words, law.score(others).hundredths // 10, shown)

    return tuple(supposed(words, other) for words, other in _others(account))


def _others(account: AccountFigures) -> Iterator[tuple[str, AccountFigures | None]]:
    followers, curation = account.followers, account.curation
    if followers and account.platform not in WITHOUT_AUDIENCE:
        yield _("If half as many followed"), replace(account, followers=followers // 2)
        yield _("If twice as many followed"), replace(account, followers=followers * 2)
    if account.everyone or account.response:
        yield _("If nobody had responded"), replace(account, response=0, everyone=0)
    more = ngettext(
        "If {count} more settled person had responded yesterday",
        "If {count} more settled people had responded yesterday",
        MORE_PEOPLE,
    )
    yield more.format(count=MORE_PEOPLE), _with_more(account)
    if curation and account.platform in WITH_CURATION:
        yield _without_curation(account)
    if not account.is_known_host:
        yield _("If its server were a known one"), replace(account, is_known_host=True)
    yield _("If it were not linked"), None


def _without_curation(account: AccountFigures) -> tuple[str, AccountFigures]:
    if account.platform in CURATION_NEVER_LOWERS:
        words = _("If nobody had starred it")
    else:
        words = _("If nobody had put it on a list")
    return words, replace(account, curation=0)


def _with_more(account: AccountFigures) -> AccountFigures:
    """Ten more people, each with one reaction on the last day that was counted."""
    more = Cell(age=0, step=1, weight=SETTLED, people=MORE_PEOPLE)
    return replace(
        account,
        response=account.response + more.people * more.worth,
        everyone=account.everyone + more.people * more.little,
    )
