"""The outbox: what is to be told, written in the transaction in which it happens.

One statement for one thing or for a night's hundred thousand. Nothing is written for members
without a webhook that wants it, and the same thing said twice is there once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.webhooks.models import Happening, WebhookMessage

# Whether somebody has a webhook that wants to be told, for queries that are asked anyway.
IS_WANTED_SQL = """
    EXISTS (SELECT FROM accounts_webhook AS webhook WHERE webhook.member_id = {member}
            AND webhook.off_at IS NULL AND {happening} = ANY (webhook.happenings))
"""
_PUT_SQL = """
    INSERT INTO accounts_webhookmessage (
        webhook_id, uid, happening, about, data, happened_at, state, due_at, tries, problem
    )
    SELECT webhook.id, gen_random_uuid(), %(happening)s, happened.about, happened.data,
           %(now)s, 'waiting', %(due_at)s, 0, ''
    FROM ({happened}) AS happened (member_id, about, data)
    JOIN accounts_webhook webhook ON webhook.member_id = happened.member_id
        AND webhook.off_at IS NULL AND %(happening)s = ANY (webhook.happenings)
    JOIN accounts_member member ON member.id = happened.member_id AND member.takes_part
    ON CONFLICT ON CONSTRAINT webhook_told_once DO NOTHING
"""


def put(
    happening: Happening,
    happened: str,
    values: Mapping[str, Any],
    now: datetime,
    *,
    due_at: datetime | None = None,
) -> int:
    """Write down what is to be told; returns how many messages that made.

    `happened` is a query of ours with rows of (member id, what names it, the data as jsonb), and
    `values` are its parameters. It is told at `due_at`, or at once.
    """
    fixed: dict[str, Any] = {"happening": happening.value, "now": now, "due_at": due_at or now}
    with connection.cursor() as cursor:
        cursor.execute(_PUT_SQL.format(happened=happened), {**values, **fixed})
        return int(cursor.rowcount)


def take_back(happening: Happening, member_id: int, about: str) -> None:
    """It did not happen after all: what this member was not told yet is told no more."""
    WebhookMessage.objects.filter(
        webhook__member=member_id,
        happening=happening,
        about=about,
        state=WebhookMessage.State.WAITING,
    ).delete()
