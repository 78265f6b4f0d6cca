"""`make gift-bench`: how fast K are given, against one INSERT in a transaction.

Both sides are measured in the same run, in turns, so that whatever else the machine does meets
both. The figures to hold are ratios: at least 0.5 over HTTP, 0.35 in process. The last line is
one JSON object.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from benchmarks.house import house

HTTP_AT_LEAST = 0.5
IN_PROCESS_AT_LEAST = 0.35
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
    for what, figure in result.items():
        print(f"{what:32} {figure:10,.2f}")
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laps", type=int, default=15, help="of each side, in turns")
    parser.add_argument("--gifts", type=int, default=200, help="in a lap; a multiple of 5")
    return parser.parse_args()


def _compare(name: str, laps: int, count: int, bare: Lap, gifts: Lap) -> dict[str, float]:
    """Rates of both sides and the ratio, from the medians of laps run in turns."""
    bare_seconds, gift_seconds = [], []
    for lap in range(laps):
        bare_seconds.append(bare(lap))
        gift_seconds.append(gifts(lap))
    bare_rate = count / statistics.median(bare_seconds)
    gift_rate = count / statistics.median(gift_seconds)
    return {
        f"{name}_bare_per_second": round(bare_rate, 1),
        f"{name}_gifts_per_second": round(gift_rate, 1),
        f"{name}_ratio": round(gift_rate / bare_rate, 3),
        f"{name}_ratio_of_sums": round(sum(bare_seconds) / sum(gift_seconds), 3),
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

    return _compare("in_process", laps, count, bare, gifts)


def _over_http(laps: int, count: int, now: datetime, port: int) -> dict[str, float]:
    from benchmarks.crowd import make_couples, session_of
    from benchmarks.web import Post, send_all, served

    couples = make_couples(count * laps, PER_GIVER, now, "there")
    sessions = {couple.giver.pk: session_of(couple.giver) for couple in couples[::PER_GIVER]}
    bare_posts = [Post("/", {"giver": str(each.giver.pk), "words": WORDS}, {}) for each in couples]
    gift_posts = [
        Post(
            "/k/give/",
            {
                "csrfmiddlewaretoken": CSRF,
                "act": "give",
                "to": couple.handle,
                "key": str(uuid4()),
                "words": WORDS,
                "k": "",
            },
            {"session": sessions[couple.giver.pk], "csrf": CSRF},
        )
        for couple in couples
    ]
    # Neighbours in the list have one giver: apart, or the clients would wait for one another.
    gift_posts = [post for turn in range(PER_GIVER) for post in gift_posts[turn::PER_GIVER]]
    with (
        served("benchmarks.bare_site:application", "benchmarks.bare_settings", port + 1),
        served("klout.wsgi:application", "klout.settings", port),
    ):
        return _compare(
            "http",
            laps,
            count,
            lambda lap: send_all(port + 1, bare_posts[lap * count : (lap + 1) * count]),
            lambda lap: send_all(port, gift_posts[lap * count : (lap + 1) * count]),
        )


if __name__ == "__main__":
    main()
