"""`make export-bench`: how long the export of one member with many reactions takes.

The member has one linked account with `--reactions` reactions, 2,000 posts, 2,000 times reaching
out and 90 scores. What is timed is what the worker does once it has been asked: every part read
from PostgreSQL, written as JSON and CSV, and packed. The last line is one JSON object.
"""

import argparse
import json
import resource
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.house import house

if TYPE_CHECKING:
    from accounts.models import Member

POSTS = 2_000
SCORES = 90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reactions", type=int, default=100_000)
    options = parser.parse_args()
    with house():
        from django.utils import timezone

        result = measured(options.reactions, timezone.now())
    for what, figure in result.items():
        print(f"{what:12} {figure:12,.1f}")
    print(json.dumps(result))


def measured(reactions: int, now: datetime) -> dict[str, float]:
    """Seconds, size of the file in kB, and the most memory this process had, in MB."""
    from accounts.exports import making, services

    member = _member(reactions, now)
    services.ask(member, now)
    began = time.perf_counter()
    making.make_due(now)
    seconds = time.perf_counter() - began
    state = services.state(member, now)
    if state is None or state.export.ready_at is None:
        raise SystemExit("The export was not made: nothing is measured.")
    path = services.file_of(member, state.export.pk, now)
    size = path.stat().st_size if path else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"seconds": seconds, "kilobytes": size / 1000, "peak_mb": peak}
    return {"reactions": reactions} | {name: round(one, 2) for name, one in figures.items()}


def _member(reactions: int, now: datetime) -> "Member":
    from accounts.models import Member
    from networks.models import Outreach, Post, Reaction
    from tests.factories import make_account, make_score

    member = Member.objects.create_user("ada@example.com", name="Ada Lind")
    account = make_account(member, now)
    ago = [now - timedelta(minutes=number) for number in range(max(reactions, POSTS))]
    Reaction.objects.bulk_create(
        (
            Reaction(
                account=account,
                act_hash=number,
                responder_hash=number % 5_000,
                kind="reply",
                standing=500,
                happened_at=ago[number],
                recorded_at=now,
            )
            for number in range(reactions)
        ),
        batch_size=5_000,
    )
    Post.objects.bulk_create(
        Post(account=account, remote_id=str(number), excerpt="Words. " * 30, posted_at=ago[number])
        for number in range(POSTS)
    )
    Outreach.objects.bulk_create(
        Outreach(
            account=account,
            act_key=str(number),
            target_hash=number,
            target_handle=f"@somebody{number}@known.example",
            target_host="known.example",
            kind="reply",
            happened_at=ago[number],
            recorded_at=now,
        )
        for number in range(POSTS)
    )
    for day in range(SCORES):
        make_score(member, now - timedelta(days=day), [account])
    return member


if __name__ == "__main__":
    main()
