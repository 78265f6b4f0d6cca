"""The first read of an account, for the page on which it is watched."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from networks.connectors.progress import said
from networks.models import LinkedAccount, Poll


@dataclass(frozen=True)
class FirstRead:
    """`said` is what the connector told last, in the reader's language.

    `pages` are those of the latest poll. `back_to` is the moment of the oldest thing read so far,
    `at_most` the one before which nothing
    is read; `part` is how much of the way between now and then has been covered, 0 to 100.
    """

    said: str
    pages: int
    back_to: datetime | None
    at_most: datetime
    part: int


def first_read(account: LinkedAccount, now: datetime) -> FirstRead:
    """How far it is; three queries."""
    poll = account.polls.order_by("-started_at", "-pk").first() or Poll()
    moments = (
        account.posts.aggregate(first=Min("posted_at"))["first"],
        account.reactions.aggregate(first=Min("happened_at"))["first"],
    )
    back_to = min((moment for moment in moments if moment), default=None)
    whole = timedelta(days=settings.BACKFILL_DAYS)
    covered = now - back_to if back_to else timedelta(0)
    return FirstRead(
        said=said(poll.progress, timezone.localdate(now)),
        pages=poll.pages,
        back_to=back_to,
        at_most=account.linked_at - whole,
        part=round(100 * max(0.0, min(1.0, covered / whole))),
    )
