"""`make manage DO="..."`: a Django command with the addresses and keys of the running product."""

import json
import os
import subprocess
import sys

from klout.supervisor import say
from klout.up import ENVIRONMENT, ROOT, data_dir_wished


def main() -> int:
    path = data_dir_wished() / ENVIRONMENT
    if not path.exists():
        say(f"Nothing has been started with {path.parent} yet: `make run` first.")
        return 1
    environment = os.environ | json.loads(path.read_text())
    command = [sys.executable, str(ROOT / "manage.py"), *sys.argv[1:]]
    return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
