"""`make night-bench`, for few members: the naive way and the night must store the same."""

import json
import subprocess
import sys

OPTIONS = "--members 300 --reactions 20000 --laps 1 --sample 40 --no-spark"


def test_the_naive_way_and_the_night_store_the_same_and_the_last_line_is_json():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.night", *OPTIONS.split()],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["members"], said["reactions"]) == (300, 20_000)
    assert min(said["speedup_over_naive"], said["times_one_read"], said["peak_mb"]) > 0
