"""One night in a process of its own, so that its memory is its own.

    python -m benchmarks.night_lap 2026-11-02

Says what it took as JSON; the servers are those of the environment.
"""

import json
import sys
import time
from datetime import date, datetime, timedelta

import django


def main() -> None:
    django.setup()
    from benchmarks.night_files import end_of
    from scoring.phases import peak_mb
    from scoring.rule import WINDOW_DAYS
    from scoring.services import run_night

    on = date.fromisoformat(sys.argv[1])
    now: datetime = end_of(on, WINDOW_DAYS - 1) + timedelta(minutes=1)
    began, used = time.perf_counter(), time.process_time()
    night = run_night(on, now)
    seconds = time.perf_counter() - began
    if night is None or night.problem:
        raise SystemExit(f"the night said: {night and night.problem}")
    told = {"seconds": seconds, "processor": time.process_time() - used, "peak_mb": peak_mb()}
    print(json.dumps(told | {"phases": night.phases}))


if __name__ == "__main__":
    main()
