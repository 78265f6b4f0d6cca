"""`make reset`: forgets the data of this DATA_DIR, after asking."""

import os
import shutil
import sys
from pathlib import Path

from klout.embedded import places, postgres
from klout.embedded.lock import only_one
from klout.embedded.problems import CannotStart, explained
from klout.embedded.processes import Desk, stop_orphans
from klout.supervisor import say
from klout.up import ENVIRONMENT, NAMES, data_dir_wished

# All that the product itself puts into DATA_DIR; what else lies there is not ours to delete.
OURS = (
    *("postgres", places.POINTER, "valkey", "sockets", "pids", ENVIRONMENT, "lock"),
    *("logs", "secrets", "static", "playground", "beat", "mail", "scores", "demo-done"),
)


def main() -> int:
    data_dir = data_dir_wished().expanduser().absolute()
    try:
        if not data_dir.is_dir():
            say(f"There is nothing in {data_dir}.")
            return 0
        with only_one(data_dir):
            return forget(data_dir)
    except CannotStart as problem:
        say(f"\n{problem}")
        return 1
    except OSError as error:
        say(f"\n{explained(error, data_dir)}")
        return 1


def forget(data_dir: Path) -> int:
    home = places.postgres_home(data_dir)
    outside = None if home.is_relative_to(data_dir) else home
    ours = [data_dir / name for name in OURS if (data_dir / name).exists()]
    say(f"This forgets every member, score and K in {data_dir}")
    if outside is not None:
        say(f"and its database in {outside}.")
    if not may_go_on():
        say("Nothing was changed.")
        return 1
    stop_what_runs(data_dir)
    if outside is not None and outside.exists():
        shutil.rmtree(outside)
    for path in ours:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not any(data_dir.iterdir()):
        data_dir.rmdir()
    say("Forgotten. `make run` begins again.")
    return 0


def may_go_on() -> bool:
    if os.environ.get("FORCE") == "1":
        return True
    say("Type yes to go on:")
    return sys.stdin.readline().strip().lower() == "yes"


def stop_what_runs(data_dir: Path) -> None:
    """What a killed supervisor left behind would write into the folders that go."""
    if (data_dir / "pids").is_dir():
        stop_orphans(NAMES, Desk(data_dir / "logs", data_dir / "pids"))
    postgres.stop_orphan(places.postgres_home(data_dir) / "data")


if __name__ == "__main__":
    sys.exit(main())
