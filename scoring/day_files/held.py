"""What the day files hold of which table, and the SQL that says so.

Whole numbers only: ids of accounts, keyed hashes, standings, days. No name, no address, no text,
and nothing that tells one act from another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis

EPOCH = date(1970, 1, 1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

HAPPENED_DAY = "(t.happened_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01'"
# Exact: PostgreSQL takes seconds out as decimal numbers.
RECORDED = "(extract(epoch FROM t.recorded_at) * 1000000)::bigint"


@dataclass(frozen=True)
class Held:
    """One table and the columns that are kept of it, as SQL over `t` and its account `a`.

    The first two columns are the account's id and the person; `happened_day` is in days and
    `recorded` in microseconds since 1970.
    """

    name: str
    table: str
    columns: Mapping[str, str]
    but_for: str

    @property
    def schema(self) -> ibis.Schema:
        return ibis.schema(dict.fromkeys(self.columns, "int64"))

    @property
    def summed(self) -> list[str]:
        """The columns whose sums are held against PostgreSQL, day by day."""
        return [name for name in self.columns if name != "happened_day"]

    def rows_sql(self) -> str:
        """Rows of a stretch, of the shards asked for."""
        selected = ", ".join(f"{sql} AS {name}" for name, sql in self.columns.items())
        return f"SELECT {selected} {self._source()}"

    def days_sql(self) -> str:
        """For each day on which something happened: how many rows, and the sum of each column."""
        sums = ", ".join(f"sum(({self.columns[name]})::numeric)" for name in self.summed)
        return f"SELECT {HAPPENED_DAY}, count(*), {sums} {self._source()} GROUP BY 1"

    def there_sql(self) -> str:
        """How many rows were recorded in a stretch, whatever they are; by the index alone."""
        return (
            f"SELECT count(*) FROM {self.table} "  # noqa: S608
            "WHERE recorded_at > %(after)s AND recorded_at <= %(upto)s"
        )

    def by_day_sql(self) -> str:
        """How many rows were recorded on which day of a stretch."""
        return (
            "SELECT (recorded_at AT TIME ZONE 'UTC')::date, count(*) "  # noqa: S608
            f"FROM {self.table} WHERE recorded_at > %(after)s AND recorded_at <= %(upto)s "
            "GROUP BY 1"
        )

    def _source(self) -> str:
        return f"""
            FROM {self.table} t JOIN networks_linkedaccount a ON a.id = t.account_id
            WHERE t.recorded_at > %(after)s AND t.recorded_at <= %(upto)s
              AND t.happened_at >= %(happened_from)s AND {self.but_for}
              AND mod(t.account_id, %(shards)s) = ANY(%(which)s)
        """


# What people do to their own words is no response.
REACTIONS = Held(
    "reactions",
    "networks_reaction",
    {
        "account_id": "t.account_id",
        "responder": "t.responder_hash",
        "standing": "t.standing",
        "happened_day": HAPPENED_DAY,
        "recorded": RECORDED,
    },
    but_for="t.responder_hash <> a.person_hash",
)
OUTREACH = Held(
    "outreach",
    "networks_outreach",
    {
        "account_id": "t.account_id",
        "target": "t.target_hash",
        "happened_day": HAPPENED_DAY,
        "recorded": RECORDED,
    },
    but_for="true",
)
ALL_HELD = (REACTIONS, OUTREACH)


@dataclass(frozen=True)
class Stretch:
    """What was recorded after one moment up to another, and happened on a day or later."""

    after: datetime
    upto: datetime
    happened_from: date

    def values(self, shards: int = 1, which: Sequence[int] = (0,)) -> dict[str, Any]:
        """What the SQL of `Held` asks for; shard n has the accounts with `id % shards == n`."""
        return {
            "after": self.after,
            "upto": self.upto,
            "happened_from": datetime.combine(self.happened_from, datetime.min.time(), UTC),
            "shards": shards,
            "which": list(which),
        }


def recorded(moment: datetime) -> int:
    """A moment as the column `recorded` has it."""
    return (moment - BEGINNING) // MICROSECOND


def day_of(number: int) -> date:
    """The day of a `happened_day`."""
    return EPOCH + timedelta(days=number)
