"""How many accounts one worker process reads in a second (`make poll-bench`).

    python -m benchmarks.polls [--accounts 2000] [--hosts 40] [--latency-ms 50] [--rounds 3]

Accounts on pretend Mastodon servers that answer after `latency-ms`; a quiet poll is four requests.
All ways run in turn, `rounds` times, each over accounts of its own:

    naive      one account after the other, one request at a time
    prefork    two processes that do the same, as a Celery worker with --concurrency=2
    threads    32 threads of one process, an account and a database connection each
    many       what we do: one process, up to 200 requests in flight, one connection
    paced      the same under a budget of so many requests per host and second

The last line is one JSON object.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks.scratch import scratch

THREADS = 32
# A naive poll takes a quarter of a second: a share of the accounts is enough to know its pace.
NAIVE_SHARE = 20
PACE = 15


@contextmanager
def mastodons(hosts: int, latency_ms: int) -> Iterator[list[str]]:
    command = [sys.executable, "-m", "benchmarks.slow_mastodon", str(hosts), str(latency_ms)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "[]")
        finally:
            process.terminate()


def seen(host: str) -> dict[str, int]:
    """What the servers saw since they were last asked."""
    with urllib.request.urlopen(f"http://{host}/seen", timeout=10) as answer:
        return dict(json.load(answer))


def make_accounts(hosts: Sequence[str], count: int) -> list[int]:
    """Accounts that were read before, so that a poll only looks for what is new."""
    from django.utils import timezone

    from accounts.models import Member
    from networks.connectors.base import Credentials
    from networks.hashing import person_hash
    from networks.models import LinkedAccount
    from networks.services.vault import seal_credentials

    now = timezone.now()
    opened_at = datetime(2020, 1, 1, tzinfo=UTC)
    member, _ = Member.objects.get_or_create(email="ada@example.com", defaults={"name": "Ada"})
    stream = {"newest": "1", "before": "", "is_full": True, "pages": 1}
    walk = {"marks": [], "top": [], "before": "", "pages": 0}
    first = LinkedAccount.objects.count()
    accounts = []
    for number in range(first, first + count):
        host = hosts[number % len(hosts)]
        account = LinkedAccount(
            member=member,
            platform="mastodon",
            host=host,
            served_by=host,
            remote_id=str(number),
            handle=f"@member{number}@{host}",
            name="Member",
            url=f"http://{host}/@member{number}",
            person_hash=person_hash("mastodon", f"member{number}@{host}"),
            standing=1000,
            opened_at=opened_at,
            findable=False,
            linked_at=now,
            first_read_done_at=now,
            cursor={
                "statuses": stream,
                "notifications": stream,
                "following": walk,
                "home": host,
            },
        )
        account.credentials = seal_credentials(account, Credentials(str(number)))
        accounts.append(account)
    return [account.pk for account in LinkedAccount.objects.bulk_create(accounts)]


def naive(ids: Sequence[int]) -> int:
    from django.utils import timezone

    from networks.services import poll_account

    polls = [poll_account(account_id, timezone.now()) for account_id in ids]
    return sum(poll is not None and poll.outcome == "good" for poll in polls)


def prefork(ids: Sequence[int]) -> int:
    from django.db import connections

    connections.close_all()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return sum(pool.map(naive, [ids[::2], ids[1::2]]))


def threads(ids: Sequence[int]) -> int:
    from django.db import connection

    def one(account_id: int) -> int:
        try:
            return naive([account_id])
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, ids))


def many(ids: Sequence[int]) -> int:
    from django.utils import timezone

    from networks.services import poll_many

    return sum(poll.outcome == "good" for poll in poll_many(ids, timezone.now()))


def paced(ids: Sequence[int]) -> int:
    """The same with a budget, which loopback servers are otherwise spared."""
    from networks.services import door
    from networks.services.budget import SharedBudget

    budget = door.door()._budget
    door.door()._budget = SharedBudget(PACE)
    try:
        return many(ids)
    finally:
        door.door()._budget = budget


WAYS: dict[str, Callable[[Sequence[int]], int]] = {
    "naive": naive,
    "prefork": prefork,
    "threads": threads,
    "many": many,
    "paced": paced,
}


def measure(hosts: Sequence[str], accounts: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {
        way: {"per_second": [], "most_at_once": [], "most_in_a_second": []} for way in WAYS
    }
    for _ in range(rounds):
        for way, read in WAYS.items():
            count = accounts // NAIVE_SHARE if way in ("naive", "prefork") else accounts
            ids = make_accounts(hosts, max(2, count))
            seen(hosts[0])
            started = time.perf_counter()
            good = read(ids)
            seconds = time.perf_counter() - started
            if good != len(ids):
                raise SystemExit(f"{way}: {good} of {len(ids)} were read; nothing is measured.")
            saw = seen(hosts[0])
            found[way]["per_second"].append(len(ids) / seconds)
            found[way]["most_at_once"].append(saw["most_at_once"])
            found[way]["most_in_a_second"].append(saw["most_in_a_second"])
    return found


def report(found: dict[str, dict[str, list[float]]], setup: dict[str, int]) -> dict[str, Any]:
    middle = {way: statistics.median(row["per_second"]) for way, row in found.items()}
    print(f"{'way':<10}{'accounts/s':>12}{'range':>18}{'x naive':>9}{'in flight':>11}")
    for way, row in found.items():
        low, high = min(row["per_second"]), max(row["per_second"])
        print(
            f"{way:<10}{middle[way]:>12.1f}{f'{low:.1f}-{high:.1f}':>18}"
            f"{middle[way] / middle['naive']:>9.1f}{max(row['most_at_once']):>11.0f}"
        )
    busiest = int(max(found["paced"]["most_in_a_second"]))
    print(f"budget of {PACE} a second and host: at most {busiest} were seen in one second")
    return setup | {
        "accounts_per_second": {way: round(pace, 1) for way, pace in middle.items()},
        "times_naive": round(middle["many"] / middle["naive"], 1),
        "in_flight": int(max(found["many"]["most_at_once"])),
        "budget": PACE,
        "most_in_a_second": busiest,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--latency-ms", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with mastodons(asked.hosts, asked.latency_ms) as hosts:
        os.environ["DEVELOPMENT_HOSTS"] = ",".join(hosts)
        os.environ["LOG_LEVEL"] = "ERROR"
        with scratch():
            found = measure(hosts, asked.accounts, asked.rounds)
            print(json.dumps(report(found, vars(asked))))


if __name__ == "__main__":
    main()
