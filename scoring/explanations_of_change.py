"""Sentences about what moved a score between two days. Pure; exact, and never a reproach."""

from dataclasses import dataclass

from scoring.differences import Cause
from scoring.explanations import AUDIENCE_VERBS, AccountDay, count_of, grouped
from scoring.rule import (
    EVERYONE_AT_MOST,
    LEFT_OUT_AFTER_DAYS,
    ONE,
    UNKNOWN_HOSTS_AT_MOST,
    WINDOW_DAYS,
)

CURATED = {"github": "starred it", "x": "put it on a list"}

WORDS = {
    Cause.FOLLOWERS: "Audience",
    Cause.RESPONSE: "Response",
    Cause.CURATION: "Lists or stars",
    Cause.LINKED: "Linked",
    Cause.UNLINKED: "Unlinked",
    Cause.NOT_READ: "Not read",
    Cause.READ_AGAIN: "Read again",
    Cause.GRANT: "Granted once",
    Cause.CEILING: "Unknown servers",
    Cause.CAP: "Highest score",
    Cause.RULE: "Change of rule",
}


@dataclass(frozen=True)
class Responders:
    """Who responded on one account in the windows of two days, in numbers of people.

    `came` responded in the later window only, `left` in the earlier one only.
    """

    came: int
    left: int
    stayed: int


@dataclass(frozen=True)
class TwoDays:
    """One account as it stood on two days; None where it was not linked."""

    before: AccountDay | None
    after: AccountDay | None
    responders: Responders | None = None

    @property
    def either(self) -> AccountDay:
        found = self.after or self.before
        assert found is not None, "an account of neither day"  # noqa: S101
        return found


def part_sentence(cause: Cause, account: TwoDays) -> str:
    """What moved, and from what to what."""
    if cause is Cause.LINKED:
        return "It was linked and read for the first time."
    if cause is Cause.UNLINKED:
        return "It was unlinked. What it had added went with it."
    if cause is Cause.NOT_READ:
        return f"It could not be read for {LEFT_OUT_AFTER_DAYS} days, so it is left out for now."
    if cause is Cause.READ_AGAIN:
        return "It could be read again."
    before, after = account.before, account.after
    if before is None or after is None:
        return ""
    if cause is Cause.FOLLOWERS:
        return _figures(before.audience, after.audience, AUDIENCE_VERBS.get(after.platform, FOLLOW))
    if cause is Cause.CURATION:
        verb = CURATED.get(after.platform, "listed it")
        return _figures(before.curation, after.curation, (verb, verb))
    return _response(before.people, after.people, account.responders)


FOLLOW = ("follows", "follow")


def _figures(before: int | None, after: int | None, verbs: tuple[str, str]) -> str:
    """`120 more follow: 4,320, and 4,200 before.`"""
    if before is None or after is None:
        return f"The figure was {'read' if before is None else 'not given'} this time."
    verb = verbs[0] if abs(after - before) == 1 else verbs[1]
    if before == after:
        return f"{grouped(after)} {verb}, as before."
    more = "more" if after > before else "fewer"
    change = f"{grouped(abs(after - before))} {more} {verb}"
    return f"{change}: {grouped(after)}, and {grouped(before)} before."


def _response(before: int, after: int, responders: Responders | None) -> str:
    people = count_of(after, "person", "people")
    told = [f"{people} responded in {WINDOW_DAYS} days, {grouped(before)} before."]
    if responders is None:
        return told[0]
    if responders.came:
        told.append(
            f"{grouped(responders.came)} of them had not responded in the window of the earlier "
            "day."
        )
    if responders.left:
        last = "whose last response lies more than 90 days back, aged out"
        told.append(f"{count_of(responders.left, 'person', 'people')}, {last}.")
    if responders.stayed and not responders.came:
        told.append("Responses weigh less as they grow older: half after 30 days.")
    return " ".join(told)


def line_sentence(
    cause: Cause, *, moved_from: str = "", moved_to: str = "", rules: str = ""
) -> str:
    """What a line beside the accounts means; `moved_...` tell where the grant was and is."""
    if cause is Cause.GRANT:
        return _grant(moved_from, moved_to)
    if cause is Cause.CEILING:
        return (
            "All accounts on servers that are not known count for at most "
            f"{grouped(UNKNOWN_HOSTS_AT_MOST // ONE)} listeners together."
        )
    return rules if cause is Cause.RULE else "100 is the highest score there is."


def _grant(moved_from: str, moved_to: str) -> str:
    if moved_from and moved_to and moved_from != moved_to:
        way = f"from {moved_from} to {moved_to}"
        return f"What everybody is granted once moved {way}, where it adds more."
    most = f"{EVERYONE_AT_MOST / ONE:g}"
    return f"A part of what everybody is granted once grows with all who responded, up to {most}."


def rules_sentence(before: str, after: str) -> str:
    """For days that were shown by two rules."""
    return (
        f"The earlier day was scored by rule {before}, the later one by rule {after}. History is "
        "not rewritten; both stand side by side."
    )


def whole_sentence(tenths: int, low: int, high: int) -> str:
    """How sure a difference is: one within the likely range may be chance."""
    if not tenths:
        return "No difference."
    if abs(tenths) <= 10 * (high - low) / 2:
        return (
            f"The later score likely lies between {low} and {high}. A difference within that may "
            "be chance."
        )
    return f"The later score likely lies between {low} and {high}."
