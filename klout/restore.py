"""`make restore FROM=FILE`: starts the embedded database alone, puts the backup back, stops it."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from klout.embedded import places
from klout.embedded.lock import only_one
from klout.embedded.problems import CannotStart
from klout.embedded.processes import stop_orphans
from klout.supervisor import say
from klout.up import NAMES, Up, Wishes, data_dir_wished, socket_folders


class Restoring(Up):
    """The servers and one step, and nothing that would serve or work meanwhile."""

    def restore(self, words: Sequence[str]) -> None:
        self.supervisor.listen_to_signals()
        try:
            stop_orphans(NAMES, self.desk)
            self.environment = self.settings()
            self.start_servers()
            step = self.python("step", "manage.py", "restore", *words)
            self.supervisor.run_step(step)
        finally:
            self.supervisor.stop_all()


def main() -> int:
    words = sys.argv[1:]
    if not words or not words[0]:
        say("Which backup? make restore FROM=FILE")
        return 2
    try:
        data_dir = places.prepare_data_dir(data_dir_wished())
        with only_one(data_dir), socket_folders() as folders:
            restoring = Restoring(Wishes.read(), data_dir, folders, time.monotonic())
            restoring.restore([str(Path(words[0]).absolute()), *words[1:]])
    except CannotStart as problem:
        say(f"\n{problem}")
        return 1
    say("Restored: everybody is signed out, and whoever left since is gone. Now: make run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
