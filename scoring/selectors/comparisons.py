"""Two days of one member side by side: what moved the score, to the shown digit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Member
from scoring import explanations_of_change as words
from scoring.differences import (
    AccountChange,
    Cause,
    Difference,
    Part,
    across_rules,
    difference,
)
from scoring.explanations import points, signed
from scoring.explanations_of_change import Responders, TwoDays
from scoring.laws import Law, law_of
from scoring.models import Contribution, Score
from scoring.rule import AccountFigures
from scoring.seen import EVERYTHING, Seen
from scoring.selectors.figures import figures_of, names_of, rows_of
from scoring.selectors.responders import Windows, responders_of
from scoring.selectors.scores import account_day, pot_of, rows_on


@dataclass(frozen=True)
class ChangeView:
    """Tenths with their sign, and a bar to the left or the right of no change.

    `share` is the part of the largest change, -1 to 1; `tenths` is None where no points are to
    be seen.
    """

    words: str
    detail: str
    tenths: int | None
    share: float

    @property
    def change(self) -> str:
        return "" if self.tenths is None else signed(self.tenths)

    @property
    def bar_at(self) -> float:
        """Where the bar begins, 0 to 100 with 50 for no change."""
        return round(50 + min(0.0, self.share) * 50, 1)

    @property
    def bar(self) -> float:
        """How wide it is, 0 to 50."""
        return round(abs(self.share) * 50, 1)


@dataclass(frozen=True)
class AccountChangeView(ChangeView):
    """What one account brought or took; the parts add up to `tenths`."""

    parts: tuple[ChangeView, ...]


@dataclass(frozen=True)
class Comparison:
    """From the earlier score to the later one; accounts and lines add up to the difference.

    What is not to be seen is None or empty.
    """

    before_on: date
    after_on: date
    before: int | None
    after: int | None
    before_likely: str
    after_likely: str
    before_rule: str
    after_rule: str
    accounts: tuple[AccountChangeView, ...]
    lines: tuple[ChangeView, ...]
    sure: str

    @property
    def tenths(self) -> int | None:
        return None if self.after is None or self.before is None else self.after - self.before

    @property
    def change(self) -> str:
        return "" if self.tenths is None else signed(self.tenths)

    @property
    def before_score(self) -> str:
        return "" if self.before is None else points(self.before)

    @property
    def after_score(self) -> str:
        return "" if self.after is None else points(self.after)

    @property
    def nothing_moved(self) -> bool:
        return not self.lines and not any(one.parts for one in self.accounts)


def comparison(
    member: Member, before_on: date, after_on: date, seen: Seen = EVERYTHING
) -> Comparison | None:
    """What moved the score between two days that have one; None where one has none.

    Both days are taken by the rule of the later one; what an older rule had shown on the earlier
    day is a line of its own.
    """
    before, after = rows_on(member, before_on), rows_on(member, after_on)
    if not before or not after or after_on > seen.until:
        return None
    return _veiled(_comparison(before, after), seen)


def _comparison(before: list[Score], after: list[Score]) -> Comparison:
    shown, last = before[0], after[0]
    same_rule = next((row for row in before if row.rule == last.rule), None)
    law = law_of(last.rule)
    if same_rule is None or law is None:
        return _view(shown, last, _all_the_rule(shown, last), {}, {})
    return _compared(shown, same_rule, last, law)


def _veiled(compared: Comparison, seen: Seen) -> Comparison:
    """Without what is not to be seen: then it tells of people, and of no points."""
    if not seen.band:
        compared = replace(compared, before_likely="", after_likely="")
    if seen.number:
        return compared
    accounts = tuple(
        replace(
            one, tenths=None, share=0.0, parts=tuple(_without_points(part) for part in one.parts)
        )
        for one in compared.accounts
    )
    lines = tuple(_without_points(line) for line in compared.lines)
    return replace(compared, before=None, after=None, accounts=accounts, lines=lines, sure="")


def _without_points(change: ChangeView) -> ChangeView:
    return replace(change, tenths=None, share=0.0)


@dataclass(frozen=True)
class _Day:
    """One stored score; its accounts by a name that is the same on both days."""

    score: Score
    rows: Mapping[str, Contribution]

    @property
    def figures(self) -> dict[str, AccountFigures]:
        figures = figures_of(self.score, list(self.rows.values()))
        return dict(zip(self.rows, figures, strict=True))

    @property
    def granted(self) -> str:
        """The account that has the grant, in words; "" for none."""
        place = next((row for row in self.rows.values() if row.granted), None)
        return f"{place.platform_label} {place.handle}" if place else ""


def _compared(shown: Score, before: Score, after: Score, law: Law) -> Comparison:
    rows = rows_of(before), rows_of(after)
    names = names_of(*rows)
    first = _Day(before, dict(zip(names[0], rows[0], strict=True)))
    second = _Day(after, dict(zip(names[1], rows[1], strict=True)))
    found = difference(first.figures, second.figures, law)
    if shown.rule != after.rule:
        found = across_rules(shown.hundredths // 10, found)
    grant = {"moved_from": first.granted, "moved_to": second.granted}
    return _view(shown, after, found, _two_days(first, second), grant)


def _all_the_rule(shown: Score, after: Score) -> Difference:
    """Where the earlier day was not scored by the later rule, nothing can be told apart."""
    before, later = shown.hundredths // 10, after.hundredths // 10
    return Difference(before, later, (), (Part(Cause.RULE, later - before),))


def _two_days(first: _Day, second: _Day) -> dict[str, TwoDays]:
    responders = _responders(first, second)
    pots = pot_of(first.rows.values()), pot_of(second.rows.values())
    found = {}
    for name in dict.fromkeys([*first.rows, *second.rows]):
        one, other = first.rows.get(name), second.rows.get(name)
        found[name] = TwoDays(
            account_day(one, pots[0]) if one else None,
            account_day(other, pots[1]) if other else None,
            responders.get(name),
        )
    return found


def _responders(first: _Day, second: _Day) -> dict[str, Responders]:
    """Who came and who aged out, for accounts that are still linked."""
    windows = {}
    for name, row in second.rows.items():
        earlier = first.rows.get(name)
        if row.account_id and row.effective_on and earlier and earlier.effective_on:
            windows[name] = Windows(row.account_id, earlier.effective_on, row.effective_on)
    found = responders_of(list(windows.values()), first.score.cut_off_at, second.score.cut_off_at)
    nobody = Responders(came=0, left=0, stayed=0)
    return {name: found.get(one.account_id, nobody) for name, one in windows.items()}


def _view(
    shown: Score,
    after: Score,
    found: Difference,
    accounts: Mapping[str, TwoDays],
    grant: Mapping[str, str],
) -> Comparison:
    changes = [one.tenths for one in found.accounts] + [line.tenths for line in found.lines]
    largest = max([1, *map(abs, changes)])
    told = {**grant, "rules": words.rules_sentence(shown.rule, after.rule)}
    return Comparison(
        before_on=shown.on,
        after_on=after.on,
        before=found.before,
        after=found.after,
        before_likely=f"{shown.likely.low} to {shown.likely.high}",
        after_likely=f"{after.likely.low} to {after.likely.high}",
        before_rule=shown.rule,
        after_rule=after.rule,
        accounts=tuple(_account(one, accounts[one.name], largest) for one in found.accounts),
        lines=tuple(
            _part(line, words.line_sentence(line.cause, **told), largest) for line in found.lines
        ),
        sure=words.whole_sentence(found.tenths, after.likely.low, after.likely.high),
    )


def _account(one: AccountChange, account: TwoDays, largest: int) -> AccountChangeView:
    return AccountChangeView(
        words=account.either.platform_label,
        detail=account.either.handle,
        tenths=one.tenths,
        share=one.tenths / largest,
        parts=tuple(
            _part(part, words.part_sentence(part.cause, account), largest) for part in one.parts
        ),
    )


def _part(part: Part, sentence: str, largest: int) -> ChangeView:
    return ChangeView(_(words.WORDS[part.cause]), sentence, part.tenths, part.tenths / largest)
