"""How modules that know no framework speak the reader's language.

They mark and form their texts with what is here; whoever runs them says once who translates
(`speak_through`; the product does it in `klout/apps.py`, by Django's catalogues and formats).
Until then, and in `python -m scoring.offline`, everything is plain English.
"""

from datetime import UTC, date, datetime
from typing import Protocol
from unicodedata import bidirectional

__all__ = [
    "DAY_MONTH",
    "DAY_MONTH_YEAR",
    "LONG_DAY_MONTH",
    "LONG_DAY_MONTH_YEAR",
    "PlainEnglish",
    "Speaker",
    "day",
    "gettext",
    "gettext_noop",
    "isolated",
    "listed",
    "local",
    "ngettext",
    "ngettext_noop",
    "number",
    "pgettext",
    "speak_through",
]


def gettext_noop(message: str) -> str:
    """Mark a text of a constant, which is translated where it is shown."""
    return message


def ngettext_noop(one: str, several: str) -> tuple[str, str]:
    """Mark the two forms of a constant, which go to `ngettext` where they are shown."""
    return one, several


# Written as Django's template filter `date` takes it; each language says it its own way.
# `LONG` has the whole name of the month.
DAY_MONTH, DAY_MONTH_YEAR = gettext_noop("j M"), gettext_noop("j M Y")
LONG_DAY_MONTH, LONG_DAY_MONTH_YEAR = gettext_noop("j F"), gettext_noop("j F Y")


class Speaker(Protocol):
    """What a language needs to do: words, forms for one and several, numbers, days."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, one: str, several: str, number: int) -> str: ...
    def pgettext(self, context: str, message: str) -> str: ...
    def number(self, value: float, decimals: int) -> str: ...
    def day(self, on: date, form: str) -> str: ...
    def local(self, moment: datetime) -> datetime: ...


class PlainEnglish:
    """The source texts as they stand."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, one: str, several: str, number: int) -> str:
        return one if number == 1 else several

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 (a language may need it)
        return message

    def number(self, value: float, decimals: int) -> str:
        return f"{value:,.{decimals}f}"

    def day(self, on: date, form: str) -> str:
        forms = {"j": str(on.day), "M": f"{on:%b}", "F": f"{on:%B}", "Y": str(on.year)}
        return " ".join(forms[letter] for letter in form.split())

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(UTC)


_speaker: Speaker = PlainEnglish()


def speak_through(speaker: Speaker) -> None:
    """From now on, in this process, texts come from `speaker`."""
    global _speaker
    _speaker = speaker


def gettext(message: str) -> str:
    """The message in the reader's language."""
    return _speaker.gettext(message)


def ngettext(one: str, several: str, number: int) -> str:
    """The form of the message that goes with `number`."""
    return _speaker.ngettext(one, several, number)


def pgettext(context: str, message: str) -> str:
    """The message, where the same English means something else elsewhere."""
    return _speaker.pgettext(context, message)


def number(value: float, decimals: int = 0) -> str:
    """12345.6 as 12,346 in English and 12.346 in German."""
    return _speaker.number(value, decimals)


def day(on: date, form: str = DAY_MONTH) -> str:
    """3 Oct in English, 3. Okt in German."""
    return _speaker.day(on, form)


def local(moment: datetime) -> datetime:
    """The same moment in the reader's zone."""
    return _speaker.local(moment)


def isolated(name: str) -> str:
    """A name for a sentence: one written from right to left does not turn what is around it.

    For plain text, as in messages and mails; templates have `<bdi>`.
    """
    is_turned = any(bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if is_turned else name


def listed(names: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return gettext("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])
