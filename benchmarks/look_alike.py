"""`make look-alike-bench`: whether time tells the private from the unknown.

Asks for a name nobody has, a private one, one that was given up, for the same in the API of today
and there for one whose owner lets it not answer, and for links and badges that are unknown, revoked
or over, each `--asked` times, in turns and in an order drawn anew each round,
so that whatever else the machine does meets all of them. For each kind the median of its time and
its distance to that of the unknown, in ms; beside it how far the unknown is from itself (odd and
even rounds), which is what the machine alone makes of it. The figure to hold: under 5 ms.
The last line is one JSON object.
"""

import argparse
import json
import random
import statistics
import time
from datetime import datetime, timedelta

from benchmarks.house import house

DAY = timedelta(days=1)


def main() -> None:
    asked = _options().asked
    # What is not found is logged, which is not what is measured.
    with house(with_valkey=True, LOG_LEVEL="CRITICAL"):
        from django.utils import timezone

        now = timezone.now()
        places, headers = _places(now), _key_without_limits(now)
        result = {kind: _measured(paths, asked, headers) for kind, paths in places.items()}
    for kind, figures in result.items():
        for name, gap in figures.items():
            print(f"{kind:10} {name:12} {gap:8.3f} ms")
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asked", type=int, default=2500, help="times, each of the places")
    return parser.parse_args()


def _places(now: datetime) -> dict[str, dict[str, str]]:
    """Addresses by kind of page; `unknown` is what the others are held against."""
    from accounts import sharing
    from accounts.api_models import ApiPresence
    from accounts.models import Member
    from accounts.sharing_models import Badge, Profile, ShareLink

    people = [
        Member.objects.create_user(f"{name}@example.com", None, name=name)
        for name in ("private", "given-up", "paused", "declined")
    ]
    for member in people:
        sharing.take_name(member, member.name, now)
    sharing.give_up_name(people[1], now)
    for member in people[2:]:
        Profile.objects.create(member=member, published_at=now, shows_score=True)
        ApiPresence.objects.create(
            member=member, is_visible=member.name == "paused", changed_at=now
        )
    Member.objects.filter(name="paused").update(paused_at=now)
    shows = sharing.LinkChoices("", DAY, shows_score=True, shows_words=True, shows_networks=True)
    revoked, over = (sharing.make_link(people[0], shows, now).address for _ in range(2))
    ShareLink.objects.filter(address=revoked).delete()
    ShareLink.objects.filter(address=over).update(made_at=now - 2 * DAY, ends_at=now - DAY)
    sharing.make_badge(people[0], now)
    badge = Badge.objects.get().address
    return {
        "profile": {
            "unknown": "/@nobody-is-called-this/",
            "private": "/@private/",
            "given up": "/@given-up/",
            "paused": "/@paused/",
        },
        "api": {
            "unknown": "/api/v3/profiles/nobody-is-called-this",
            "private": "/api/v3/profiles/private",
            "given up": "/api/v3/profiles/given-up",
            "paused": "/api/v3/profiles/paused",
            "declined": "/api/v3/profiles/declined",
        },
        "link": {
            "unknown": f"/shared/{'x' * 22}/",
            "revoked": f"/shared/{revoked}/",
            "over": f"/shared/{over}/",
        },
        "badge": {"unknown": f"/badge/{'x' * 22}.svg", "no score": f"/badge/{badge}.svg"},
    }


def _key_without_limits(now: datetime) -> dict[str, str]:
    """What the API is asked with; pages do not look at it."""
    from accounts.api_keys import make_key
    from accounts.models import Member
    from klout.api import quota

    quota.PER_SECOND = quota.PER_DAY = 10**9
    asker = Member.objects.create_user("asker@example.com", name="asker")
    key = make_key(asker, "bench", ["profiles:read"], now)
    return {"Authorization": f"Bearer {key}"}


def _measured(paths: dict[str, str], asked: int, headers: dict[str, str]) -> dict[str, float]:
    """The distance of each median to that of `unknown`, in ms."""
    from django.test import Client

    client, order = Client(SERVER_NAME="localhost"), random.Random(1)  # noqa: S311 (an order, no secret)
    times: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(asked + 50):
        for name in order.sample(list(paths), len(paths)):
            begun = time.perf_counter()
            client.get(paths[name], headers=headers)
            if number >= 50:
                times[name].append((time.perf_counter() - begun) * 1000)
    unknown = statistics.median(times["unknown"])
    halves = [statistics.median(times["unknown"][half::2]) for half in (0, 1)]
    gaps = {
        name: statistics.median(measured) - unknown
        for name, measured in times.items()
        if name != "unknown"
    }
    found = {"unknown": unknown, "noise": abs(halves[0] - halves[1])} | gaps
    return {name: round(value, 4) for name, value in found.items()}


if __name__ == "__main__":
    main()
