"""The model's rows in PostgreSQL: by COPY, with the indexes of the two large tables made after."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from benchmarks.night_model import PLATFORMS, WINDOW_DAYS, Accounts, Rows, Whole
from networks.registry import PLATFORMS as REGISTRY

READINGS = 3
SECONDS_A_DAY = 86_400
POLLED_WITHIN = 7_200
SPREAD = 7_919
MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_members(accounts: Accounts, on: date) -> None:
    """Members, linked accounts and readings, for a night of `on`."""
    with indexed_after("networks_reading", "networks_linkedaccount", "accounts_member"):
        _add_members(accounts, on)


def _add_members(accounts: Accounts, on: date) -> None:
    members = np.unique(accounts.member)
    _copy(
        "accounts_member",
        {
            "id": members,
            "email": _named("m{}@example.com", members),
            "name": _named("Member {}", members),
            "address": _named("address-{}", members),
            "password": "!",
            "is_superuser": False,
            "is_active": True,
            "is_staff": False,
            "joined_at": _moment(on - timedelta(days=400)),
            # What nobody has chosen yet.
            **dict.fromkeys(("language", "time_zone", "theme", "picture"), ""),
            "score_shown": "daily",
            "mails_announcements": False,
        },
    )
    number = np.arange(1, len(accounts) + 1)
    platform = np.array(PLATFORMS)[accounts.platform]
    _copy(
        "networks_linkedaccount",
        {
            "id": number,
            "member_id": accounts.member,
            "platform": platform,
            "host": _hosts(accounts, number),
            "served_by": _hosts(accounts, number),
            "remote_id": number,
            "handle": _named("@m{}@klout.example", number),
            "name": "",
            "url": "",
            "person_hash": accounts.person,
            "credentials": "",
            "state": "active",
            "findable": True,
            "on_profile": False,
            "linked_at": _moment(on - timedelta(days=300)),
            "standing": accounts.standing,
            "cursor": "{}",
            "failures": 0,
            "last_problem": "",
            "last_read_at": _moment(on),
            "first_read_done_at": _moment(on - timedelta(days=299)),
        },
    )
    has_followers = np.isin(platform, ["blog"], invert=True)
    has_curation = np.isin(platform, ["x", "github"])
    for days in range(READINGS):
        _copy(
            "networks_reading",
            {
                "account_id": number,
                "read_on": pa.scalar(on - timedelta(days=days)),
                "read_at": _moment(on - timedelta(days=days), hours=1),
                "followers": pa.array(accounts.followers, mask=~has_followers),
                "curation": pa.array(accounts.followers // 50, mask=~has_curation),
            },
        )
    for table in ("accounts_member", "networks_linkedaccount"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, len(accounts)]
            )


def add_reactions(rows: Iterable[Rows], on: date) -> None:
    """Reactions of the window that ends at midnight before `on`, recorded as polls would."""
    for some in rows:
        happened, recorded = _times(some, on)
        _copy(
            "networks_reaction",
            {
                "account_id": some.account,
                "act_hash": some.act,
                "responder_hash": some.person,
                "kind": "like",
                "standing": some.standing,
                "post_remote_id": "",
                "happened_at": happened,
                "recorded_at": recorded,
            },
        )


def add_outreach(rows: Iterable[Rows], on: date) -> None:
    for some in rows:
        happened, recorded = _times(some, on)
        _copy(
            "networks_outreach",
            {
                "account_id": some.account,
                "act_key": some.act,
                "target_hash": some.person,
                "target_handle": "@somebody@klout.example",
                "target_name": "",
                "target_host": "klout.example",
                "target_url": "",
                "kind": "reply",
                "url": "",
                "happened_at": happened,
                "recorded_at": recorded,
            },
        )


@contextmanager
def indexed_after(*tables: str) -> Iterator[None]:
    """Without the indexes and foreign keys of these tables; they are back when the block is left.

    Many rows go in several times as fast, and the indexes are as fresh as after a REINDEX.
    """
    with connection.cursor() as cursor:
        dropped = [statement for table in tables for statement in _drop(cursor, table)]
    yield
    with connection.cursor() as cursor:
        for statement in dropped:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')


def _drop(cursor: Any, table: str) -> list[str]:
    """Drops all but the primary key; what brings them back."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('u', 'f')",
        [table],
    )
    constraints = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in indexes] + [
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}'
        for name, definition in constraints
    ]


def _copy(table: str, columns: dict[str, Any]) -> None:
    """Rows into a table by COPY; what is one value is the same in all of them."""
    size = max(len(column) for column in columns.values() if isinstance(column, np.ndarray))
    arrays = {
        name: column if isinstance(column, np.ndarray | pa.Array) else pa.repeat(column, size)
        for name, column in columns.items()
    }
    written = io.BytesIO()
    csv.write_csv(pa.table(arrays), written, csv.WriteOptions(include_header=False))
    written.seek(0)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)', written)


def recorded_seconds(rows: Rows, on: date) -> tuple[Whole, Whole]:
    """When each happened, and when the poll of the night after recorded it, before two."""
    midnight = (_moment(on - timedelta(days=WINDOW_DAYS)).as_py() - EPOCH) // timedelta(seconds=1)
    day = midnight + rows.day * SECONDS_A_DAY
    happened = day + rows.act % SECONDS_A_DAY
    recorded = day + SECONDS_A_DAY + rows.account * SPREAD % POLLED_WITHIN
    return happened, recorded


def _times(rows: Rows, on: date) -> tuple[pa.Array, pa.Array]:
    happened, recorded = recorded_seconds(rows, on)
    return _stamps(happened), _stamps(recorded)


def _stamps(seconds: Whole) -> pa.Array:
    return pa.array(seconds * MICROSECONDS, pa.timestamp("us"))


def _moment(on: date, hours: int = 0) -> pa.Scalar:
    moment = datetime.combine(on, time(hours), UTC)
    return pa.scalar(moment, pa.timestamp("us", "UTC"))


def _named(shape: str, numbers: Whole) -> np.ndarray:
    before, after = shape.split("{}")
    return np.char.add(np.char.add(before, numbers.astype(str)), after)


def _hosts(accounts: Accounts, number: Whole) -> np.ndarray:
    """Of the platform's known hosts one by the account's number, or one that nobody knows."""
    names = [sorted(REGISTRY[name].known_hosts)[:3] for name in PLATFORMS]
    longest = max(len(some) for some in names)
    table = np.array([[some[place % len(some)] for place in range(longest)] for some in names])
    known = table[accounts.platform, number % longest]
    return np.where(accounts.is_known, known, "unheard.example")
