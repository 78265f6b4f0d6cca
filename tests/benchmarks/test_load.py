"""The measurement of mixed load runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_every_kind_answers_and_the_ratios_are_told():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--laps", "1", "--requests", "10"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert all(told[f"{kind}_ratio"] > 0 for kind in ("badge", "api", "page", "gift"))
