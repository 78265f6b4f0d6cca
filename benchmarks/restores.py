"""How long a backup and a restore take.

    make restore-bench [MEMBERS=100000] [REACTIONS=2000000]

On a database of its own, filled from the model of the night (`night_model`), on a PostgreSQL that
waits for its disk as in use. The backup is written to a file and read again, as `manage.py backup`
does it; the restore puts it into the place of what is there, compares every count, migrates, erases
again whoever left, and writes the day files anew. The last line is one JSON object.
"""

import argparse
import json
import os
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.scratch import scratch

ON = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
# Outreach of the last days is enough for the size of the table.
OUTREACH_DAYS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--reactions", type=int, default=2_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="klout-restores-") as folder:
        os.environ["DAY_FILES"] = f"{folder}/day-files"
        os.environ["ERASED_LIST"] = f"{folder}/erased.txt"
        Path(os.environ["ERASED_LIST"]).touch()
        with scratch(durable=True):
            print(json.dumps(_measured(options, Path(folder) / "of-today.klout")))


def _measured(options: argparse.Namespace, file: Path) -> dict[str, float]:
    from klout.backups.making import back_up_to_file
    from klout.backups.restoring import Wishes, restore

    _fill(options.members, options.reactions)
    began = time.monotonic()
    manifest = back_up_to_file(file, NOW)
    backed_up = time.monotonic() - began
    rows = sum(manifest.rows.values())
    print(
        f"backup   {backed_up:6.1f} s, {file.stat().st_size / 1e6:.0f} MB, {rows:,} rows",
        flush=True,
    )
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - began:8.1f} s: {what}", flush=True)

    done = restore(file, NOW, Wishes(replace=True), tell)
    restored = time.monotonic() - began
    print(f"restore  {restored:6.1f} s, {done.members:,} members", flush=True)
    return {
        "members": done.members,
        "rows": rows,
        "mb": round(file.stat().st_size / 1e6, 1),
        "backup_seconds": round(backed_up, 1),
        "restore_seconds": round(restored, 1),
    }


def _fill(members: int, wanted: int) -> None:
    from benchmarks import night_model, night_rows

    accounts = night_model.make_accounts(members)
    night_rows.add_members(accounts, ON)
    with night_rows.indexed_after("networks_reaction"):
        night_rows.add_reactions(night_model.reactions(accounts, wanted), ON)
    with night_rows.indexed_after("networks_outreach"):
        first = night_model.WINDOW_DAYS - OUTREACH_DAYS
        rows = night_model.outreach(accounts, wanted)
        night_rows.add_outreach((some.since(first) for some in rows), ON)


if __name__ == "__main__":
    main()
