"""The measurement of look-alikes runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_every_kind_of_page_is_measured():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.look_alike", "--asked", "4"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said) == {"profile", "link", "badge", "api"}
    assert all(figures["unknown"] > 0 for figures in said.values())
