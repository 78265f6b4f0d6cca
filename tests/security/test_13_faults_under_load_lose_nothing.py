"""The short part of `make chaos`: the whole product under load, killed and emptied and deployed.

What was acknowledged to the load is compared with the database at the end; the seed is fixed, so
that the moments are the same in every run. The whole of it is a command of its own, since it takes
half an hour: see docs/reliability.md.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.xdist_group("up")
def test_gifts_links_reactions_and_scores_are_there_once_after_all_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--short", "--seed", "7"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "held"
