"""From inputs to rows that are ready to be stored, in files."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from networks.known_hosts import known_hosts
from networks.registry import PLATFORMS
from scoring import expressions, flow, inputs, trust
from scoring.columns import Whole
from scoring.counting import with_tallies
from scoring.engines import DUCKDB, Engine, open_engine
from scoring.inputs import Gathered, Piece, Wanted, day_of
from scoring.phases import Phases
from scoring.services.members import CONTRIBUTIONS, SCORES, KnownHosts, score_batch, whole
from scoring.services.standing_still import StandingStill, standing_still
from scoring.services.workplace import Workplace
from scoring.versions import computed_on

# Reactions that are summed at a time: what they need in memory bounds the night.
ROWS_PER_PIECE = 12_000_000


@dataclass
class Computed:
    """Two files of rows for `store`, and what happened while they were made."""

    scores_file: Path
    contributions_file: Path
    phases: Phases
    scores: int = 0
    accounts: int = 0
    set_aside: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@contextmanager
def computed(wanted: Wanted, place: Workplace, phases: Phases | None = None) -> Iterator[Computed]:
    """The scores of all `wanted` members and days; what is in `place` already is not made again."""
    done = Computed(place / "scores.parquet", place / "contributions.parquet", phases or Phases())
    if not place.has("scored.json"):
        _compute(wanted, place, done)
    _remember(json.loads((place / "scored.json").read_text()), done)
    yield done


def _remember(scored: dict[str, object], done: Computed) -> None:
    for name, value in scored.items():
        setattr(done, name, value)


def _compute(wanted: Wanted, place: Workplace, done: Computed) -> None:
    known = {platform: known_hosts(platform) for platform in PLATFORMS}
    address = settings.NIGHT_ENGINE if wanted.from_files else DUCKDB
    with _engine(place, address) as engine, ExitStack() as stack:
        with done.phases.phase("read") as phase:
            given = stack.enter_context(inputs.gathered(wanted, place.folder, engine))
            given.load(engine, known)
            phase.add_rows(given.rows + given.acts)
        done.notes += given.notes
        pieces = given.pieces(engine, ROWS_PER_PIECE)
        _gather_people(given, engine, pieces, place, done.phases)
        _flow(given, engine, pieces, place, done.phases)
        _sum_up(engine, pieces, place, done.phases)
        with done.phases.phase("score") as phase:
            still = standing_still(wanted)
            place.make("scored.json", lambda part: _score(engine, known, still, done, part))
            phase.add_rows(done.accounts)


@contextmanager
def _engine(place: Workplace, address: str) -> Iterator[Engine]:
    """An engine that begins with nothing: what is kept is in files."""
    with (
        TemporaryDirectory(prefix="engine-", dir=place.folder) as folder,
        open_engine(Path(folder), address) as engine,
    ):
        yield engine


def _gather_people(
    given: Gathered, engine: Engine, pieces: Sequence[Piece], place: Workplace, phases: Phases
) -> None:
    """Who responded to each account and how often, piece by piece of the reactions."""
    people = expressions.people_of_accounts()
    with phases.phase("people", len(pieces)) as phase:
        for name, piece in zip(_files("people", pieces), pieces, strict=True):
            given.take_reactions(engine, piece)
            phase.step(kept=not place.make(name, lambda part: engine.write(people, part)))
        phase.add_rows(given.acts)


def _flow(
    given: Gathered, engine: Engine, pieces: Sequence[Piece], place: Workplace, phases: Phases
) -> None:
    """Who reached out to whom; then trust for whoever responded, piece by piece."""
    files = _files("trust", pieces)
    is_kept = all(place.has(name) for name in files)
    with phases.phase("links") as phase:
        if not is_kept:
            given.take_links(engine)
            phase.add_rows(engine.count("links"))
    with phases.phase("trust", len(pieces)) as phase:
        if is_kept:
            return
        heard = flow.spread(engine)
        for name, people in zip(files, _files("people", pieces), strict=True):
            engine.take_files("people", [str(place / people)], expressions.PEOPLE)

            def write(part: Path) -> None:
                flow.hand_over(engine, heard)
                engine.write(ibis.table(trust.TRUST, "trust"), part)

            phase.step(kept=not place.make(name, write))


def _sum_up(engine: Engine, pieces: Sequence[Piece], place: Workplace, phases: Phases) -> None:
    """The sums of each account, piece by piece; then the table `sums`."""
    names = {what: _files(what, pieces) for what in ("people", "trust", "sums")}
    with phases.phase("sums", len(pieces)) as phase:
        for people, trusted, summed in zip(*names.values(), strict=True):
            engine.take_files("people", [str(place / people)], expressions.PEOPLE)
            engine.take_files("trust", [str(place / trusted)], trust.TRUST)
            phase.step(kept=not place.make(summed, partial(_write_sums, engine)))
            phase.add_rows(engine.count("people"))
    made = [str(place / name) for name in names["sums"]]
    engine.take_files("sums", made, expressions.SUMS)


def _files(what: str, pieces: Sequence[Piece]) -> list[str]:
    return [f"{what}-{n}-of-{len(pieces)}.parquet" for n in range(len(pieces))]


def _write_sums(engine: Engine, file: Path) -> None:
    batches = map(with_tallies, engine.batches(expressions.account_sums()))
    with pq.ParquetWriter(file, expressions.SUMS.to_pyarrow(), compression="lz4") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _score(
    engine: Engine, known: KnownHosts, still: StandingStill, done: Computed, summary: Path
) -> None:
    rows = engine.batches(expressions.account_days())
    with (
        pq.ParquetWriter(done.scores_file, SCORES, compression="lz4") as scores,
        pq.ParquetWriter(done.contributions_file, CONTRIBUTIONS, compression="lz4") as parts,
    ):
        for members in _whole_members(rows):
            on = day_of(members["on_day"][0].as_py())
            accounts = still.rows(members, on)
            for version in computed_on(on):
                batch = score_batch(accounts, on, known, version)
                done.set_aside += [one for one in batch.set_aside if one not in done.set_aside]
                if len(batch.scores):
                    scores.write_table(batch.scores)
                    parts.write_table(batch.contributions)
                done.scores += len(batch.scores)
                done.accounts += len(batch.contributions)
    kept = {name: getattr(done, name) for name in ("scores", "accounts", "set_aside", "notes")}
    summary.write_text(json.dumps(kept))


def _whole_members(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows again, cut so that each piece is of one day and has all accounts of its members."""
    left: pa.RecordBatch | None = None
    for batch in batches:
        both = batch if left is None else pa.concat_batches([left, batch])
        changes = _changes(both, "on_day", "member_id")
        last = int(changes[-1]) if len(changes) else 0
        yield from _by_day(both.slice(0, last))
        left = both.slice(last)
    if left is not None:
        yield from _by_day(left)


def _by_day(rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    cuts = [0, *_changes(rows, "on_day").tolist(), len(rows)]
    yield from (rows.slice(one, other - one) for one, other in pairwise(cuts) if one < other)


def _changes(rows: pa.RecordBatch, *names: str) -> Whole:
    """The rows that differ in one of these columns from the row before."""
    differ = np.logical_or.reduce([np.diff(whole(rows, name)) != 0 for name in names])
    return np.flatnonzero(differ) + 1
