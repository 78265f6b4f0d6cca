"""The ZIP around the parts: what is in it, with the hash of each file, and how to read it."""

import json
import os
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from accounts.exports.writing import Written

# In manifest.json; the number changes when a reader of the old one would not do.
FORMAT, FORMAT_VERSION = "klout-export", 1
MANIFEST, README = "manifest.json", "README.txt"

_README = """Everything that {site} held about {name} on {day}.

For each part there is a JSON file, and below csv/ the same lists for a spreadsheet. Cells that a
spreadsheet might run as a formula begin with an apostrophe that is not part of the text.

manifest.json lists every file with its SHA-256. That shows damage on the way. It does not show
whether somebody changed the file on purpose: nothing in here is signed.

What each field means is in docs/export.md of Klout's source; the shapes are the JSON Schemas
beside it. Another Klout can read this file: Settings, "Bring data from another Klout".

python -m scoring.offline THIS.zip recomputes every score from what it was computed from.
"""


def write_archive(
    path: Path, files: Sequence[Written], *, site: str, name: str, version: str, now: datetime
) -> int:
    """Put the files into a ZIP at `path`, readable by its owner alone; returns its size."""
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "site": site,
        "software_version": version,
        "exported_at": now.isoformat(),
        "files": {file.name: {"bytes": file.size, "sha256": file.sha256} for file in files},
    }
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False))
            archive.writestr(README, _README.format(site=site, name=name, day=now.date()))
            for file in files:
                archive.write(file.path, file.name)
        raw.flush()
        os.fsync(raw.fileno())
    return path.stat().st_size
