"""The licences of what the product runs on, as the page docs/licences.md (`make licences`)."""

import re
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Licences of what the product runs on

Every package of `requirements.txt`, with the licence that it names itself. All of them may be used
and passed on with this product, whose own licence is in LICENSE. `make licences` writes this page;
a test compares it with the list.

| Package | Licence |
| --- | --- |
"""
# Where metadata say too much, or are there on other versions of Python only.
SAID_ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "fido2": "BSD-2-Clause, with parts under Apache-2.0 and MPL-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "psycopg2-binary": "LGPL-3.0 with exceptions",
}


def names() -> list[str]:
    """The packages of the lock."""
    text = (ROOT / "requirements.txt").read_text()
    return re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)


def licence(name: str) -> str:
    """What a package says of itself; empty where it says nothing or is not installed."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    names = [one.rpartition(" :: ")[2] for one in _all(said, "Classifier") if "License" in one]
    words = [*_all(said, "License-Expression"), *_all(said, "License"), ", ".join(names)]
    return next((word for word in words if word), "")


def _all(said: PackageMetadata, field: str) -> list[str]:
    return said.get_all(field) or []


def table() -> str:
    return HEAD + "".join(f"| {name} | {licence(name)} |\n" for name in names())


if __name__ == "__main__":
    sys.stdout.write(table())
