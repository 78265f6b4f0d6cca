"""`make gift-bench`: how fast K are given, against one INSERT in a transaction.

In process, `give_k` against the INSERT. Over HTTP, the give page against a bare view that does
the INSERT: once in the product's own project, for a signed-in member as every page has it, and,
for the record, once in a project that is nothing but this view. All sides are measured in turns in
the same run, so that whatever else the machine does meets all of them. The figures to hold are
ratios: at least 0.5 over HTTP (in the product's project) and 0.35 in process. The last line is one
JSON object.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.house import house

if TYPE_CHECKING:
    from benchmarks.crowd import Couple

PER_GIVER = 5
WORDS = "The essay on maintenance as care. I read it to my team this morning."
CSRF = "c" * 32
# One lap of each side; what it did in how many seconds.
Lap = Callable[[int], float]


def main() -> None:
    options = _options()
    from tests.free_ports import two_free_ports

    port = two_free_ports()
    with house(BASE_URL=f"http://127.0.0.1:{port}"):
        from django.utils import timezone

        now = timezone.now()
        result = _in_process(options.laps, options.gifts, now) | _over_http(
            options.laps, options.gifts, now, port
        )
    result |= {name: round(ratio, 3) for name, ratio in _ratios(result).items()}
    for what, figure in result.items():
        print(f"{what:32} {figure:10,.3f}")
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laps", type=int, default=15, help="of each side, in turns")
    parser.add_argument("--gifts", type=int, default=200, help="in a lap; a multiple of 5")
    return parser.parse_args()


def _rates(laps: int, count: int, **sides: Lap) -> dict[str, float]:
    """How often a second each side does it, by the median of its laps, which are run in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(laps):
        for name, lap in sides.items():
            seconds[name].append(lap(number))
    return {
        f"{name}_per_second": round(count / statistics.median(laps_of), 1)
        for name, laps_of in seconds.items()
    }


def _in_process(laps: int, count: int, now: datetime) -> dict[str, float]:
    from django.db import connection

    from benchmarks.bare import TABLE, insert
    from benchmarks.crowd import make_couples
    from gifting.services import Note, give_k

    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    couples = make_couples(count * laps, PER_GIVER, now, "here")

    def bare(lap: int) -> float:
        began = time.perf_counter()
        for couple in couples[lap * count : (lap + 1) * count]:
            insert(couple.giver.pk, WORDS)
        return time.perf_counter() - began

    def gifts(lap: int) -> float:
        began = time.perf_counter()
        for couple in couples[lap * count : (lap + 1) * count]:
            give_k(couple.giver, couple.receiver, now, key=uuid4(), note=Note(text=WORDS))
        return time.perf_counter() - began

    return _rates(laps, count, in_process_insert=bare, in_process_gifts=gifts)


def _over_http(laps: int, count: int, now: datetime, port: int) -> dict[str, float]:
    from benchmarks.crowd import make_couples, session_of
    from benchmarks.web import Post, send_all, served

    couples = make_couples(count * laps, PER_GIVER, now, "there")
    sessions = {couple.giver.pk: session_of(couple.giver) for couple in couples[::PER_GIVER]}
    cookies = [{"session": sessions[each.giver.pk], "csrf": CSRF} for each in couples]
    inserts = [
        {"csrfmiddlewaretoken": CSRF, "giver": str(each.giver.pk), "words": WORDS}
        for each in couples
    ]
    gifts = [_gift_form(each) for each in couples]

    def side(port: int, path: str, forms: list[dict[str, str]]) -> Lap:
        posts = [Post(path, *each) for each in zip(forms, cookies, strict=True)]
        # Neighbours have one giver: apart, or the clients would wait for one another.
        spread = [post for turn in range(PER_GIVER) for post in posts[turn::PER_GIVER]]
        return lambda lap: send_all(port, spread[lap * count : (lap + 1) * count])

    with (
        served("klout.wsgi:application", "benchmarks.house_settings", port),
        served("benchmarks.bare_site:application", "benchmarks.bare_settings", port + 1),
    ):
        return _rates(
            laps,
            count,
            http_bare=side(port, "/bare/", inserts),
            http_gifts=side(port, "/k/give/", gifts),
            http_bare_project=side(port + 1, "/", inserts),
        )


def _gift_form(couple: "Couple") -> dict[str, str]:
    sent = {"act": "give", "to": couple.handle, "key": str(uuid4()), "words": WORDS, "k": ""}
    return {"csrfmiddlewaretoken": CSRF} | sent


def _ratios(rates: dict[str, float]) -> dict[str, float]:
    return {
        "in_process_ratio": rates["in_process_gifts_per_second"]
        / rates["in_process_insert_per_second"],
        "http_ratio": rates["http_gifts_per_second"] / rates["http_bare_per_second"],
        "http_ratio_to_bare_project": rates["http_gifts_per_second"]
        / rates["http_bare_project_per_second"],
    }


if __name__ == "__main__":
    main()
