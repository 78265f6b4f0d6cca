"""`make load`: badges, pages, gifts and API calls per second, beside a minimal Django view.

All are asked over HTTP from eight connections, in turns in one run, so that whatever else the
machine does meets all of them; each answer's status and size are looked at. What can be compared
between machines is the ratio to the minimal view: a project of one view that answers "ok", behind
the same gunicorn. The last line is one JSON object.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime

from benchmarks.house import house

# What is shorter is not that answer.
LEAST_BYTES = {"minimal": 2, "badge": 1_000, "api": 30, "page": 20_000}
GIFTS_PER_GIVER = 5
# One lap of one kind; what it took in seconds.
Lap = Callable[[int], float]


def main() -> None:
    options = _options()
    from tests.free_ports import two_free_ports

    port = two_free_ports()
    with house(with_valkey=True, BASE_URL=f"http://127.0.0.1:{port}"):
        from django.utils import timezone

        rates = _measured(options.laps, options.requests, timezone.now(), port)
    print(f"per second, median of {options.laps} laps of {options.requests} (and range)")
    for name, of in rates.items():
        ratio = statistics.median(of) / statistics.median(rates["minimal"])
        print(
            f"{name:8} {statistics.median(of):9.1f}   ({min(of):.1f} to {max(of):.1f})  {ratio:.3f}"
        )
    print(json.dumps(_result(rates)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laps", type=int, default=7, help="of each kind, in turns")
    parser.add_argument("--requests", type=int, default=400, help="in a lap; a multiple of 5")
    return parser.parse_args()


def _measured(laps: int, count: int, now: datetime, port: int) -> dict[str, list[float]]:
    from benchmarks.web import served

    kinds = _kinds(laps + 1, count, now, port)
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    with (
        served("klout.wsgi:application", "benchmarks.house_settings", port),
        served("benchmarks.bare_site:application", "benchmarks.bare_settings", port + 1),
    ):
        for lap in kinds.values():
            lap(laps)  # templates are read once, connections are opened
        for number in range(laps):
            for name, lap in kinds.items():
                rates[name].append(count / lap(number))
    return rates


def _kinds(laps: int, count: int, now: datetime, port: int) -> dict[str, Lap]:
    from benchmarks.member import sessions_of_a_member
    from benchmarks.web import CLIENTS, get_all, read_all

    _, sessions = sessions_of_a_member(CLIENTS)

    def get(at: int, name: str, paths: list[str]) -> Lap:
        asked = [paths[place % len(paths)] for place in range(count)]
        return lambda _: get_all(at, asked, LEAST_BYTES[name])

    def page(_: int) -> float:
        began = time.perf_counter()
        read_all(port, "/dashboard/", sessions, count, LEAST_BYTES["page"])
        return time.perf_counter() - began

    return {
        "minimal": get(port + 1, "minimal", ["/minimal/"]),
        "badge": get(port, "badge", [f"/badge/{_badge(now)}.svg"]),
        "api": get(port, "api", _lookups(now)),
        "page": page,
        "gift": _gifts(laps, count, now, port),
    }


def _badge(now: datetime) -> str:
    from accounts import sharing
    from accounts.models import Member
    from accounts.sharing_models import Badge
    from tests.factories import make_account, make_score

    shown = Member.objects.create_user("badge@example.com", name="Shown")
    make_score(shown, now, accounts=[make_account(shown, now)])
    sharing.make_badge(shown, now)
    return Badge.objects.get(member=shown).address


def _lookups(now: datetime) -> list[str]:
    from benchmarks.lookups import _keys, _members

    members, keys = _members(50, now), _keys(200, now)
    return [
        f"/v2/user.json/{members[place % len(members)]}/score?key={key}"
        for place, key in enumerate(keys)
    ]


def _gifts(laps: int, count: int, now: datetime, port: int) -> Lap:
    """Each lap has gifts of its own; neighbours have different givers, or they would wait."""
    from benchmarks.crowd import make_couples, session_of
    from benchmarks.gifts import CSRF, _gift_form
    from benchmarks.web import Post, send_all

    couples = make_couples(count * laps, GIFTS_PER_GIVER, now, "load")
    sessions = {one.giver.pk: session_of(one.giver) for one in couples[::GIFTS_PER_GIVER]}
    posts = [
        Post("/k/give/", _gift_form(one), {"session": sessions[one.giver.pk], "csrf": CSRF})
        for one in couples
    ]
    spread = [post for turn in range(GIFTS_PER_GIVER) for post in posts[turn::GIFTS_PER_GIVER]]
    return lambda lap: send_all(port, spread[lap * count : (lap + 1) * count])


def _result(rates: dict[str, list[float]]) -> dict[str, float]:
    minimal = statistics.median(rates["minimal"])
    told = {f"{name}_per_second": round(statistics.median(of), 1) for name, of in rates.items()}
    return told | {
        f"{name}_ratio": round(statistics.median(of) / minimal, 3) for name, of in rates.items()
    }


if __name__ == "__main__":
    main()
