"""The measurement of polling runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_every_way_reads_every_account_and_the_budget_holds():
    sizes = ["--accounts", "40", "--hosts", "2", "--latency-ms", "1", "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.polls", *sizes],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said["accounts_per_second"]) == {"naive", "prefork", "threads", "many", "paced"}
    assert said["times_naive"] > 0
    # A request may arrive in the second after the one it was counted in.
    assert said["most_in_a_second"] <= 2 * said["budget"]
