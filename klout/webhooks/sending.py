"""What waits in the outbox is sent: at least once, many at the same time, and never inside.

A message is claimed by pushing its due date and counting the try before it is sent, so one whose
worker dies is due again by itself, and one that kills its worker does not do so for ever. One
thread has the database; the others only wait for servers.
"""

import json
import logging
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.webhooks.models import Webhook, WebhookMessage
from accounts.webhooks.schedule import next_try
from klout.webhooks import services, signing
from networks.connectors.base import ConnectorError, RateLimited
from networks.crypto import SealError
from networks.http import Door
from networks.services.runs import Clock

logger = logging.getLogger(__name__)

VERSION = 1
IN_FLIGHT = 64
CLAIMED_AT_ONCE = 200
# For a whole call; what a receiver has to do takes no longer, or is done after it answered.
DEADLINE_SECONDS = 10.0
ANSWER_BYTES = 64_000
# Longer than a batch can take: CLAIMED_AT_ONCE / IN_FLIGHT rounds of a deadline each.
LEASE = timedelta(minutes=2)
# One run does not keep a worker for itself; what is left is the next one's.
RUN_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class Parcel:
    """One message as it goes over the wire."""

    url: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What became of a try: a status, or the code of a problem (see networks/problems.py)."""

    status: int | None = None
    problem: str = ""
    not_before: datetime | None = None

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == 410


def deliver_due(now: datetime) -> int:
    """Send what is due; returns how many messages were tried."""
    clock, tried = Clock(now), 0
    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        while clock.moment - now < RUN_FOR and (claimed := claim(clock.moment)):
            _deliver(claimed, threads, clock)
            tried += len(claimed)
    return tried


def claim(now: datetime, limit: int = CLAIMED_AT_ONCE) -> list[WebhookMessage]:
    """Take some of what is due, the longest due first; ours until the lease is over."""
    due = WebhookMessage.objects.filter(
        due_at__lte=now, webhook__off_at=None, webhook__member__takes_part=True
    ).order_by("due_at", "pk")
    with transaction.atomic():
        locked = due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        ids = list(locked[:limit])
        WebhookMessage.objects.filter(pk__in=ids).update(
            due_at=now + LEASE,
            tries=F("tries") + 1,
            first_tried_at=Coalesce("first_tried_at", now),
            last_tried_at=now,
        )
    claimed = WebhookMessage.objects.filter(pk__in=ids).select_related("webhook__member")
    return list(claimed.order_by("pk"))


def _deliver(claimed: Sequence[WebhookMessage], threads: ThreadPoolExecutor, clock: Clock) -> None:
    flying = [
        (message, threads.submit(_send, parcel)) for message, parcel in _packed(claimed, clock)
    ]
    for message, landed in flying:
        try:
            settle(message, landed.result(), clock.moment)
        except Exception:
            # It is due again when its lease is over; the others need not wait for it.
            logger.exception("webhook message %s broke", message.pk)


def _packed(claimed: Sequence[WebhookMessage], clock: Clock) -> list[tuple[WebhookMessage, Parcel]]:
    packed = []
    for message in claimed:
        try:
            packed.append((message, parcel_of(message, clock.moment)))
        except SealError:
            settle(message, Outcome(problem="unreadable"), clock.moment)
    return packed


def parcel_of(message: WebhookMessage, now: datetime) -> Parcel:
    """Raises SealError where the secret does not open with our keys."""
    content = {
        "type": message.happening,
        "version": VERSION,
        "timestamp": f"{message.happened_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "data": message.data,
    }
    body = json.dumps(content, separators=(",", ":")).encode("ascii")
    signers = signing.secrets_of(message.webhook, now)
    headers = signing.signed_headers(f"msg_{message.uid.hex}", now, body, signers)
    return Parcel(message.webhook.url, body, headers)


def _send(parcel: Parcel) -> Outcome:
    """In a thread of its own; touches no database."""
    try:
        answer = _door().post(parcel.url, json=parcel.body, headers=parcel.headers)
    except RateLimited as error:
        return Outcome(problem=error.code, not_before=error.until)
    except ConnectorError as error:
        return Outcome(problem=error.code)
    return Outcome(answer.status)


def _door() -> Door:
    return _door_to(frozenset(host.lower() for host in settings.DEVELOPMENT_HOSTS))


@cache
def _door_to(development_hosts: frozenset[str]) -> Door:
    """A door with a budget of its own: what a receiver asks of us holds up no poll."""
    return Door(
        development_hosts,
        deadline=DEADLINE_SECONDS,
        max_bytes=ANSWER_BYTES,
        user_agent=f"Klout (+{settings.BASE_URL})",
    )


def settle(message: WebhookMessage, outcome: Outcome, now: datetime) -> None:
    """Write down what became of a try; one whose lease was over and was taken says nothing."""
    said = {"status": outcome.status, "problem": outcome.problem}
    mine = WebhookMessage.objects.filter(
        pk=message.pk, tries=message.tries, state=WebhookMessage.State.WAITING
    )
    if outcome.is_accepted:
        mine.update(state=WebhookMessage.State.ACCEPTED, due_at=None, **said)
        return
    again_at = None if outcome.is_gone else _again_at(message, outcome, now)
    if again_at is not None:
        mine.update(due_at=again_at, **said)
        return
    with transaction.atomic():
        if mine.update(state=WebhookMessage.State.GIVEN_UP, due_at=None, **said):
            _look_at(message, outcome, now)


def _again_at(message: WebhookMessage, outcome: Outcome, now: datetime) -> datetime | None:
    assert message.first_tried_at is not None  # noqa: S101 (a constraint of the database)
    share = zlib.crc32(f"webhook:{message.uid}:{message.tries}".encode()) / 2**32
    not_before = outcome.not_before or now
    return next_try(message.tries, message.first_tried_at, now, share, not_before=not_before)


def _look_at(message: WebhookMessage, outcome: Outcome, now: datetime) -> None:
    """Switch a webhook off where the server says it is gone, or took nothing for three days."""
    if outcome.is_gone:
        services.switch_off(message.webhook, Webhook.Off.GONE, now)
        return
    accepted = message.webhook.messages.filter(
        state=WebhookMessage.State.ACCEPTED, last_tried_at__gte=message.first_tried_at
    )
    if not accepted.exists():
        services.switch_off(message.webhook, Webhook.Off.FAILING, now)
