"""`make page-bench`: dashboards per second, against a view with the same queries and no template.

Both sides are served by gunicorn as `make run` has it, behind the same middleware and the same
sign-in, to a member with a life of half a year. They are measured in turns in one run, so that
whatever else the machine does meets both; each answer's status and size are looked at. The figure
to hold is the ratio, at least 0.5. For the record, a third side sends the same statements without
the ORM. The last line is one JSON object.
"""

import argparse
import json
import statistics
import time
from dataclasses import dataclass

from benchmarks.house import house

# How long the pages of each side are at least; what is shorter is not that page.
LEAST_BYTES = {"dashboard": 20_000, "same_queries": 1_000, "statements": 1_000}
PATHS = {
    "dashboard": "/dashboard/",
    "same_queries": "/bare/dashboard/",
    "statements": "/bare/statements/",
}
AT_LEAST = 0.5


@dataclass(frozen=True)
class Rates:
    """Pages per second of one side, lap by lap."""

    laps: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.laps)

    @property
    def in_words(self) -> str:
        return f"{self.median:8.1f}   ({min(self.laps):.1f} to {max(self.laps):.1f})"


def main() -> None:
    options = _options()
    from tests.free_ports import two_free_ports

    port = two_free_ports()
    with house(BASE_URL=f"http://127.0.0.1:{port}"):
        rates = _measure(options.laps, options.pages, port)
    ratio = rates["dashboard"].median / rates["same_queries"].median
    print(f"pages per second, median of {options.laps} laps of {options.pages} (and range)")
    for name, side in rates.items():
        print(f"{name:16} {side.in_words}")
    print(f"ratio            {ratio:8.2f}   (at least {AT_LEAST})")
    print(json.dumps(_result(rates, ratio)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laps", type=int, default=9, help="of each side, in turns")
    parser.add_argument("--pages", type=int, default=400, help="in a lap")
    return parser.parse_args()


def _measure(laps: int, count: int, port: int) -> dict[str, Rates]:
    from benchmarks.bare_pages import remember_statements
    from benchmarks.member import sessions_of_a_member
    from benchmarks.web import CLIENTS, read_all, served

    member, sessions = sessions_of_a_member(CLIENTS)
    remember_statements(member)
    found: dict[str, list[float]] = {name: [] for name in PATHS}

    def lap(name: str, pages: int) -> float:
        began = time.perf_counter()
        read_all(port, PATHS[name], sessions, pages, LEAST_BYTES[name])
        return pages / (time.perf_counter() - began)

    with served("klout.wsgi:application", "benchmarks.house_settings", port):
        for name in PATHS:
            lap(name, CLIENTS * 4)  # templates are read once, connections are opened
        for _ in range(laps):
            for name, of in found.items():
                of.append(lap(name, count))
    return {name: Rates(tuple(of)) for name, of in found.items()}


def _result(rates: dict[str, Rates], ratio: float) -> dict[str, float | list[float]]:
    told: dict[str, float | list[float]] = {"ratio": round(ratio, 3)}
    for name, side in rates.items():
        told[f"{name}_per_second"] = round(side.median, 1)
        told[f"{name}_range"] = [round(min(side.laps), 1), round(max(side.laps), 1)]
    return told


if __name__ == "__main__":
    main()
