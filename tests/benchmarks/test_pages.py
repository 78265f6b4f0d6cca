"""The measurement of pages runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_every_side_is_read_and_the_ratio_is_told():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages", "--laps", "1", "--pages", "16"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["ratio"] > 0
    for side in ("dashboard", "same_queries", "statements"):
        low, high = said[f"{side}_range"]
        assert 0 < low <= said[f"{side}_per_second"] <= high
