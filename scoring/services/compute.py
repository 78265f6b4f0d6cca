"""From inputs to rows that are ready to be stored, member by member, in files."""

import csv
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from django.conf import settings

from networks.known_hosts import known_hosts
from networks.registry import PLATFORMS
from scoring import flow, inputs, tallies
from scoring.band import band
from scoring.engines import Engine, open_engine
from scoring.inputs import Row, Wanted, day_of
from scoring.models import Contribution
from scoring.rule import WINDOW_DAYS, WITHOUT_AUDIENCE, AccountFigures, Result
from scoring.versions import Version, computed_on

logger = logging.getLogger(__name__)

NEVER_READ_DAYS = 1_000_000


@dataclass
class Computed:
    """Two files of rows for `store`, and what happened while they were made."""

    scores_file: Path
    contributions_file: Path
    scores: int = 0
    accounts: int = 0
    set_aside: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phases: dict[str, dict[str, float]] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[dict[str, float]]:
        started = perf_counter()
        noted = self.phases[name] = {}
        yield noted
        noted["seconds"] = round(perf_counter() - started, 3)


@contextmanager
def computed(wanted: Wanted) -> Iterator[Computed]:
    """The scores of all `wanted` members and days; the files go when the block is left."""
    with TemporaryDirectory(prefix="klout-scores-") as name:
        folder = Path(name)
        done = Computed(folder / "scores.csv", folder / "contributions.csv")
        address = settings.NIGHT_ENGINE if wanted.from_files else "duckdb"
        with open_engine(folder, address) as engine, ExitStack() as stack:
            known = {platform: known_hosts(platform) for platform in PLATFORMS}
            with done.phase("read") as noted:
                given = stack.enter_context(inputs.gathered(wanted, folder, engine))
                noted["rows"], done.notes = given.rows, given.notes
            with done.phase("load"):
                given.load(engine, known)
            with done.phase("trust"):
                flow.hand_over(engine, flow.spread(engine))
            with done.phase("score") as noted:
                _score(engine, known, done)
                noted["rows"] = done.accounts
        yield done


def _score(engine: Engine, known: dict[str, frozenset[str]], done: Computed) -> None:
    rows = inputs.account_days(engine)
    with (
        done.scores_file.open("w", newline="") as scores,
        done.contributions_file.open("w", newline="") as contributions,
    ):
        _write(_members(rows, known, done), csv.writer(scores), csv.writer(contributions), done)


def _members(
    rows: Iterable[Row], known: dict[str, frozenset[str]], done: Computed
) -> Iterator[tuple[list[Any], list[list[Any]]]]:
    """Each member and day as rows to store; one with data in disorder is set aside."""
    for (on_day, member_id), group in groupby(rows, lambda r: (r["on_day"], r["member_id"])):
        accounts = list(group)
        on = day_of(on_day)
        try:
            for version in computed_on(on):
                yield score_member(member_id, on, accounts, known, version)
        except Exception:
            logger.exception("score set aside", extra={"member_id": member_id})
            if member_id not in done.set_aside:
                done.set_aside.append(member_id)


def _write(
    members: Iterable[tuple[list[Any], list[list[Any]]]],
    scores: Any,
    contributions: Any,
    done: Computed,
) -> None:
    for score_row, contribution_rows in members:
        scores.writerow(score_row)
        contributions.writerows(contribution_rows)
        done.scores += 1
        done.accounts += len(contribution_rows)


def score_member(
    member_id: int,
    on: date,
    accounts: Sequence[Row],
    known: dict[str, frozenset[str]],
    version: Version,
) -> tuple[list[Any], list[list[Any]]]:
    """One member on one day: the score's row and those of its contributions (see `store`)."""
    figures = [_figures(row, known) for row in accounts]
    result = version.score(figures)
    days = _days_of_data(accounts, figures)
    likely = band(figures, [row["squares"] for row in accounts], result, days)
    head = [
        member_id,
        on,
        version.name,
        result.hundredths,
        likely.low_hundredths,
        likely.high_hundredths,
        result.reach,
        days,
    ]
    return head, _contributions([member_id, on, version.name], accounts, figures, result)


def _figures(row: Row, known: dict[str, frozenset[str]]) -> AccountFigures:
    last_read = row["last_read_day"]
    days = NEVER_READ_DAYS if last_read is None else max(0, row["on_day"] - last_read)
    return AccountFigures(
        key=row["account_id"],
        platform=row["platform"],
        followers=row["followers"],
        curation=row["curation"],
        response=row["response"],
        everyone=row["everyone"],
        is_known_host=row["host"] in known.get(row["platform"], ()),
        days_since_read=days,
    )


def _days_of_data(accounts: Sequence[Row], figures: Sequence[AccountFigures]) -> int:
    """Days since the first reaction in the window or the linking of an account that counts."""
    longest = 0
    for row, account in zip(accounts, figures, strict=True):
        if account.is_counted:
            starts = [day for day in (row["linked_day"], row["first_day"]) if day is not None]
            longest = max(longest, row["on_day"] - min(starts))
    return min(longest, WINDOW_DAYS)


def _contributions(
    key: list[Any],
    accounts: Sequence[Row],
    figures: Sequence[AccountFigures],
    result: Result,
) -> list[list[Any]]:
    return [
        [
            *key,
            row["account_id"],
            row["platform"],
            row["handle"],
            _state(account),
            share.tenths,
            share.reach,
            row["followers"],
            row["curation"],
            row["response"],
            row["squares"],
            row["everyone"],
            share.granted,
            row["acts"],
            row["people"],
            _array(row[f"weight_{quarters}"] for quarters in range(tallies.WEIGHTS)),
            _array(_tally(row)),
            None
            if row["last_read_day"] is None
            else day_of(min(row["on_day"], row["last_read_day"])),
        ]
        for row, account, share in zip(accounts, figures, result.shares, strict=True)
    ]


def _tally(row: Row) -> list[int]:
    tally: list[int] = row["tally"] or []
    return tally if row["people"] <= tallies.PEOPLE_AT_MOST else tallies.fitting(tally)


def _array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _state(account: AccountFigures) -> str:
    if not account.is_counted:
        return Contribution.State.NOT_READ.value
    if not account.is_known_host:
        return Contribution.State.UNKNOWN_HOST.value
    if account.followers is None and account.platform not in WITHOUT_AUDIENCE:
        return Contribution.State.NO_READING.value
    return Contribution.State.COUNTED.value
