"""`make export-bench`: how long the export of a member with 100,000 reactions takes.

A real PostgreSQL; the member has four accounts, 20,000 posts, 20,000 acts of outreach, a year of
scores with full counts of responders, and the reactions. Beside it somebody with half of
everything, to see how the time grows. The last line is JSON. That memory does not grow is a test
(tests/exports/test_streaming.py).
"""

import argparse
import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.house import house

if TYPE_CHECKING:
    from accounts.models import Member

DAYS = 365
ACCOUNTS = 4
# The most counts of responders that a contribution is likely to have.
TALLY = [10_000 * (1 + n % 7) + (n % 90) * 100 + n % 50 for n in range(200)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reactions", type=int, default=100_000)
    reactions = parser.parse_args().reactions
    with TemporaryDirectory() as folder, house(EXPORT_DIR=folder):
        from django.utils import timezone

        now = timezone.now()
        told = {}
        for name, size in (("half", reactions // 2), ("whole", reactions)):
            told[name] = _measured(_member(name, size, now), now, Path(folder))
    for name, figures in told.items():
        print(name, figures)
    print(json.dumps(told))


def _measured(member: "Member", now: datetime, folder: Path) -> dict[str, float]:
    from accounts.exports import making, services

    export = services.ask(member, now)
    begun = time.perf_counter()
    making.make_due(now)
    seconds = time.perf_counter() - begun
    export.refresh_from_db()
    return {
        "seconds": round(seconds, 2),
        "megabytes_of_zip": round((folder / export.file_name).stat().st_size / 1e6, 2),
    }


def _member(name: str, reactions: int, now: datetime) -> "Member":
    """Somebody with so many reactions, and the rest in proportion."""
    from accounts.models import Member
    from networks.models import Outreach, Post, Reaction
    from tests.factories import make_account, make_score

    member = Member.objects.create_user(f"{name}@example.com", name=name)
    accounts = [make_account(member, now) for _ in range(ACCOUNTS)]
    for account in accounts:
        each = range(reactions // ACCOUNTS)
        Reaction.objects.bulk_create(
            (
                Reaction(
                    account=account,
                    act_hash=n,
                    responder_hash=n % 5000,
                    kind="reply",
                    standing=500,
                    happened_at=now - timedelta(minutes=n),
                    recorded_at=now,
                )
                for n in each
            ),
            batch_size=5000,
        )
        fifth = range(reactions // ACCOUNTS // 5)
        Post.objects.bulk_create(
            Post(
                account=account,
                remote_id=str(n),
                url=f"https://known.example/{n}",
                excerpt="What I saw on the way to the harbour. " * 5,
                tags=["sea", "harbour"],
                posted_at=now - timedelta(minutes=n),
            )
            for n in fifth
        )
        Outreach.objects.bulk_create(
            Outreach(
                account=account,
                act_key=str(n),
                target_hash=n,
                target_handle=f"@somebody{n}@known.example",
                target_host="known.example",
                kind="reply",
                happened_at=now - timedelta(minutes=n),
                recorded_at=now,
            )
            for n in fifth
        )
    for day in range(DAYS * reactions // 100_000):
        make_score(member, now, accounts, on=now.date() - timedelta(days=day)).contributions.update(
            tally=TALLY
        )
    return member


if __name__ == "__main__":
    main()
