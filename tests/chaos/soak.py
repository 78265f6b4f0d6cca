"""`make soak`: mixed load for half an hour, without a fault: no error, and memory that stays.

    python -m tests.chaos.soak [--minutes 30]

The product as `make chaos` runs it (web, worker, beat, PostgreSQL, Valkey, platforms on loopback),
with people who give, link and read. Every ten seconds it is read what memory each process holds of
its own: what malloc gave it, shared pages counted once among those that share them. Pages of files
are left out, since the machine takes them back when it wants to, and what a process is counted of
them depends on who else has the same file open.

The first WARM_UP minutes are left out: until then each process does each kind of work for the
first time, which loads libraries, makes connections and threads, and fills what is kept once. The
slope of the rest is the median of those between any two samples: a process that takes something
once goes up a step and stays, a leak goes up with every request. No process of the web server is
made anew after so many requests, as in use, which would hide one. Ends with 1 where a request
failed, or the product grew by more than MOST_GROWTH MB an hour; in less than twice WARM_UP growth
is shown and not judged.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from statistics import median

import django

from tests.chaos.house import House
from tests.chaos.platforms import Platform
from tests.free_ports import two_free_ports

EVERY = 10.0
MOST_GROWTH = 30.0
WARM_UP = 10.0
PRODUCT = ("web", "worker", "beat")
SERVERS = ("valkey", "postgres")

Samples = dict[str, list[tuple[float, float]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    from datetime import UTC, datetime

    platforms = [Platform(4, 100 + 4 * n, datetime.now(UTC)) for n in range(6)]
    hosts = [platform.host for platform in platforms]
    house = House(two_free_ports(), hosts, web=("--max-requests", "0"))
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
        found = memory(house)
        for name, megabytes in found.items():
            samples[name].append((passed, megabytes))
        if len(samples["product"]) % 6 == 1:
            print(
                f"{passed / 60:3.0f} min", *(f"{n} {mb:.1f}" for n, mb in found.items()), flush=True
            )
        time.sleep(EVERY)
    load.stop()
    wrong = [f"the load broke: {broken}" for broken in load.broken]
    wrong += [f"{n} times {what}" for what, n in ledger.answers.items() if _is_failure(what)]
    wrong += proofs.gifts(ledger) + proofs.links(ledger)
    growth = {name: round(slope(of) * 3600, 1) for name, of in samples.items()}
    for name, of in sorted(samples.items()):
        print(f"{name:16} {_told(of)}, {growth[name]:+.1f} MB an hour")
    if growth["product"] > MOST_GROWTH and minutes >= 2 * WARM_UP:
        wrong.append(f"the product grew by {growth['product']} MB an hour")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    told = {"minutes": minutes, "answers": dict(sorted(ledger.answers.items()))}
    told |= {"gifts": len(ledger.gifts), "links": len(ledger.links)}
    print(json.dumps(told | {"mb_an_hour": growth, "wrong": len(wrong)}))
    return int(bool(wrong))


def _told(of: list[tuple[float, float]]) -> str:
    warm = _warm(of)
    return f"{of[0][1]:7.1f} MB at first, {warm[0][1]:7.1f} warm, {of[-1][1]:7.1f} at last"


def _is_failure(what: str) -> bool:
    return not what.endswith((" 200", " 302"))


def memory(house: House) -> dict[str, float]:
    """Megabytes of web, worker and beat, each of their processes, all three, and both servers."""
    found: dict[str, float] = {}
    for name in (*PRODUCT, *SERVERS):
        pid = str(house.kept[name].pid)
        children = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True)
        each = {f"{name} {one}": _taken(one) for one in [pid, *children.stdout.split()]}
        found[name] = sum(each.values())
        if name in PRODUCT:
            found |= each
    return found | {"product": sum(found[name] for name in PRODUCT)}


def _taken(pid: str) -> float:
    """What the process holds of its own; pages that several share count once in the sum."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1_000


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes a second, by Theil and Sen: the median over any two samples that are warm."""
    pairs = combinations(_warm(samples), 2)
    slopes = [(later - before) / (end - start) for (start, before), (end, later) in pairs]
    return median(slopes) if slopes else 0.0


def _warm(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Behind the warm-up; of a short run the second half."""
    last = samples[-1][0]
    return [sample for sample in samples if sample[0] >= min(WARM_UP * 60, last / 2)]


if __name__ == "__main__":
    sys.exit(main())
