"""Sentences about what moved a score between two days. Pure; exact, and never a reproach."""

from dataclasses import dataclass

from language import gettext as _
from language import gettext_noop, ngettext, ngettext_noop
from scoring.differences import Cause
from scoring.explanations import AccountDay, fraction, grouped
from scoring.rule import (
    EVERYONE_AT_MOST,
    LEFT_OUT_AFTER_DAYS,
    ONE,
    UNKNOWN_HOSTS_AT_MOST,
    WINDOW_DAYS,
)

WORDS = {
    Cause.FOLLOWERS: gettext_noop("Audience"),
    Cause.RESPONSE: gettext_noop("Response"),
    Cause.CURATION: gettext_noop("Lists or stars"),
    Cause.LINKED: gettext_noop("Linked"),
    Cause.UNLINKED: gettext_noop("Unlinked"),
    Cause.NOT_READ: gettext_noop("Not read"),
    Cause.READ_AGAIN: gettext_noop("Read again"),
    Cause.GRANT: gettext_noop("Granted once"),
    Cause.CEILING: gettext_noop("Unknown servers"),
    Cause.CAP: gettext_noop("Highest score"),
    Cause.RULE: gettext_noop("Change of rule"),
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
        return _("It was linked and read for the first time.")
    if cause is Cause.UNLINKED:
        return _("It was unlinked. What it had added went with it.")
    if cause is Cause.NOT_READ:
        told = _("It could not be read for {days} days, so it is left out for now.")
        return told.format(days=LEFT_OUT_AFTER_DAYS)
    if cause is Cause.READ_AGAIN:
        return _("It could be read again.")
    before, after = account.before, account.after
    if before is None or after is None:
        return ""
    if cause is Cause.FOLLOWERS:
        return _figures(before.audience, after.audience, _audience_forms(after.platform))
    if cause is Cause.CURATION:
        return _figures(before.curation, after.curation, _curation_forms(after.platform))
    return _response(before.people, after.people, account.responders)


@dataclass(frozen=True)
class _Forms:
    """How the change of one figure is told, for one and for several: unchanged, risen, fallen."""

    same: tuple[str, str]
    more: tuple[str, str]
    fewer: tuple[str, str]


_FOLLOWERS = _Forms(
    ngettext_noop("{after} follows, as before.", "{after} follow, as before."),
    ngettext_noop(
        "{change} more follows: {after}, and {before} before.",
        "{change} more follow: {after}, and {before} before.",
    ),
    ngettext_noop(
        "{change} fewer follows: {after}, and {before} before.",
        "{change} fewer follow: {after}, and {before} before.",
    ),
)
_SUBSCRIBERS = _Forms(
    ngettext_noop("{after} subscribes, as before.", "{after} subscribe, as before."),
    ngettext_noop(
        "{change} more subscribes: {after}, and {before} before.",
        "{change} more subscribe: {after}, and {before} before.",
    ),
    ngettext_noop(
        "{change} fewer subscribes: {after}, and {before} before.",
        "{change} fewer subscribe: {after}, and {before} before.",
    ),
)
_STARS = _Forms(
    ngettext_noop("{after} starred it, as before.", "{after} starred it, as before."),
    ngettext_noop(
        "{change} more starred it: {after}, and {before} before.",
        "{change} more starred it: {after}, and {before} before.",
    ),
    ngettext_noop(
        "{change} fewer starred it: {after}, and {before} before.",
        "{change} fewer starred it: {after}, and {before} before.",
    ),
)
_LISTS = _Forms(
    ngettext_noop("{after} put it on a list, as before.", "{after} put it on a list, as before."),
    ngettext_noop(
        "{change} more put it on a list: {after}, and {before} before.",
        "{change} more put it on a list: {after}, and {before} before.",
    ),
    ngettext_noop(
        "{change} fewer put it on a list: {after}, and {before} before.",
        "{change} fewer put it on a list: {after}, and {before} before.",
    ),
)


def _audience_forms(platform: str) -> _Forms:
    return _SUBSCRIBERS if platform == "youtube" else _FOLLOWERS


def _curation_forms(platform: str) -> _Forms:
    return _STARS if platform == "github" else _LISTS


def _figures(before: int | None, after: int | None, forms: _Forms) -> str:
    """`120 more follow: 4,320, and 4,200 before.`"""
    if after is None:
        return _("The figure was not given this time.")
    if before is None:
        return _("The figure was read this time.")
    change = abs(after - before)
    form = forms.more if after > before else forms.fewer if after < before else forms.same
    told = ngettext(*form, change or after)
    return told.format(change=grouped(change), after=grouped(after), before=grouped(before))


def _response(before: int, after: int, responders: Responders | None) -> str:
    told = [
        ngettext(
            "{count} person responded in {days} days, {before} before.",
            "{count} people responded in {days} days, {before} before.",
            after,
        ).format(count=grouped(after), days=WINDOW_DAYS, before=grouped(before))
    ]
    if responders is None:
        return told[0]
    if responders.came:
        told.append(
            ngettext(
                "{count} of them had not responded in the window of the earlier day.",
                "{count} of them had not responded in the window of the earlier day.",
                responders.came,
            ).format(count=grouped(responders.came))
        )
    if responders.left:
        told.append(
            ngettext(
                "{count} person, whose last response lies more than 90 days back, aged out.",
                "{count} people, whose last response lies more than 90 days back, aged out.",
                responders.left,
            ).format(count=grouped(responders.left))
        )
    if responders.stayed and not responders.came:
        told.append(_("Responses weigh less as they grow older: half after 30 days."))
    return " ".join(told)


def line_sentence(
    cause: Cause, *, moved_from: str = "", moved_to: str = "", rules: str = ""
) -> str:
    """What a line beside the accounts means; `moved_...` tell where the grant was and is."""
    if cause is Cause.GRANT:
        return _grant(moved_from, moved_to)
    if cause is Cause.CEILING:
        return _(
            "All accounts on servers that are not known count for at most {most} listeners "
            "together."
        ).format(most=grouped(UNKNOWN_HOSTS_AT_MOST // ONE))
    return rules if cause is Cause.RULE else _("100 is the highest score there is.")


def _grant(moved_from: str, moved_to: str) -> str:
    if moved_from and moved_to and moved_from != moved_to:
        return _(
            "What everybody is granted once moved from {before} to {after}, where it adds more."
        ).format(before=moved_from, after=moved_to)
    return _(
        "A part of what everybody is granted once grows with all who responded, up to {most}."
    ).format(most=fraction(EVERYONE_AT_MOST / ONE))


def rules_sentence(before: str, after: str) -> str:
    """For days that were shown by two rules."""
    return _(
        "The earlier day was scored by rule {before}, the later one by rule {after}. History is "
        "not rewritten; both stand side by side."
    ).format(before=before, after=after)


def whole_sentence(tenths: int, low: int, high: int) -> str:
    """How sure a difference is: one within the likely range may be chance."""
    if not tenths:
        return _("No difference.")
    if abs(tenths) <= 10 * (high - low) / 2:
        return _(
            "The later score likely lies between {low} and {high}. A difference within that may be "
            "chance."
        ).format(low=low, high=high)
    return _("The later score likely lies between {low} and {high}.").format(low=low, high=high)
