"""Texts for translators: `make messages` takes them out of the sources and compiles them.

No gettext tools are needed: Django turns a template into Python, and Babel reads Python.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HERE = Path(__file__).resolve().parent.parent
LANGUAGES = ("de",)
# A catalogue with dates would differ from day to day.
NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
CODE = ("accounts", "gifting", "klout", "language", "networks", "scoring")
# In `language` and in Django; the others are names of the same in our modules.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "mark", "marked")),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "ngettext_noop"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_BRACES = re.compile(r"(?<!{){\w*}(?!})")


def po_of(language: str) -> Path:
    return HERE / "locale" / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    """Every template and module that may hold a text."""
    yield from sorted(path for path in (HERE / "templates").rglob("*") if path.is_file())
    for folder in CODE:
        yield from sorted((HERE / folder).rglob("*.py"))


def found() -> Catalog:
    """All texts of the sources, with the files they are in."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        name = path.relative_to(HERE).as_posix()
        for line, message, _comments, context in _messages(path):
            one = message if isinstance(message, str) else message[0]
            if not one:
                continue
            flags = ("python-brace-format",) if _BRACES.search(one) else ()
            catalog.add(message, locations=[(name, line)], context=context, flags=flags)
    return catalog


def _messages(path: Path) -> Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text()
    if path.suffix != ".py":
        # As Python it is calls between words that are blotted out; its margins mean nothing.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    return extract("python", BytesIO(source.encode()), KEYWORDS)


def read(language: str) -> Catalog:
    """What is translated so far."""
    path = po_of(language)
    if not path.exists():
        return Catalog(locale=language, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The catalogue with the texts that are in the sources now; what is gone from them is gone."""
    old, new = read(language), found()
    catalog = Catalog(
        locale=language,
        domain="django",
        project="Klout",
        charset="utf-8",
        header_comment=f"# Klout in {language}. The product's words are in docs/translating.md.",
        fuzzy=False,
        creation_date=NO_DAY,
        revision_date=NO_DAY,
    )
    for message in new:
        if message.id:
            kept = old.get(message.id, message.context)
            catalog.add(
                message.id,
                kept.string if kept and kept.pluralizable == message.pluralizable else None,
                locations=message.locations,
                flags=message.flags,
                context=message.context,
            )
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """Without dates or lines, so that it changes only when a text does."""
    file = BytesIO()
    write_po(file, catalog, width=100, omit_header=False, include_lineno=False, sort_by_file=True)
    lines = file.getvalue().decode().splitlines()
    unneeded = ("POT-Creation", "PO-Revision", "Last-Translator", "Report-Msgid", "Generated-By")
    kept = [line for line in lines if not line.startswith(tuple(f'"{one}' for one in unneeded))]
    return ("\n".join(kept).rstrip() + "\n").encode()


def as_mo(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation, or with one that only might fit."""
    missing = []
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(strings)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Take texts out of the sources and compile them.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if it would")
    check = parser.parse_args(arguments).check
    told: list[str] = []
    for language in LANGUAGES:
        path, catalog = po_of(language), updated(language)
        told += [f"{language}, not translated: {one}" for one in untranslated(catalog)]
        for target, content in ((path, as_po(catalog)), (path.with_suffix(".mo"), as_mo(catalog))):
            if check and (not target.exists() or target.read_bytes() != content):
                told.append(f"{target.relative_to(HERE)} is not up to date: make messages")
            elif not check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    sys.stdout.writelines(f"{line}\n" for line in told)
    return int(check and bool(told))


if __name__ == "__main__":
    sys.exit(main())
