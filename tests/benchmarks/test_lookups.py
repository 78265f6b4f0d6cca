"""The measurement of lookups runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_both_sides_answer_and_the_ratio_is_told():
    sizes = ["--laps", "1", "--lookups", "20", "--members", "2", "--keys", "20"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.lookups", *sizes],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["ratio"] > 0
