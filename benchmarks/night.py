"""The night against the naive way, against only reading its files, and on Spark.

    make night-bench [MEMBERS=100000] [REACTIONS=10000000] [ARGS="--laps 3 --no-spark"]

On a database and day files of its own, filled from the model in `night_model`. In turns, `--laps`
times each:

    naive    member after member by the ORM, the rule and `update_or_create`: a sample from the
             quietest to the loudest, taken up to all by members and their reactions; reading and
             writing apart; who is trusted is handed to it for nothing
    night    by DuckDB: the day file written, the window summed, trust, scores in PostgreSQL
    spark    the same by Apache Spark on this machine, where pyspark and a Java are found; it says
             loudly if they are not
    read     every column of the files read once, and nothing done with it
    new      the day file of one night's new reactions, and of twice as many

What the naive way, DuckDB and Spark stored must be the same. PostgreSQL waits for its disk, as in
use. `processor` is what the process of the night took of all cores, PostgreSQL's besides: on a
machine that others use as well it says more than the clock. The last line is one JSON object.
Beyond 20 million reactions PostgreSQL holds the last three days alone, the earlier files are
written straight from the model by the product's writer, and the naive way is left out.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.scratch import scratch
from scoring.phases import PHASES

ON = date(2026, 11, 2)
ALL_IN_POSTGRES = 20_000_000
DAYS_IN_POSTGRES = 3
AGGREGATION = ("people", "links", "sums")
JAVA = Path(__file__).parent.parent / "scripts" / "java"
DIGEST_SQL = """
    SELECT count(*), sum(hashtextextended((
        s.member_id, s."on", s.rule, s.hundredths, s.low_hundredths, s.high_hundredths, s.reach,
        s.days_of_data, s.cut_off_at, c.account_id, c.platform, c.handle, c.state, c.tenths,
        c.reach, c.audience, c.curation, c.response, c.response_squares, c.everyone, c.granted,
        c.acts, c.people, c.by_weight, c.tally, c.effective_on
    )::text, 0)::numeric)
    FROM scoring_score s JOIN scoring_contribution c ON c.score_id = s.id
    WHERE %(members)s IS NULL OR s.member_id = ANY(%(members)s)
"""
Seconds = dict[str, list[float]]


def main() -> None:
    options = _options()
    with scratch(durable=True):
        bench = Bench(options)
        bench.fill()
        for lap in range(options.laps):
            bench.lap(spark=lap < options.spark_laps)
            print(f"lap {lap + 1} of {options.laps} done", flush=True)
        bench.tell()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--reactions", type=int, default=10_000_000)
    parser.add_argument("--laps", type=int, default=3)
    parser.add_argument("--sample", type=int, default=300, help="members of the naive way")
    parser.add_argument("--spark-laps", type=int, default=sys.maxsize, help="fewer than laps")
    parser.add_argument("--no-naive", action="store_true")
    parser.add_argument("--no-spark", action="store_true")
    return parser.parse_args()


class Bench:
    """All sides in one run; `took` has the seconds of each, lap by lap."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.members, self.reactions = options.members, options.reactions
        self.is_whole = options.reactions <= ALL_IN_POSTGRES
        self.sample_size = 0 if options.no_naive or not self.is_whole else options.sample
        self.java, self.without_spark = (None, "--no-spark") if options.no_spark else java_home()
        if self.without_spark:
            print(_loud(self.without_spark), flush=True)
        self.took: Seconds = defaultdict(list)
        self.peak_mb = 0
        self.spark_equal: bool | None = None
        self.new_rows = 0
        self.sample: list[int] = []
        self.trust: Mapping[tuple[int, int], int] = {}

    def fill(self) -> None:
        from benchmarks import night_files, night_model, night_rows

        began = time.perf_counter()
        accounts = night_model.make_accounts(self.members)
        first = 0 if self.is_whole else night_model.WINDOW_DAYS - DAYS_IN_POSTGRES
        night_rows.add_members(accounts, ON)
        with night_rows.indexed_after("networks_reaction"):
            for day in range(first, night_model.WINDOW_DAYS):
                rows = night_files.reactions_of(accounts, self.reactions, day)
                self.new_rows = sum(len(some.day) for some in rows)
                night_rows.add_reactions(rows, ON)
        with night_rows.indexed_after("networks_outreach"):
            rows_of_outreach = night_model.outreach(accounts, self.reactions)
            night_rows.add_outreach((some.since(first) for some in rows_of_outreach), ON)
        before = night_files.end_of(ON, night_model.WINDOW_DAYS - 2)
        if self.is_whole:
            night_files.write_from_postgres(before)
        else:
            nights = night_model.WINDOW_DAYS - 1
            night_files.write_from_model(accounts, self.reactions, ON, nights)
        if self.sample_size:
            self._draw_sample()
        seconds = time.perf_counter() - began
        print(f"{len(accounts):,} accounts are filled in {seconds:.0f} s", flush=True)

    def _draw_sample(self) -> None:
        from benchmarks.night_naive import stratified, trust_for

        self.sample = stratified(self.sample_size)
        self.trust = trust_for(self.sample, ON)

    def lap(self, *, spark: bool) -> None:
        digests: dict[str, Any] = {}
        if self.sample:
            digests["naive"] = self._naive()
        self._night("night", {})
        digests["night"] = digest(None)
        if self.sample and digest(self.sample) != digests["naive"]:
            raise SystemExit("The naive way and the night differ: nothing is measured.")
        self._read()
        self._new()
        if self.java and spark:
            self._night("spark", {"NIGHT_ENGINE": "spark", "JAVA_HOME": str(self.java)})
            self.spark_equal = self.spark_equal is not False and digest(None) == digests["night"]

    def _naive(self) -> Any:
        from benchmarks.night_naive import naive_night

        self._forget_night()
        took = naive_night(self.sample, ON, _cut_off(), self.trust)
        reading, writing = took.of_all(self.members, self.reactions)
        self.took["naive"].append(reading + writing)
        self.took["naive: reading and the rule"].append(reading)
        self.took["naive: writing"].append(writing)
        return digest(self.sample)

    def _night(self, name: str, besides: dict[str, str]) -> None:
        self._forget_night()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.night_lap", str(ON)],
            env=os.environ | besides,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        said = json.loads(done.stdout.splitlines()[-1])
        self.took[name].append(said["seconds"])
        self.took[f"{name}: processor"].append(said["processor"])
        phases = {phase: said["phases"][phase]["seconds"] for phase in PHASES}
        for phase, seconds in phases.items():
            self.took[f"{name}: {phase}"].append(seconds)
        around = said["seconds"] - sum(phases.values())
        self.took[f"{name}: beginning and commit"].append(around)
        if name == "night":
            self.peak_mb = max(self.peak_mb, said["peak_mb"])

    def _read(self) -> None:
        from benchmarks.night_files import read_once

        self.took["read"].append(read_once())

    def _new(self) -> None:
        from benchmarks.night_files import write_new

        self.took["new"].append(write_new(ON, nights=1))
        self.took["new: twice as many"].append(write_new(ON, nights=2))

    def _forget_night(self) -> None:
        from benchmarks import night_files, night_model

        night_files.forget_night(night_files.end_of(ON, night_model.WINDOW_DAYS - 2))

    def tell(self) -> None:
        """The table, the ratios, and last the JSON."""
        middle = {name: statistics.median(seconds) for name, seconds in self.took.items()}
        print(f"\n{'seconds':<32}{'median':>10}{'range':>22}")
        for name, seconds in self.took.items():
            spread = f"{min(seconds):,.2f} - {max(seconds):,.2f}"
            print(f"{name:<32}{middle[name]:>10,.2f}{spread:>22}")
        speedup = _ratio(self.took["naive"], self.took["night"])
        reads = _ratio(self.took["night"], self.took["read"])
        print(f"\nThe night is {_told(speedup)} times as fast as the naive way (goal: 150).")
        print(f"It takes {_told(reads)} times as long as reading its files once (goal: 25).")
        grouped = zip(*(self.took[f"night: {phase}"] for phase in AGGREGATION), strict=True)
        flow = _ratio(self.took["night: trust"], [sum(seconds) for seconds in grouped])
        print(f"Trust takes {_told(flow, 2)} of the time of {', '.join(AGGREGATION)} (goal: 0.33).")
        twice = _ratio(self.took["new: twice as many"], self.took["new"])
        print(f"Twice {self.new_rows:,} new reactions take {_told(twice, 2)} times (goal: 2.3).")
        print(f"Memory: {self.peak_mb:,} MB at most, PostgreSQL's besides.")
        print(
            f"Load of the machine at the end: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores."
        )
        if self.without_spark:
            print(_loud(self.without_spark))
        print(
            json.dumps(
                {
                    "members": self.members,
                    "reactions": self.reactions,
                    "seconds": round(middle["night"], 2),
                    "speedup_over_naive": speedup and round(speedup, 1),
                    "times_one_read": reads and round(reads, 1),
                    "peak_mb": self.peak_mb,
                    "spark_equal": self.spark_equal,
                }
            )
        )


def _ratio(one: Sequence[float], other: Sequence[float]) -> float | None:
    """The median of the ratios of each lap, as both sides of one lap met the same machine."""
    pairs = list(zip(one, other, strict=False))
    return statistics.median(a / b for a, b in pairs) if pairs else None


def _told(ratio: float | None, digits: int = 1) -> str:
    return "(not measured)" if ratio is None else f"{ratio:,.{digits}f}"


def _cut_off() -> Any:
    from benchmarks.night_files import end_of
    from scoring.rule import WINDOW_DAYS

    return end_of(ON, WINDOW_DAYS - 1)


def digest(members: Sequence[int] | None) -> Any:
    """What is stored of all scores, or of some members, but for ids and the time of computing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(DIGEST_SQL, {"members": None if members is None else list(members)})
        return cursor.fetchone()


def java_home() -> tuple[Path | None, str]:
    """Where Spark's Java is; else why Spark cannot run."""
    if importlib.util.find_spec("pyspark") is None:
        return None, "pyspark is not installed (pip install -r requirements-cluster.txt)"
    said = subprocess.run([JAVA], capture_output=True, text=True, check=False)
    if said.returncode:
        return None, said.stderr.strip()
    return Path(said.stdout.strip()), ""


def _loud(why: str) -> str:
    line = "!" * 80
    return f"{line}\nSPARK IS NOT RUN, and not held against DuckDB: {why}\n{line}"


if __name__ == "__main__":
    main()
