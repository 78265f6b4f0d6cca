"""What was answered to requests with an Idempotency-Key: the same request again is the same answer.

The answer is stored in the transaction that does what was asked for. So either both are there or
neither is, whenever a process is killed; and what was refused may be asked again.
"""

from datetime import datetime, timedelta

from django.db import connection

from accounts.api_models import KeptAnswer
from accounts.models import Member

KEPT_FOR = timedelta(hours=24)


class UnderWay(Exception):
    """Another request with this key is being answered at this moment."""


class KeyUsed(Exception):
    """The key stands for another request."""


def answer_before(asked_by: str, key: str, request: str, now: datetime) -> KeptAnswer | None:
    """The answer to the same request; None if it is the first, and the only one until the
    transaction ends. Raises UnderWay, KeyUsed.
    """
    if not _is_alone(f"{asked_by} {key}"):
        raise UnderWay
    kept = KeptAnswer.objects.filter(asked_by=asked_by, key=key).first()
    if kept is None:
        return None
    if kept.answered_at + KEPT_FOR <= now:
        kept.delete()
        return None
    if kept.request != request:
        raise KeyUsed
    return kept


def keep(
    member: Member, asked_by: str, key: str, request: str, status: int, body: str, now: datetime
) -> None:
    """In the transaction of `answer_before`."""
    KeptAnswer.objects.create(
        member=member,
        asked_by=asked_by,
        key=key,
        request=request,
        status=status,
        body=body,
        answered_at=now,
    )


def forget_old(now: datetime) -> None:
    KeptAnswer.objects.filter(answered_at__lte=now - KEPT_FOR).delete()


def _is_alone(name: str) -> bool:
    """Whether nobody else holds this name until their transaction ends; asked without waiting."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency {name}"]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
