"""From PostgreSQL to the engine: what the rule takes, in bulk, as it was known at a cut-off.

Five COPYs to files, whatever the number of members; the engine reads the files. For a night the
two tables that are large come from the day files instead. No query per member, and no more than a
file's block in our own memory.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from django.db import connection

from scoring import expressions, trust
from scoring.day_files.held import REACTIONS
from scoring.day_files.window import TooOld, Window, open_window
from scoring.engines import Engine
from scoring.rested import SPANS, Rested, moved, rested, rested_on
from scoring.rule import LEFT_OUT_AFTER_DAYS, WINDOW_DAYS

EPOCH = date(1970, 1, 1)

# Accounts that rested have a calendar of their own (see `rested`).
LINKED_DAY = "(a.linked_at AT TIME ZONE 'UTC')::date - %(epoch)s"
HAPPENED_DAY = "(r.happened_at AT TIME ZONE 'UTC')::date - %(epoch)s"
ACCOUNTS_SQL = f"""
    WITH {SPANS}
    SELECT a.member_id, a.id, a.platform, a.served_by, a.handle,
           {moved(LINKED_DAY)}, {moved("latest.read_on - %(epoch)s")}
    FROM networks_linkedaccount a
    LEFT JOIN spans ON spans.account_id = a.id
    LEFT JOIN LATERAL (
        SELECT r.read_on FROM networks_reading r
        WHERE r.account_id = a.id AND r.read_at <= %(cut_off)s
        ORDER BY r.read_on DESC LIMIT 1
    ) latest ON true
    WHERE a.first_read_done_at <= %(cut_off)s AND {{of_members}}
"""  # noqa: S608
READINGS_SQL = """
    SELECT r.account_id, r.read_on - %(epoch)s, r.followers, r.curation
    FROM networks_reading r JOIN networks_linkedaccount a ON a.id = r.account_id
    WHERE r.read_at <= %(cut_off)s
      AND (r.read_on >= %(readings_from)s OR r.account_id = ANY(%(rested)s))
      AND a.first_read_done_at <= %(cut_off)s AND {of_members}
"""
# For a night, which needs of each figure but the latest, or if there is none yet the first: day and
# figure in one number (figures are under 2^40), so that each is a maximum or minimum.
READINGS_OF_A_NIGHT_SQL = """
    SELECT f.account_id, (figure.packed >> 40) AS read_day,
           CASE WHEN figure.is_followers THEN figure.packed & 1099511627775 END,
           CASE WHEN NOT figure.is_followers THEN figure.packed & 1099511627775 END
    FROM (
        SELECT r.account_id,
               coalesce(max(r.day | r.followers) FILTER (WHERE r.is_past),
                        min(r.day | r.followers)) AS followers,
               coalesce(max(r.day | r.curation) FILTER (WHERE r.is_past),
                        min(r.day | r.curation)) AS curation
        FROM (
            SELECT account_id, followers, curation, read_on <= %(last)s AS is_past,
                   (read_on - %(epoch)s)::bigint << 40 AS day
            FROM networks_reading
            WHERE read_at <= %(cut_off)s
              AND (read_on >= %(readings_from)s OR account_id = ANY(%(rested)s))
        ) r GROUP BY r.account_id
    ) f JOIN networks_linkedaccount a ON a.id = f.account_id
    CROSS JOIN LATERAL (VALUES
        (true, f.followers), (false, f.curation)
    ) AS figure (is_followers, packed)
    WHERE figure.packed IS NOT NULL AND a.first_read_done_at <= %(cut_off)s AND {of_members}
"""
# What people do to their own words is no response.
REACTIONS_SQL = """
    SELECT r.account_id, r.responder_hash, r.standing,
           (r.happened_at AT TIME ZONE 'UTC')::date - %(epoch)s
    FROM networks_reaction r JOIN networks_linkedaccount a ON a.id = r.account_id
    WHERE r.happened_at >= %(reactions_from)s AND r.happened_at < %(reactions_to)s
      AND r.recorded_at <= %(cut_off)s AND r.responder_hash <> a.person_hash
      AND a.first_read_done_at <= %(cut_off)s AND {of_members}
"""
# The same of accounts that rested, as their own calendar has it.
MOVED_SQL = f"""
    WITH {SPANS}
    SELECT account_id, responder_hash, standing, happened_day FROM (
        SELECT r.account_id, r.responder_hash, r.standing,
               {moved(HAPPENED_DAY)} AS happened_day
        FROM spans JOIN networks_linkedaccount a ON a.id = spans.account_id
        JOIN networks_reaction r ON r.account_id = a.id
        WHERE r.happened_at >= %(rested_from)s AND r.happened_at < %(reactions_to)s
          AND r.recorded_at <= %(cut_off)s AND r.responder_hash <> a.person_hash
          AND a.first_read_done_at <= %(cut_off)s AND {{of_members}}
          AND NOT {rested_on(HAPPENED_DAY)}
    ) of_their_own
    WHERE happened_day >= %(reactions_from_day)s
"""  # noqa: S608
# The graph of members as of the last of the days, whichever days are asked for.
LINKS_SQL = """
    SELECT a.member_id, o.target_hash, count(*)
    FROM networks_outreach o JOIN networks_linkedaccount a ON a.id = o.account_id
    WHERE o.happened_at >= %(links_from)s AND o.happened_at < %(reactions_to)s
      AND o.recorded_at <= %(cut_off)s
      AND a.first_read_done_at <= %(cut_off)s AND {of_neighbours}
    GROUP BY a.member_id, o.target_hash
"""
PERSONS_SQL = """
    SELECT a.person_hash, a.member_id, a.standing, a.platform, a.served_by
    FROM networks_linkedaccount a
    WHERE a.first_read_done_at <= %(cut_off)s AND {of_neighbours}
"""
# Trust goes two steps, so all of it that comes to those who responded to some members begins at
# most two steps from there: who reached out to the responders, and who to those in turn.
NEIGHBOURS_SQL = """
    a.member_id IN (
        WITH responders AS MATERIALIZED (
            SELECT DISTINCT r.responder_hash AS hash
            FROM networks_reaction r JOIN networks_linkedaccount s ON s.id = r.account_id
            WHERE s.member_id = ANY(%(members)s)
              AND r.happened_at < %(reactions_to)s
              AND (r.happened_at >= %(reactions_from)s
                   OR r.account_id = ANY(%(rested)s) AND r.happened_at >= %(rested_from)s)
        ), near AS MATERIALIZED (
            SELECT unnest(%(members)s::bigint[]) AS id
            UNION SELECT p.member_id FROM networks_linkedaccount p
                  JOIN responders ON responders.hash = p.person_hash
            UNION SELECT s.member_id FROM networks_outreach o
                  JOIN responders ON responders.hash = o.target_hash
                  JOIN networks_linkedaccount s ON s.id = o.account_id
        )
        SELECT id FROM near
        UNION SELECT s.member_id FROM near
              JOIN networks_linkedaccount p ON p.member_id = near.id
              JOIN networks_outreach o ON o.target_hash = p.person_hash
              JOIN networks_linkedaccount s ON s.id = o.account_id
    )
"""

# A table of the engine, the query for it, its columns.
Copied = tuple[str, str, ibis.Schema]
COPIED: tuple[Copied, ...] = (
    ("accounts", ACCOUNTS_SQL, expressions.ACCOUNTS),
    ("readings", READINGS_SQL, expressions.READINGS),
    ("persons", PERSONS_SQL, trust.PERSONS),
    ("moved_reactions", MOVED_SQL, expressions.REACTIONS),
)
COPIED_FOR_A_NIGHT: tuple[Copied, ...] = (
    COPIED[0],
    ("readings", READINGS_OF_A_NIGHT_SQL, expressions.READINGS),
    *COPIED[2:],
)
# What a night reads from the day files.
REACTIONS_COPIED: Copied = ("copied_reactions", REACTIONS_SQL, expressions.REACTIONS)
COPIED_WITHOUT_FILES: tuple[Copied, ...] = (REACTIONS_COPIED, ("links", LINKS_SQL, trust.LINKS))


@dataclass(frozen=True)
class Wanted:
    """Whose scores, for which days, from what was recorded up to `cut_off_at`; None: everybody's.

    `days` are the days at whose beginning (midnight UTC) the scores speak. `from_files`:
    reactions and outreach come from the day files, as for a night (everybody and one day).
    """

    days: Sequence[date]
    cut_off_at: datetime
    members: Sequence[int] | None = None
    from_files: bool = False


def day_number(on: date) -> int:
    return (on - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


@dataclass(frozen=True)
class Piece:
    """The accounts with ids from `first` up to, and without, `end`."""

    first: int = 0
    end: int = sys.maxsize

    def of(self, rows: ir.Table) -> ir.Table:
        """Those of the rows that are of these accounts."""
        if self == ALL_ACCOUNTS:
            return rows
        return rows.filter(rows.account_id >= self.first, rows.account_id < self.end)


ALL_ACCOUNTS = Piece()


@dataclass
class Gathered:
    """What the rule takes, outside PostgreSQL: `rows` that were copied now, and `acts` in files.

    `acts` are the reactions; where outreach was copied with them, that as well.
    `notes` are sentences about what was not as it should be, and was mended.
    """

    wanted: Wanted
    folder: Path
    rested: Rested = field(default_factory=Rested)
    rows: int = 0
    acts: int = 0
    window: Window | None = None
    notes: list[str] = field(default_factory=list)

    def load(self, engine: Engine, known: Mapping[str, frozenset[str]]) -> None:
        """Make all tables that the expressions begin with, but for reactions and trust."""
        for name, _, schema in COPIED if self.window else (*COPIED, REACTIONS_COPIED):
            engine.take_csv(name, self._file(name), schema)
        take_known(engine, known)
        engine.take_columns("rested", {"account_id": self.rested.accounts})
        engine.take_columns("days", {"on_day": [day_number(on) for on in self.wanted.days]})
        for name, table in expressions.tables().items():
            engine.take_columns(name, table)

    def take_links(self, engine: Engine) -> None:
        """Make `links`, which the flow of trust goes along."""
        if self.window:
            self.window.take_links(engine)
        else:
            engine.take_csv("links", self._file("links"), trust.LINKS)

    def pieces(self, engine: Engine, rows: int) -> list[Piece]:
        """All accounts, in pieces with about so many of the `acts` each; the same for the same."""
        count = max(1, -(-self.acts // rows))
        accounts = ibis.table(expressions.ACCOUNTS, "accounts")
        ids = engine.columns(accounts.select("account_id").order_by("account_id"))["account_id"]
        cuts = [int(ids[len(ids) * n // count]) if len(ids) else 0 for n in range(1, count)]
        return [Piece(*ends) for ends in pairwise([0, *cuts, sys.maxsize])]

    def take_reactions(self, engine: Engine, piece: Piece = ALL_ACCOUNTS) -> None:
        """Make `reactions` of those to the accounts of a piece alone."""
        rows = piece.of(
            self.window.reactions(engine)
            if self.window
            else ibis.table(expressions.REACTIONS, "copied_reactions")
        )
        if self.rested.spans:
            rested = ibis.table({"account_id": "int64"}, "rested")
            moved = ibis.table(expressions.REACTIONS, "moved_reactions")
            rows = rows.anti_join(rested, "account_id").union(piece.of(moved))
        engine.define("reactions", rows)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.csv"


@contextmanager
def gathered(wanted: Wanted, folder: Path, engine: Engine) -> Iterator[Gathered]:
    """Bring what the rule takes out of PostgreSQL, into `folder`, for an engine to load.

    With `from_files` reactions and outreach come from the day files, which are brought up to date
    first and left alone by everybody until the block is left.
    """
    given = Gathered(wanted, folder, rested=rested_of(wanted))
    with ExitStack() as stack:
        if wanted.from_files:
            try:
                given.window = stack.enter_context(
                    open_window(wanted.days[-1], wanted.cut_off_at, fetches=not engine.reads_urls)
                )
            except TooOld as old:
                given.notes.append(str(old))
        given.rows = copy_out(given)
        if given.window:
            given.acts = given.window.rows(REACTIONS)
            given.notes += given.window.notes
        else:
            given.acts = copy_acts(given)
        yield given


def rested_of(wanted: Wanted) -> Rested:
    """The accounts whose rests are over, as known at the cut-off."""
    since = day_number(min(wanted.days)) - LEFT_OUT_AFTER_DAYS - WINDOW_DAYS
    return rested(wanted.cut_off_at, since, EPOCH, wanted.members)


def copy_out(given: Gathered) -> int:
    """Write all but reactions and outreach into files; returns the number of rows."""
    return _copy(COPIED_FOR_A_NIGHT if given.wanted.from_files else COPIED, given)


def copy_acts(given: Gathered) -> int:
    """Write reactions and outreach into files; returns the number of rows."""
    return _copy(COPIED_WITHOUT_FILES, given)


def _copy(tables: Sequence[Copied], given: Gathered) -> int:
    values = _values(given.wanted, given.rested)
    everybody = given.wanted.members is None
    whose = {
        "of_members": "true" if everybody else "a.member_id = ANY(%(members)s)",
        "of_neighbours": "true" if everybody else NEIGHBOURS_SQL,
    }
    rows = 0
    with connection.cursor() as cursor:
        for name, sql, _ in tables:
            place = given.folder / f"{name}.csv"
            # A night that was stopped and is taken up has it already.
            if place.exists():
                continue
            query = cursor.mogrify(sql.format(**whose), values).decode()
            beside = place.with_suffix(".csv.part")
            with beside.open("wb") as file:
                cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", file)
            beside.replace(place)
            rows += cursor.rowcount
    return rows


def take_known(engine: Engine, known: Mapping[str, frozenset[str]]) -> None:
    """Make `known` of the known hosts by platform."""
    pairs = [(platform, host) for platform, hosts in known.items() for host in hosts]
    columns = {
        "platform": [platform for platform, _ in pairs],
        "host": [host for _, host in pairs],
    }
    engine.take_columns("known", columns, trust.KNOWN)


def _values(wanted: Wanted, over: Rested) -> dict[str, Any]:
    first, last = min(wanted.days), max(wanted.days)
    stopped = timedelta(days=LEFT_OUT_AFTER_DAYS)
    reactions_from = first - stopped - timedelta(days=WINDOW_DAYS)
    return {
        "epoch": EPOCH,
        "cut_off": wanted.cut_off_at,
        "members": list(wanted.members or ()),
        "last": last,
        "readings_from": first - stopped,
        "reactions_from": _midnight(reactions_from),
        "reactions_from_day": day_number(reactions_from),
        "rested_from": _midnight(reactions_from - timedelta(days=over.longest)),
        **over.values,
        "reactions_to": _midnight(last),
        "links_from": _midnight(last - timedelta(days=WINDOW_DAYS)),
    }


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
