"""The catalogues know every text, and say the same as the sources with the same pieces."""

import re
from collections.abc import Iterator
from pathlib import Path

from scripts import messages

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!{){\w*}(?!})")
TAG = re.compile(r"</?[a-z][^>]*>")
# For programs, the same in every language; whoever reads takes a format of their language.
FOR_PROGRAMS = {"c", "Y-m-d", "H:i", "H:i T", "Y"}

# Templates that still have formats of their own; it only gets shorter.
NOT_YET = {"accounts/mail.html", "pages/dashboard/_kept.html"}


def _forms() -> Iterator[tuple[str, str]]:
    """(English, German) of every form of every message."""
    for message in messages.read("de"):
        if message.id and isinstance(message.id, str):
            yield message.id, message.string
        elif message.id:
            yield from zip(message.id, message.string, strict=True)


FORMS = list(_forms())


def test_the_catalogues_are_up_to_date_and_whole() -> None:
    assert messages.main(["--check"]) == 0, "run `make messages` and translate what it names"


def test_no_translation_is_missing_or_only_might_fit() -> None:
    assert messages.untranslated(messages.read("de")) == []


def test_a_translation_has_the_pieces_of_its_text() -> None:
    for english, german in FORMS:
        assert sorted(PLACEHOLDER.findall(german)) == sorted(PLACEHOLDER.findall(english)), german
        assert sorted(TAG.findall(german)) == sorted(TAG.findall(english)), german


def test_german_is_set_in_german() -> None:
    for _english, german in FORMS:
        assert german.count("„") == german.count("“"), f"quotation marks are „…“: {german}"
        assert "”" not in german, german
        assert not re.search(r"\b(Sie (haben|können|sind)|Ihnen|Ihr Konto)\b", german), german


def test_dates_are_written_as_the_language_writes_them() -> None:
    """`date:"j F Y"` would say `3 Mai 2026`; DATE_FORMAT and `_("l j F")` know better."""
    for path in sorted(TEMPLATES.rglob("*.*")):
        formats = re.findall(r"""\|date:["']([^"']+)["']""", path.read_text())
        wrong = {one for one in formats if not one.endswith("_FORMAT")} - FOR_PROGRAMS
        if path.relative_to(TEMPLATES).as_posix() not in NOT_YET:
            assert not wrong, path
