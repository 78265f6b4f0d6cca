"""`make restore FROM=FILE`: starts the embedded database alone, puts the backup back, stops it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from klout.embedded import places
from klout.embedded.lock import only_one
from klout.embedded.problems import CannotStart
from klout.embedded.processes import stop_orphans
from klout.supervisor import say
from klout.up import NAMES, ROOT, Up, Wishes, data_dir_wished, socket_folders


class Restoring(Up):
    """The servers and one step, and nothing that would serve or work meanwhile."""

    def restore(self, words: Sequence[str]) -> int:
        """Returns the code of the command, which speaks for itself."""
        self.supervisor.listen_to_signals()
        try:
            stop_orphans(NAMES, self.desk)
            self.environment = self.settings()
            self.start_servers()
            command = [sys.executable, "manage.py", "restore", *words]
            environment = os.environ | self.environment
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
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
            code = restoring.restore([str(Path(words[0]).absolute()), *words[1:]])
    except CannotStart as problem:
        say(f"\n{problem}")
        return 1
    if code == 0:
        say("Now: make run")
    else:
        say(f'What begins with -- goes into ARGS: make restore FROM={words[0]} ARGS="--..."')
    return code


if __name__ == "__main__":
    sys.exit(main())
