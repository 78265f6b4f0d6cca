"""A batch of members, from the engine's rows of accounts to rows that are ready to be stored.

All members at once by `scoring.columns`; whoever is beyond what columns hold, one by one by the
rule itself. A member for whom that fails too is set aside, and the others are not held up.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring import tallies
from scoring.band import band
from scoring.columns import Figures, Flag, Scored, Whole
from scoring.models import Contribution
from scoring.rule import (
    CURATION_NEVER_LOWERS,
    HIGHEST,
    LOWEST,
    WINDOW_DAYS,
    WITH_CURATION,
    WITHOUT_AUDIENCE,
    AccountFigures,
)
from scoring.versions import Version

logger = logging.getLogger(__name__)

NEVER_READ_DAYS = 1_000_000
# What fits the columns of PostgreSQL.
COUNTS_BELOW = 1 << 31

SCORES = pa.schema(
    [
        ("member_id", pa.int64()),
        ("on", pa.date32()),
        ("rule", pa.string()),
        ("hundredths", pa.int64()),
        ("low_hundredths", pa.int64()),
        ("high_hundredths", pa.int64()),
        ("reach", pa.int64()),
        ("days_of_data", pa.int64()),
    ]
)
CONTRIBUTIONS = pa.schema(
    [
        ("member_id", pa.int64()),
        ("on", pa.date32()),
        ("rule", pa.string()),
        ("account_id", pa.int64()),
        ("platform", pa.string()),
        ("handle", pa.string()),
        ("state", pa.string()),
        ("tenths", pa.int64()),
        ("reach", pa.int64()),
        ("audience", pa.int64()),
        ("curation", pa.int64()),
        ("response", pa.int64()),
        ("response_squares", pa.int64()),
        ("everyone", pa.int64()),
        ("granted", pa.bool_()),
        ("acts", pa.int64()),
        ("people", pa.int64()),
        ("by_weight", pa.string()),
        ("tally", pa.string()),
        ("effective_on", pa.date32()),
        ("clock_on", pa.date32()),
    ]
)

KnownHosts = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Batch:
    """Rows of SCORES and CONTRIBUTIONS, of one day and version; and who was set aside."""

    scores: pa.Table
    contributions: pa.Table
    set_aside: list[int]


def score_batch(rows: pa.RecordBatch, on: date, known: KnownHosts, version: Version) -> Batch:
    """The scores of whole members on one day, from rows of `StandingStill.rows`."""
    members = whole(rows, "member_id")
    starts = np.flatnonzero(np.diff(members, prepend=-1))
    sizes = np.diff(starts, append=len(members))
    figures = _figures(rows, starts, known)
    days = _days_of_data(rows, figures)
    scored = _by_columns(figures, days, version)
    kept = np.ones(len(starts), dtype=bool)
    for place in np.flatnonzero(scored.is_beyond):
        accounts = slice(int(starts[place]), int(starts[place] + sizes[place]))
        try:
            _score_one(scored, rows, figures, int(place), accounts, int(days[place]), version)
        except Exception:
            logger.exception("score set aside", extra={"member_id": int(members[starts[place]])})
            kept[place] = False
    kept &= _is_storable(scored, rows, starts)
    return Batch(
        _scores(scored, members[starts], on, days, version).filter(pa.array(kept)),
        _contributions(scored, rows, figures, on, version).filter(pa.array(np.repeat(kept, sizes))),
        members[starts[~kept]].tolist(),
    )


def whole(rows: pa.RecordBatch, name: str, missing: int = 0) -> Whole:
    """A column as whole numbers, with `missing` where there is none."""
    found: Whole = pc.fill_null(rows[name], missing).to_numpy(zero_copy_only=False)
    return found


def _figures(rows: pa.RecordBatch, starts: Whole, known: KnownHosts) -> Figures:
    last_read = whole(rows, "last_read_day", -NEVER_READ_DAYS)
    since = np.maximum(0, _clock(rows) - last_read)
    return Figures(
        starts=starts,
        followers=whole(rows, "followers"),
        curation=whole(rows, "curation"),
        response=whole(rows, "response"),
        everyone=whole(rows, "everyone"),
        squares=whole(rows, "squares"),
        is_known_host=_is_known(rows, known),
        days_since_read=np.where(last_read == -NEVER_READ_DAYS, NEVER_READ_DAYS, since),
        has_audience=~_is_on(rows, WITHOUT_AUDIENCE),
        has_curation=_is_on(rows, WITH_CURATION) & ~_is_missing(rows, "curation"),
        curation_never_lowers=_is_on(rows, CURATION_NEVER_LOWERS),
    )


def _clock(rows: pa.RecordBatch) -> Whole:
    """The day to which an account's ages are counted: that of the score, unless it rests."""
    return np.where(_is_missing(rows, "clock_day"), whole(rows, "on_day"), whole(rows, "clock_day"))


def _is_known(rows: pa.RecordBatch, known: KnownHosts) -> Flag:
    """Each pair of platform and host is looked up once."""
    pairs = pc.binary_join_element_wise(rows["platform"], rows["host"], " ").dictionary_encode()
    names = [pair.split(" ", 1) for pair in pairs.dictionary.to_pylist()]
    believed = np.array([host in known.get(platform, ()) for platform, host in names], dtype=bool)
    is_known: Flag = believed[pairs.indices.to_numpy()]
    return is_known


def _is_on(rows: pa.RecordBatch, platforms: frozenset[str]) -> Flag:
    found: Flag = pc.is_in(rows["platform"], pa.array(sorted(platforms))).to_numpy(
        zero_copy_only=False
    )
    return found


def _is_missing(rows: pa.RecordBatch, name: str) -> Flag:
    found: Flag = rows[name].is_null().to_numpy(zero_copy_only=False)
    return found


def _days_of_data(rows: pa.RecordBatch, figures: Figures) -> Whole:
    """Days since the first reaction in the window or the linking of an account that counts."""
    clock, linked = _clock(rows), whole(rows, "linked_day")
    first = np.where(_is_missing(rows, "first_day"), linked, whole(rows, "first_day"))
    days = np.where(figures.is_counted, clock - np.minimum(linked, first), 0)
    return np.clip(np.maximum.reduceat(days, figures.starts), 0, WINDOW_DAYS)


def _by_columns(figures: Figures, days: Whole, version: Version) -> Scored:
    """All by columns; by a version that knows none, or if it fails, all are beyond."""
    if version.score_columns:
        try:
            return version.score_columns(figures, days)
        except Exception:
            logger.exception("scored one by one")
    return Scored.nothing(len(figures.starts), len(figures.response))


def _account_figures(
    rows: pa.RecordBatch, figures: Figures, accounts: slice
) -> list[AccountFigures]:
    part = rows.slice(accounts.start, accounts.stop - accounts.start)
    known = figures.is_known_host[accounts].tolist()
    days = figures.days_since_read[accounts].tolist()
    return [
        AccountFigures(
            key=row["account_id"],
            platform=row["platform"],
            followers=row["followers"],
            curation=row["curation"],
            response=row["response"],
            everyone=row["everyone"],
            is_known_host=is_known,
            days_since_read=since,
        )
        for row, is_known, since in zip(part.to_pylist(), known, days, strict=True)
    ]


def _score_one(
    scored: Scored,
    rows: pa.RecordBatch,
    figures: Figures,
    place: int,
    accounts: slice,
    days: int,
    version: Version,
) -> None:
    """Put into `scored` what the rule itself says of one member."""
    of = _account_figures(rows, figures, accounts)
    result = version.score(of)
    likely = band(of, figures.squares[accounts].tolist(), result, days)
    scored.hundredths[place] = result.hundredths
    scored.low_hundredths[place] = likely.low_hundredths
    scored.high_hundredths[place] = likely.high_hundredths
    scored.reach[place] = result.reach
    scored.account_reach[accounts] = [share.reach for share in result.shares]
    scored.tenths[accounts] = [share.tenths for share in result.shares]
    scored.granted[accounts] = [share.granted for share in result.shares]


def _is_storable(scored: Scored, rows: pa.RecordBatch, starts: Whole) -> Flag:
    """Whether the database would take a member's rows: one that it refuses would stop them all."""
    counts = np.maximum(whole(rows, "people"), whole(rows, "acts"))
    low, high = scored.low_hundredths, scored.high_hundredths
    return (
        (low >= LOWEST)
        & (low <= scored.hundredths)
        & (scored.hundredths <= high)
        & (high <= HIGHEST)
        & (scored.reach >= 0)
        & (np.minimum.reduceat(scored.account_reach, starts) >= 0)
        & (np.maximum.reduceat(counts, starts) < COUNTS_BELOW)
    )


def _scores(scored: Scored, members: Whole, on: date, days: Whole, version: Version) -> pa.Table:
    return pa.table(
        [
            members,
            pa.repeat(pa.scalar(on, pa.date32()), len(members)),
            pa.repeat(version.name, len(members)),
            scored.hundredths,
            scored.low_hundredths,
            scored.high_hundredths,
            scored.reach,
            days,
        ],
        schema=SCORES,
    )


def _contributions(
    scored: Scored, rows: pa.RecordBatch, figures: Figures, on: date, version: Version
) -> pa.Table:
    read = np.minimum(whole(rows, "on_day"), whole(rows, "last_read_day")).astype(np.int32)
    return pa.table(
        [
            rows["member_id"],
            pa.repeat(pa.scalar(on, pa.date32()), len(rows)),
            pa.repeat(version.name, len(rows)),
            rows["account_id"],
            rows["platform"],
            rows["handle"],
            _states(rows, figures),
            scored.tenths,
            scored.account_reach,
            rows["followers"],
            rows["curation"],
            rows["response"],
            rows["squares"],
            rows["everyone"],
            scored.granted,
            rows["acts"],
            rows["people"],
            _braced([rows[f"weight_{quarters}"] for quarters in range(tallies.WEIGHTS)]),
            _tallies(rows),
            pa.array(read, mask=_is_missing(rows, "last_read_day")).cast(pa.date32()),
            rows["clock_day"].cast(pa.int32()).cast(pa.date32()),
        ],
        schema=CONTRIBUTIONS,
    )


def _states(rows: pa.RecordBatch, figures: Figures) -> pa.Array:
    state = Contribution.State
    unread = _is_missing(rows, "followers") & figures.has_audience
    names = [state.NOT_READ, state.UNKNOWN_HOST, state.NO_READING]
    found = np.select(
        [~figures.is_counted, ~figures.is_known_host, unread],
        [name.value for name in names],
        state.COUNTED.value,
    )
    return pa.array(found)


def _braced(numbers: Sequence[pa.Array]) -> pa.Array:
    """Columns side by side, as PostgreSQL reads an array."""
    inside = pc.binary_join_element_wise(*[one.cast(pa.string()) for one in numbers], ",")
    return pc.binary_join_element_wise("{", inside, "}", "")


def _tallies(rows: pa.RecordBatch) -> pa.Array:
    """As PostgreSQL reads them; cells of too many people for one number are cut."""
    lists = rows["tally"]
    crowded = np.flatnonzero(whole(rows, "people") > tallies.PEOPLE_AT_MOST)
    if len(crowded):
        cut = lists.to_pylist()
        for place in crowded:
            cut[place] = tallies.fitting(cut[place])
        lists = pa.array(cut, lists.type)
    texts = lists.cast(pa.list_(pa.string()))
    return pc.binary_join_element_wise("{", pc.fill_null(pc.binary_join(texts, ","), ""), "}", "")
