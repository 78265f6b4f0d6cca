"""`make soak`: mixed load for half an hour, without a fault: no error, and memory that stays.

    python -m tests.chaos.soak [--minutes 30]

The product as `make chaos` runs it (web, worker, beat, PostgreSQL, Valkey, platforms on loopback),
with people who give, link and read. Every ten seconds the resident memory of each process is read;
the slope is a straight line through the second half of the samples, when everything is warm. Ends
with 1 where a request failed, or the product grew by more than MOST_GROWTH MB an hour.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import django

from tests.chaos.house import House
from tests.chaos.platforms import Platform
from tests.free_ports import two_free_ports

EVERY = 10.0
MOST_GROWTH = 30.0
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1_000_000

Samples = dict[str, list[tuple[float, float]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    from datetime import UTC, datetime

    platforms = [Platform(4, 100 + 4 * n, datetime.now(UTC)) for n in range(6)]
    house = House(two_free_ports(), [platform.host for platform in platforms])
    try:
        house.start_servers()
        os.environ.update(house.environment)
        django.setup()
        house.start_product()
        return _soak(house, platforms, minutes)
    finally:
        house.close()
        for platform in platforms:
            platform.close()


def _soak(house: House, platforms: list[Platform], minutes: float) -> int:
    from tests.chaos import people, proofs
    from tests.chaos.ledger import Ledger
    from tests.chaos.load import Load

    ledger = Ledger()
    load = Load(house.port, platforms, ledger, random.Random(9))
    load.start(*people.make(platforms, int(minutes * 60 * 20)))
    samples: Samples = defaultdict(list)
    began = time.monotonic()
    while (passed := time.monotonic() - began) < minutes * 60:
        for name, megabytes in memory(house).items():
            samples[name].append((passed, megabytes))
        time.sleep(EVERY)
    load.stop()
    wrong = [f"the load broke: {broken}" for broken in load.broken]
    wrong += [f"{n} times {what}" for what, n in ledger.answers.items() if _is_failure(what)]
    wrong += proofs.gifts(ledger) + proofs.links(ledger)
    growth = {name: round(slope(of) * 3600, 1) for name, of in samples.items()}
    for name, of in sorted(samples.items()):
        print(
            f"{name:10} {of[0][1]:7.1f} MB at first, {of[-1][1]:7.1f} MB at last, "
            f"{growth[name]:+.1f} MB an hour"
        )
    if growth["product"] > MOST_GROWTH and minutes >= 10:
        wrong.append(f"the product grew by {growth['product']} MB an hour")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    told = {"minutes": minutes, "answers": dict(sorted(ledger.answers.items()))}
    told |= {"gifts": len(ledger.gifts), "links": len(ledger.links)}
    print(json.dumps(told | {"mb_an_hour": growth, "wrong": len(wrong)}))
    return int(bool(wrong))


def _is_failure(what: str) -> bool:
    return not what.endswith((" 200", " 302"))


def memory(house: House) -> dict[str, float]:
    """Resident megabytes of web, worker and beat with their children, and of all three."""
    found = {}
    for name in ("web", "worker", "beat"):
        pid = house.kept[name].pid
        children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
        found[name] = sum(_resident(one) for one in [str(pid), *children.stdout.split()])
    return found | {"product": sum(found.values())}


def _resident(pid: str) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
    except (OSError, IndexError):
        return 0.0


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes a second, by least squares over the second half."""
    warm = samples[len(samples) // 2 :]
    if len(warm) < 2:
        return 0.0
    at = sum(x for x, _ in warm) / len(warm)
    mean = sum(y for _, y in warm) / len(warm)
    spread = sum((x - at) ** 2 for x, _ in warm)
    return sum((x - at) * (y - mean) for x, y in warm) / spread


if __name__ == "__main__":
    sys.exit(main())
