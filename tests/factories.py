"""Plain functions that put rows into the database with sensible defaults."""

import itertools
from datetime import datetime
from typing import Any

from accounts.models import Member
from networks.models import LinkedAccount, Outreach, Reaction, Reading

_numbers = itertools.count(1)


def make_account(member: Member, now: datetime, **fields: Any) -> LinkedAccount:
    number = next(_numbers)
    values: dict[str, Any] = {
        "platform": "mastodon",
        "host": "known.example",
        "remote_id": str(number),
        "handle": f"@{member.name.split()[0].lower()}{number}@known.example",
        "person_hash": 1_000_000 + number,
        "findable": True,
        "linked_at": now,
        "last_read_at": now,
        "first_read_done_at": now,
    }
    return LinkedAccount.objects.create(member=member, **(values | fields))


def make_reaction(account: LinkedAccount, happened_at: datetime, **fields: Any) -> Reaction:
    number = next(_numbers)
    values: dict[str, Any] = {
        "act_hash": number,
        "responder_hash": number,
        "kind": "reply",
        "standing": 1000,
        "recorded_at": happened_at,
    }
    return Reaction.objects.create(account=account, happened_at=happened_at, **(values | fields))


def make_reading(account: LinkedAccount, read_at: datetime, **fields: Any) -> Reading:
    return Reading.objects.create(
        account=account, read_on=read_at.date(), read_at=read_at, **({"followers": 100} | fields)
    )


def make_outreach(account: LinkedAccount, happened_at: datetime, **fields: Any) -> Outreach:
    number = next(_numbers)
    values: dict[str, Any] = {
        "act_key": str(number),
        "target_hash": number,
        "target_handle": f"@somebody{number}@known.example",
        "target_host": "known.example",
        "kind": "reply",
        "recorded_at": happened_at,
    }
    return Outreach.objects.create(account=account, happened_at=happened_at, **(values | fields))
