"""`make chaos`: faults under load, and the proof from the database.

    python -m tests.chaos [--short] [--seed N]

The seed decides every random moment and is printed first. Ends with 1 where a proof fails.
"""

import argparse
import os
import random
import secrets
import sys
import time
from collections.abc import Callable

import django

from tests.chaos.house import House
from tests.free_ports import two_free_ports

PEOPLE_A_PLATFORM = 4


def main() -> int:
    options = _options()
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    print(f"seed {seed}", flush=True)
    return Chaos(random.Random(seed), short=options.short).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="of an earlier run, to have its moments again")
    parser.add_argument("--short", action="store_true", help="the part that fits into a suite")
    return parser.parse_args()


class Chaos:
    def __init__(self, chance: random.Random, *, short: bool) -> None:
        from datetime import UTC, datetime

        from tests.chaos.platforms import Platform

        self.chance, self.short = chance, short
        count = 2 if short else 6
        now = datetime.now(UTC)
        self.platforms = [
            Platform(PEOPLE_A_PLATFORM, 100 + PEOPLE_A_PLATFORM * n, now) for n in range(count)
        ]
        self.house = House(two_free_ports(), [platform.host for platform in self.platforms])
        self.failures: list[str] = []

    def run(self) -> int:
        try:
            self.house.start_servers()
            os.environ.update(self.house.environment)
            django.setup()
            self.house.start_product()
            self._stir()
        except BaseException:
            for name in ("web", "worker", "beat", "postgres"):
                print(f"the end of the log of {name}:\n{self.house.logs_of(name)}")
            raise
        finally:
            self.house.close()
            for platform in self.platforms:
                platform.close()
        for failure in self.failures:
            print(f"WRONG: {failure}")
        print("held" if not self.failures else f"{len(self.failures)} promises broken")
        return int(bool(self.failures))

    def _stir(self) -> None:
        from tests.chaos import faults, people
        from tests.chaos.ledger import Ledger
        from tests.chaos.load import Load

        ledger = Ledger()
        load = Load(self.house.port, self.platforms, ledger, random.Random(self.chance.random()))
        load.start(*people.make(self.platforms, 400 if self.short else 4000))
        short = (faults.SHORT, 1, 0.4)
        which, kills, patience = short if self.short else (faults.FAULTS, 10, 1.0)
        scene = faults.Scene(self.house, self.platforms, self.chance, kills, patience)
        time.sleep(5 * patience)
        last_limited = time.monotonic()
        for fault in which:
            self._one(scene, fault)
            if fault is faults.platforms_limit:
                last_limited = time.monotonic()
        load.stop()
        self.failures += [f"the load broke: {broken}" for broken in load.broken]
        self._let_waits_pass(last_limited)
        self._prove(ledger)
        print(f"answers: {dict(sorted(ledger.answers.items()))}")

    def _one(self, scene: "object", fault: Callable[..., None]) -> None:
        from tests.chaos import faults, proofs
        from tests.chaos.load import patiently

        name, began = fault.__name__.replace("_", " "), time.monotonic()
        try:
            fault(scene)
        except faults.NotPossibleHere as reason:
            print(f"{name:24} not run: {reason}", flush=True)
            return
        lasted = time.monotonic() - began
        try:
            up, took = faults.recovered(scene, lambda: not proofs.work_that_is_late())
            print(
                f"{name:24} {lasted:5.0f} s, all ran again after {up:5.1f} s, "
                f"caught up {took:4.1f} s later",
                flush=True,
            )
        except TimeoutError as error:
            late = "; ".join(patiently(proofs.work_that_is_late))
            self.failures.append(f"{name}: {error}; {late}")
            print(f"{name:24} {lasted:5.0f} s, NOT caught up: {late}", flush=True)

    def _let_waits_pass(self, last_limited: float) -> None:
        """Then everything is read once more, so that the database has all there is."""
        from tests.chaos import faults, proofs
        from tests.chaos.house import wait_for
        from tests.chaos.load import make_due, patiently

        until = last_limited + faults.all_waits_over().total_seconds()
        time.sleep(max(0.0, until - time.monotonic()))
        patiently(lambda: make_due(also_failed=True))
        try:
            took = wait_for(
                lambda: not proofs.work_that_is_late() and not proofs.reactions(self.platforms),
                faults.RECOVERED_WITHIN,
                "the last reading",
            )
            print(f"{'all read once more':24} {took:5.1f} s", flush=True)
        except TimeoutError as error:
            late = proofs.work_that_is_late() or proofs.reactions(self.platforms)
            self.failures.append(f"{error}: {'; '.join(late)}")

    def _prove(self, ledger: "object") -> None:
        from tests.chaos import proofs

        told = {
            "gifts": lambda: proofs.gifts(ledger),
            "links": lambda: proofs.links(ledger),
            "reactions": lambda: proofs.reactions(self.platforms),
            "scores": lambda: proofs.scores(ledger),
            "Retry-After": lambda: proofs.retry_after(self.platforms),
        }
        for what, proof in told.items():
            wrong = proof()
            self.failures += wrong
            print(f"{what:24} {'held' if not wrong else f'BROKEN ({len(wrong)})'}", flush=True)
        print(
            f"{len(ledger.gifts)} gifts, {len(ledger.links)} links, "
            f"{sum(len(r.fans) for p in self.platforms for r in p.residents)} reactions and "
            f"{len(ledger.scores)} scores of days that are over were acknowledged"
        )


if __name__ == "__main__":
    sys.exit(main())
