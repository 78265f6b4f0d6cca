"""Polling: what is due is claimed in batches, one account is read by one poll at a time.

A claim pushes the due date before the work and a poll holds a lease on its account, so whatever
dies half-way is due again by itself. Each page is stored together with the cursor that comes
after it: a poll cut off anywhere goes on where it was.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from networks.connectors.base import (
    AccessRevoked,
    ConnectorError,
    Credentials,
    Identity,
    Page,
    RateLimited,
)
from networks.crypto import SealError
from networks.known_hosts import known_hosts
from networks.models import LinkedAccount, Poll
from networks.schedule import after_failure, next_regular
from networks.services import vault
from networks.services.door import connector_of
from networks.services.errors import LinkError
from networks.services.linking import SHOWN, show_as
from networks.services.pages import store_rows
from networks.services.renewal import ends_soon, renewed
from networks.wording import clock

logger = logging.getLogger(__name__)

# How long a message may wait before its account is handed out again.
CLAIM = timedelta(minutes=15)
# Longer than a page can take, and renewed with every page: this is how long the account of a
# killed worker stays unread.
LEASE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=7)
RUNS_AT_ONCE = 50
ASK_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Run:
    """One poll at work: `now` is when it began, `moment` how late it is by that clock."""

    account: LinkedAccount
    poll: Poll
    now: datetime
    begun: float

    @property
    def moment(self) -> datetime:
        return self.now + timedelta(seconds=monotonic() - self.begun)


class LeaseLost(Exception):
    """Another poll, a new consent or the end of the account took this one's place."""


class NeedsConsent(Exception):
    """Nothing more can be read until the member gives consent again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def claim_due(now: datetime, limit: int) -> list[int]:
    """Take up to `limit` due accounts, the longest due first; they are due again after a while."""
    due = LinkedAccount.objects.filter(
        state=LinkedAccount.State.ACTIVE, next_poll_at__lte=now
    ).order_by("next_poll_at")
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
        ids = list(locked[:limit])
        LinkedAccount.objects.filter(pk__in=ids).update(next_poll_at=now + CLAIM)
    return ids


def poll_account(account_id: int, now: datetime) -> Poll | None:
    """Read one account; None if it is gone, must not be read, or is being read right now."""
    run = _begin(account_id, now)
    if run is None:
        return None
    try:
        _read(run)
    except LeaseLost:
        _close(run, Poll.Outcome.FAILED, "interrupted")
    except NeedsConsent as error:
        _fail(run, error.code, state=LinkedAccount.State.NEEDS_CONSENT, next_poll_at=None)
    except RateLimited as error:
        until = min(error.until, now + LONGEST_WAIT)
        _fail(run, error.code, next_poll_at=max(until, now + timedelta(minutes=1)))
    except ConnectorError as error:
        logger.info("poll of account %s: %s %s", account_id, error.code, error.detail)
        _fail_and_retry(run, error.code)
    except Exception:
        # One poisonous account costs one account; the log says which and why.
        logger.exception("poll of account %s broke", account_id)
        _fail_and_retry(run, "failed")
    return run.poll


def _begin(account_id: int, now: datetime) -> Run | None:
    """Take the lease of one account and write down that a poll has begun."""
    free = Q(polling_until=None) | Q(polling_until__lte=now)
    with transaction.atomic():
        account = (
            LinkedAccount.objects.select_for_update()
            .filter(free, pk=account_id, state=LinkedAccount.State.ACTIVE)
            .first()
        )
        if account is None:
            return None
        account.polls.filter(outcome=Poll.Outcome.RUNNING).update(
            outcome=Poll.Outcome.FAILED, problem="interrupted", finished_at=now
        )
        poll = Poll.objects.create(account=account, started_at=now)
        account.polling_by, account.polling_until = poll.pk, now + LEASE
        account.next_poll_at = account.polling_until
        account.save(update_fields=["polling_by", "polling_until", "next_poll_at"])
    return Run(account, poll, now, monotonic())


def _read(run: Run) -> None:
    known = known_hosts(run.account.platform)
    more = False
    for page in _pages(run):
        _store_page(run, page, known)
        more = page.more
    if more:
        _settle(run, Poll.Outcome.UNFINISHED, next_poll_at=_when_to_go_on(run))
    else:
        _finish_good(run)


def _when_to_go_on(run: Run) -> datetime:
    """At once, but a server whose pages never end does not keep a worker for itself."""
    runs = run.account.polls.filter(outcome=Poll.Outcome.UNFINISHED)
    if run.account.last_read_at:
        runs = runs.filter(started_at__gte=run.account.last_read_at)
    return run.now if runs.count() < RUNS_AT_ONCE else run.now + timedelta(hours=1)


def _pages(run: Run) -> Iterator[Page]:
    """Pages from the platform; the only place where a poll has the credentials in the clear.

    An access token that ends soon, or is refused although it should not have ended, is renewed
    once, and the reading goes on behind the last stored page.
    """
    try:
        credentials = vault.credentials_of(run.account)
        is_renewed = ends_soon(credentials, run.moment)
        if is_renewed:
            credentials = renewed(run.account.pk, credentials, run.moment)
        try:
            yield from _read_with(run, credentials)
        except AccessRevoked:
            if is_renewed or not credentials.refresh_token:
                raise
            yield from _read_with(run, renewed(run.account.pk, credentials, run.moment))
    except SealError as error:
        raise NeedsConsent("credentials_unreadable") from error
    except AccessRevoked as error:
        raise NeedsConsent(error.code) from error


def _read_with(run: Run, credentials: Credentials) -> Iterator[Page]:
    account = run.account
    return connector_of(account.platform).read(
        account.host,
        credentials,
        account.cursor,
        since=run.now - timedelta(days=settings.BACKFILL_DAYS),
        now=run.now,
    )


@transaction.atomic
def _store_page(run: Run, page: Page, known: frozenset[str]) -> None:
    """A page and the cursor after it, together or not at all.

    Its rows bear the moment they were stored, not the one the poll began: a night in between
    had its cut-off before them.
    """
    account, poll, now = run.account, run.poll, run.moment
    mine = LinkedAccount.objects.filter(pk=account.pk, polling_by=poll.pk)
    until = now + LEASE
    if not mine.update(cursor=dict(page.cursor), polling_until=until, next_poll_at=until):
        raise LeaseLost
    account.cursor = dict(page.cursor)
    if page.identity:
        _refresh_identity(account, page.identity, now)
    stored = store_rows(account, page, known, now)
    if stored.matters and account.first_read_done_at:
        # During the first read a score of half a history would only confuse.
        mine.update(changed_at=now)
    poll.pages += 1
    poll.posts += stored.posts
    poll.reactions += stored.reactions
    poll.outreach += stored.outreach
    poll.set_aside += page.set_aside
    poll.progress = page.progress[:200]
    poll.save()


def _refresh_identity(account: LinkedAccount, identity: Identity, now: datetime) -> None:
    if identity.remote_id != account.remote_id:
        raise NeedsConsent("other_account")
    show_as(account, identity, now)
    account.save(update_fields=SHOWN)


def _finish_good(run: Run) -> None:
    """What is known is known as of the beginning; what came since is read next time."""
    fields: dict[str, Any] = {"last_read_at": run.now, "failures": 0, "last_problem": ""}
    if run.account.first_read_done_at is None:
        fields |= dict.fromkeys(("first_read_done_at", "changed_at"), run.moment)
    _settle(
        run,
        Poll.Outcome.GOOD,
        next_poll_at=next_regular(run.account.pk, run.now, settings.POLL_EVERY),
        last_problem_at=None,
        **fields,
    )


def _fail_and_retry(run: Run, code: str) -> None:
    again_at = after_failure(run.account.pk, run.account.failures, run.now, settings.POLL_EVERY)
    _fail(run, code, failures=F("failures") + 1, next_poll_at=again_at)


def _fail(run: Run, code: str, **fields: Any) -> None:
    fields = {"last_problem": code, "last_problem_at": run.now, **fields}
    _settle(run, Poll.Outcome.FAILED, problem=code, **fields)


def _settle(run: Run, outcome: Poll.Outcome, *, problem: str = "", **fields: Any) -> None:
    """Close the poll and give the lease back; one that has lost it leaves the account alone."""
    with transaction.atomic():
        LinkedAccount.objects.filter(pk=run.account.pk, polling_by=run.poll.pk).update(
            polling_by=None, polling_until=None, **fields
        )
        _close(run, outcome, problem)


def _close(run: Run, outcome: Poll.Outcome, problem: str = "") -> None:
    poll = run.poll
    poll.outcome, poll.problem, poll.finished_at = outcome, problem, run.moment
    Poll.objects.filter(pk=poll.pk).update(
        outcome=outcome, problem=problem, finished_at=poll.finished_at
    )


def request_poll(account: LinkedAccount, now: datetime) -> None:
    """Make an account due now because its owner asks. Raises LinkError."""
    if account.state != LinkedAccount.State.ACTIVE:
        raise LinkError(f"{account.host} needs your consent before we can read again.")
    waits_until = account.next_poll_at
    if account.last_problem == "rate_limited" and waits_until and waits_until > now:
        raise LinkError(
            f"{account.host} asked us to wait until {clock(waits_until, now)}. "
            "We read on by ourselves then."
        )
    if account.polls.filter(started_at__gt=now - ASK_AGAIN_AFTER).exists():
        raise LinkError(
            f"{account.handle} was read less than five minutes ago. What came since is read with "
            "the next poll; you can ask again in a few minutes."
        )
    LinkedAccount.objects.filter(pk=account.pk).update(next_poll_at=now)
