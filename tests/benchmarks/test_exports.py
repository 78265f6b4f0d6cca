"""The measurement of exports runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_it_says_how_long_it_took_and_how_large_it_is():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.exports", "--reactions", "2000"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said) == {"half", "whole"}
    assert all(figures["megabytes_of_zip"] > 0 for figures in said.values())
