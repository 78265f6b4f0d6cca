"""`make api-bench`: score lookups of the classic API per second, against the ORM without a cache.

Both sides are asked over HTTP in the same project behind the same gunicorn, in turns in one run:
`/v2/user.json/<id>/score`, which counts the request and repeats what it said within a minute, and
a view that finds key, member and scores by the ORM each time. The figure to hold is the ratio: at
least 3. The last line is one JSON object.
"""

import argparse
import json
import statistics
from datetime import datetime, timedelta

from benchmarks.house import house

DAYS = 31


def main() -> None:
    options = _options()
    from tests.free_ports import two_free_ports

    port = two_free_ports()
    with house(with_valkey=True, BASE_URL=f"http://127.0.0.1:{port}"):
        from django.utils import timezone

        result = measured(options, timezone.now(), port)
    for what, figure in result.items():
        print(f"{what:24} {figure:10,.2f}")
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laps", type=int, default=7, help="of each side, in turns")
    parser.add_argument("--lookups", type=int, default=1500, help="in a lap")
    parser.add_argument("--members", type=int, default=100, help="who are looked up; 200 at most")
    parser.add_argument("--keys", type=int, default=400, help="which take turns")
    return parser.parse_args()


def measured(options: argparse.Namespace, now: datetime, port: int) -> dict[str, float]:
    """Lookups per second of both sides: median, slowest and quickest lap; and the ratio."""
    from benchmarks.web import get_all, served

    members, keys = _members(options.members, now), _keys(options.keys, now)
    asked = [
        (members[place % len(members)], keys[place % len(keys)]) for place in range(options.lookups)
    ]
    sides = {
        "cached": [f"/v2/user.json/{member}/score?key={key}" for member, key in asked],
        "plain": [f"/plain/{member}/?key={key}" for member, key in asked],
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    with served("klout.wsgi:application", "benchmarks.house_settings", port):
        for _ in range(options.laps):
            for name, paths in sides.items():
                rates[name].append(len(paths) / get_all(port, paths, size_at_least=100))
    result = {}
    for name, of_side in rates.items():
        result[f"{name}_per_second"] = statistics.median(of_side)
        result[f"{name}_least"], result[f"{name}_most"] = min(of_side), max(of_side)
    ratio = result["cached_per_second"] / result["plain_per_second"]
    return {name: round(figure, 2) for name, figure in (result | {"ratio": ratio}).items()}


def _members(count: int, now: datetime) -> list[int]:
    """Numbers of visible members with a month of scores."""
    from accounts.api_models import ApiPresence
    from accounts.models import Member
    from accounts.sharing_models import Profile
    from tests.factories import make_account, make_score

    numbers = []
    for number in range(count):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Member {number}")
        Profile.objects.create(member=member, published_at=now, shows_score=True)
        presence = ApiPresence.objects.create(member=member, is_visible=True, changed_at=now)
        numbers.append(presence.kloutid)
        make_account(member, now)
        for day in range(DAYS):
            make_score(member, now - timedelta(days=day))
    return numbers


def _keys(count: int, now: datetime) -> list[str]:
    from accounts.api_keys import KEYS_AT_MOST, make_key
    from accounts.models import Member

    keys: list[str] = []
    while len(keys) < count:
        holder = Member.objects.create_user(f"holder-{len(keys)}@example.com", name="Holder")
        keys += [make_key(holder, "bench", ["look_up"], now) for _ in range(KEYS_AT_MOST)]
    return keys[:count]


if __name__ == "__main__":
    main()
