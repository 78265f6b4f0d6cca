"""What one worker, one site and a cluster carry, by calculation from limits and measured figures.

    make capacity [ARGS="--polls-a-second 86 --period-hours 12"]

Limits are those of docs/networks/, a quiet poll's requests too; figures are those of the other
benchmarks, to be replaced by your own. The last line is one JSON object.
"""

import argparse
import json
import math
from dataclasses import dataclass

HOURS = 3600
DAY = 24 * HOURS


@dataclass(frozen=True)
class Limit:
    """`requests` in `seconds`, of which a quiet poll takes `each`; for all members of a site."""

    platform: str
    whose: str
    requests: float
    seconds: float
    each: float

    def accounts(self, period: float) -> int:
        """How many can be read once in `period` seconds."""
        return int(self.requests / self.seconds / self.each * period)


def limits(pace: float) -> list[Limit]:
    """`pace`: REQUESTS_PER_HOST."""
    return [
        Limit("Mastodon", "each server, by our pace", pace, 1, 4),
        # Ten requests to four hosts; at most five of them to one.
        Limit("Bluesky", "the AppView, for one address", 3_000, 300, 5),
        Limit("GitHub", "the API, by our pace", pace, 1, 2),
        Limit("YouTube", "units of the site", 10_000, DAY, 4),
        Limit("Reddit", "the application", 100, 60, 3),
        Limit("Stack Exchange, one site each", "the application", 10_000, DAY, 2 + 5),
        Limit("Stack Exchange, five sites each", "the application", 10_000, DAY, 2 + 25),
    ]


def main() -> None:
    asked = _options()
    period = asked.period_hours * HOURS
    carried = {f"{one.platform} ({one.whose})": one.accounts(period) for one in limits(asked.pace)}
    each_worker = carried["one worker, whatever the platform"] = int(asked.polls_a_second * period)
    print(f"Accounts that can be read every {asked.period_hours:g} hours")
    for name, accounts in carried.items():
        print(f"  {name:<62}{accounts:>12,}")
    members = asked.members
    reactions = members * asked.reactions_per_member
    figures = {
        "reactions": reactions,
        "files_gb": round(reactions * asked.bytes_per_reaction / 1e9, 1),
        "executors": -(-reactions // asked.reactions_per_executor),
        "workers_for_polling": math.ceil(members * asked.accounts_per_member / each_worker),
        "scores_a_year": members * 365,
        "contributions_a_year": int(members * asked.accounts_per_member * 365),
        "rows_of_one_day": int(members * (1 + asked.accounts_per_member)),
    }
    print(f"\n{members:,} members")
    for name, figure in figures.items():
        print(f"  {name.replace('_', ' '):<62}{figure:>16,}")
    print(json.dumps({"accounts": carried, "members": members} | figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--period-hours", type=float, default=12)
    parser.add_argument("--pace", type=float, default=20, help="REQUESTS_PER_HOST")
    parser.add_argument("--polls-a-second", type=float, default=86, help="of make poll-bench")
    parser.add_argument("--members", type=int, default=100_000_000)
    parser.add_argument("--reactions-per-member", type=int, default=100)
    parser.add_argument("--accounts-per-member", type=float, default=1.4)
    parser.add_argument("--bytes-per-reaction", type=float, default=17, help="with outreach")
    parser.add_argument(
        "--reactions-per-executor", type=int, default=100_000_000, help="as one machine did here"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
