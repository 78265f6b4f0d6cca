"""Put everything that is encrypted under the first key of CREDENTIAL_KEYS.

To rotate: put a new key first in CREDENTIAL_KEYS, restart, run this, take the old key away,
restart. The site stays up: both keys open what is stored in the meantime.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from psycopg2.extras import execute_values

from accounts import second_factors
from accounts.webhooks.models import Webhook
from networks.consent_models import Revocation
from networks.crypto import SealError, reseal
from networks.models import InstanceApp, LinkAttempt, LinkedAccount
from networks.services.vault import (
    place_of_credentials,
    place_of_kept,
    place_of_secret,
)

BATCH = 500


class Command(BaseCommand):
    help = "Encrypt stored credentials anew under the first of CREDENTIAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        moved, closed = second_factors.rotate()
        self.stdout.write(f"second factors: {moved} under the first key.")
        if closed:
            self.stderr.write(
                f"{closed} second factors could not be opened with any key and were left as they "
                "are. Their members need the key back, or a passkey to sign in."
            )
        unreadable = (
            self.rotate(LinkedAccount, "credentials", place_of_credentials)
            + self.rotate(InstanceApp, "client_secret", place_of_secret)
            + self.rotate(LinkAttempt, "kept", place_of_kept)
            + self.rotate(Revocation, "credentials", lambda row: str(row.place))
            + self.rotate(Webhook, "secret", lambda row: str(row.place))
            + self.rotate(Webhook, "old_secret", lambda row: str(row.place))
        )
        if unreadable:
            self.stderr.write(
                f"{unreadable} could not be opened with any key and were left as they are. "
                "Their members are asked for consent again at the next read; their webhooks "
                "need a new secret."
            )

    def rotate(self, model: Any, field: str, place_of: Callable[[Any], str]) -> int:
        """Rotate one field of a table in batches; returns how many did not open."""
        done = unreadable = last = 0
        rows = model.objects.exclude(**{field: ""}).order_by("pk")
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            last = batch[-1].pk
            changed, closed = self.rotate_rows(batch, field, place_of)
            done += changed
            unreadable += closed
        self.stdout.write(f"{model._meta.verbose_name_plural}: {done} under the first key.")
        return unreadable

    def rotate_rows(
        self, rows: Sequence[Any], field: str, place_of: Callable[[Any], str]
    ) -> tuple[int, int]:
        """(changed, not to be opened). A row changes only if it still holds what was read.

        So a new consent in between wins, and a batch is one statement.
        """
        sealed = []
        for row in rows:
            try:
                old = getattr(row, field)
                sealed.append((row.pk, old, reseal(old, place=place_of(row))))
            except SealError:
                continue
        if not sealed:
            return 0, len(rows)
        table, column = connection.ops.quote_name(rows[0]._meta.db_table), field
        with connection.cursor() as cursor:
            execute_values(
                cursor,
                f"UPDATE {table} kept SET {column} = fresh.sealed "  # noqa: S608
                "FROM (VALUES %s) AS fresh (id, old, sealed) "
                f"WHERE kept.id = fresh.id AND kept.{column} = fresh.old",
                sealed,
                page_size=BATCH,
            )
            return cursor.rowcount, len(rows) - len(sealed)
