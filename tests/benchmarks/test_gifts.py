"""The measurement of gifts runs, with numbers too small to say anything."""

import json
import subprocess
import sys


def test_every_side_gives_and_the_ratios_are_told():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gifts", "--laps", "1", "--gifts", "10"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    ratios = {name: figure for name, figure in said.items() if "ratio" in name}
    assert set(ratios) == {"in_process_ratio", "http_ratio", "http_ratio_to_bare_project"}
    assert all(figure > 0 for figure in said.values())
