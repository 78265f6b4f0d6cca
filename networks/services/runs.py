"""One poll at work, and what it writes: the half of polling that holds the database.

A poll holds a lease on its account. Each page is stored together with the cursor that comes after
it, so a poll cut off anywhere goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from networks.budgets import next_month
from networks.connectors.base import Identity, Page
from networks.models import LinkedAccount, Poll
from networks.schedule import after_failure, after_wait, in_month, next_regular
from networks.services import pictures, spending
from networks.services.linking import SHOWN, show_as
from networks.services.pages import store_rows
from networks.services.second_looks import note_accuracy

# Renewed while the poll is at work: this is how long the account of a killed worker stays unread.
LEASE = timedelta(seconds=30)
LEASE_IS_YOUNG = timedelta(seconds=10)
RENEWED_EVERY = 5.0
RUNS_AT_ONCE = 50
# Others hold the money of the site's budget for as long as their polls take.
ASK_FOR_MONEY_AGAIN = timedelta(minutes=5)


class LeaseLost(Exception):
    """Another poll, a new consent or the end of the account took this one's place."""


class NeedsConsent(Exception):
    """Nothing more can be read until the member gives consent again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Clock:
    """The clock is read once, at the edge; from there on time is measured."""

    def __init__(self, now: datetime) -> None:
        self._now, self._begun = now, monotonic()

    @property
    def moment(self) -> datetime:
        return self._now + timedelta(seconds=monotonic() - self._begun)

    @property
    def second(self) -> datetime:
        """`moment`, in whole seconds since the beginning: the very `now` for what begins first."""
        return self._now + timedelta(seconds=int(monotonic() - self._begun))


@dataclass
class Run:
    """`now` is when the poll began, `moment` how late it is by that clock.

    `purse` is the money it may spend, where reading costs some.
    """

    account: LinkedAccount
    poll: Poll
    now: datetime
    clock: Clock
    leased_at: datetime
    more: bool = False
    purse: spending.Purse | None = None

    @property
    def moment(self) -> datetime:
        return self.clock.moment


def begin(
    account_ids: Sequence[int], clock: Clock, claimed_until: datetime | None = None
) -> list[Run]:
    """Take the leases of accounts that may be read and are not being read, and note the polls.

    An account whose row somebody holds this very moment is left for the next round, and so is one
    whose due date is not that of the claim any more.
    """
    now = clock.second
    # Further ahead than any lease is what a clock wrote that was wrong.
    free = Q(polling_until=None) | Q(polling_until__lte=now) | Q(polling_until__gt=now + 2 * LEASE)
    if claimed_until is not None:
        free &= Q(next_poll_at=claimed_until)
    with transaction.atomic():
        accounts = list(
            LinkedAccount.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(
                free,
                pk__in=account_ids,
                state=LinkedAccount.State.ACTIVE,
                member__takes_part=True,
            )
            .order_by("pk")
        )
        Poll.objects.filter(account__in=accounts, outcome=Poll.Outcome.RUNNING).update(
            outcome=Poll.Outcome.FAILED, problem="interrupted", finished_at=now
        )
        polls = Poll.objects.bulk_create(Poll(account=one, started_at=now) for one in accounts)
        running = Poll.objects.filter(account=OuterRef("pk"), outcome=Poll.Outcome.RUNNING)
        LinkedAccount.objects.filter(pk__in=[account.pk for account in accounts]).update(
            polling_by=Subquery(running.values("pk")),
            polling_until=now + LEASE,
            next_poll_at=now + LEASE,
        )
    return [
        Run(account, poll, now, clock, now, purse=spending.reserve(account, poll.pk, now))
        for account, poll in zip(accounts, polls, strict=True)
    ]


def renew(runs: Sequence[Run], now: datetime) -> None:
    """Hold on to the leases of polls that wait for their platforms; a lost one stays lost."""
    old = [run for run in runs if now >= run.leased_at + LEASE_IS_YOUNG]
    if not old:
        return
    until = now + LEASE
    LinkedAccount.objects.filter(polling_by__in=[run.poll.pk for run in old]).update(
        polling_until=until, next_poll_at=until
    )
    for run in old:
        run.leased_at = now


def store_page(run: Run, page: Page, known: frozenset[str]) -> None:
    """A page and the cursor after it, together or not at all. Raises LeaseLost, NeedsConsent.

    Its rows bear the moment they were stored, not the one the poll began: a night in between
    had its cut-off before them.
    """
    now = run.moment
    run.more = page.more
    _count(run.poll, page)
    if not _brings_anything(run, page) and now < run.leased_at + LEASE_IS_YOUNG:
        return
    with spending.paid(run.purse, page.cost):
        _store(run, page, known, now)


def _brings_anything(run: Run, page: Page) -> bool:
    """Whether there is something to write; a quiet account has many pages with nothing."""
    rows = page.posts or page.reactions or page.outreach or page.counts or page.identity
    return bool(rows) or page.cost > 0 or dict(page.cursor) != run.account.cursor


def _count(poll: Poll, page: Page) -> None:
    poll.pages += 1
    poll.set_aside += page.set_aside
    poll.progress = page.progress[:200]


def _store(run: Run, page: Page, known: frozenset[str], now: datetime) -> None:
    account, poll = run.account, run.poll
    # Nothing of somebody who was paused, or asked to be deleted, while this page was on its way.
    mine = LinkedAccount.objects.filter(pk=account.pk, polling_by=poll.pk, member__takes_part=True)
    until = now + LEASE
    if not mine.update(cursor=dict(page.cursor), polling_until=until, next_poll_at=until):
        raise LeaseLost
    account.cursor, run.leased_at = dict(page.cursor), now
    if page.identity:
        _refresh_identity(account, page.identity, now)
    stored = store_rows(account, page, known, now)
    note_accuracy(account, page)
    if stored.matters and account.first_read_done_at:
        # During the first read a score of half a history would only confuse.
        mine.update(changed_at=now)
    poll.posts += stored.posts
    poll.reactions += stored.reactions
    poll.outreach += stored.outreach
    if account.first_read_done_at is None:
        # The member may be watching; of later reads only the end is written.
        _write(poll)


COUNTED = ("pages", "posts", "reactions", "outreach", "set_aside", "progress")


def _write(poll: Poll, **fields: Any) -> None:
    """Not `save`: the account, and the poll with it, may be gone."""
    counted = {name: getattr(poll, name) for name in COUNTED}
    Poll.objects.filter(pk=poll.pk).update(**counted, **fields)


def _refresh_identity(account: LinkedAccount, identity: Identity, now: datetime) -> None:
    if identity.remote_id != account.remote_id:
        raise NeedsConsent("other_account")
    pictures.note_address(account, identity.person.picture, now)
    before = [getattr(account, field) for field in SHOWN]
    show_as(account, identity, now)
    if before != [getattr(account, field) for field in SHOWN]:
        account.save(update_fields=SHOWN)


def finish(run: Run) -> None:
    """The end of a run: good, or to be taken up again where there is more."""
    if run.more:
        _settle(run, Poll.Outcome.UNFINISHED, next_poll_at=_when_to_go_on(run))
        return
    _settle(run, Poll.Outcome.GOOD, next_poll_at=_next_regular(run), **_read(run))


def _read(run: Run) -> dict[str, Any]:
    """What is known is known as of the beginning; what came since is read next time."""
    fields: dict[str, Any] = {"last_read_at": run.now, "listen_at": run.now, "failures": 0}
    fields |= {"last_problem": "", "last_problem_at": None}
    if run.account.first_read_done_at is None:
        fields |= dict.fromkeys(("first_read_done_at", "changed_at"), run.moment)
    return fields


def _next_regular(run: Run) -> datetime:
    return next_regular(run.account.pk, run.now, run.account.poll_every)


def out_of_allowance(run: Run) -> None:
    """Its money does not suffice for the next page; that is no failure, and what was read counts.

    A first read has had its share, and the rest of the month goes on with the rest. Where others
    hold the money only for now, it is soon asked for again; else next month.
    """
    purse, read = run.purse, _read(run) if run.poll.pages else {}
    if purse is None:
        fail(run, "failed")
    elif purse.waits:
        soon = after_wait(run.account.pk, run.now + ASK_FOR_MONEY_AGAIN, run.now)
        _settle(run, Poll.Outcome.UNFINISHED, next_poll_at=soon)
    elif read and run.account.first_read_done_at is None:
        _settle(run, Poll.Outcome.GOOD, next_poll_at=_next_regular(run), **read)
    else:
        spending.stop(purse)
        then = in_month(run.account.pk, next_month(purse.month))
        _settle(run, Poll.Outcome.UNFINISHED, next_poll_at=then, **read)


def _when_to_go_on(run: Run) -> datetime:
    """At once, but a server whose pages never end does not keep a worker for itself."""
    runs = run.account.polls.filter(outcome=Poll.Outcome.UNFINISHED)
    if run.account.last_read_at:
        runs = runs.filter(started_at__gte=run.account.last_read_at)
    return run.now if runs.count() < RUNS_AT_ONCE else run.now + timedelta(hours=1)


def interrupted(run: Run) -> None:
    _close(run, Poll.Outcome.FAILED, "interrupted")


def ask_for_consent(run: Run, code: str) -> None:
    _fail(run, code, state=LinkedAccount.State.NEEDS_CONSENT, next_poll_at=None)


def wait(run: Run, code: str, until: datetime) -> None:
    """The platform asked us to wait; that is no failure of the account."""
    _fail(run, code, next_poll_at=after_wait(run.account.pk, until, run.now))


def fail(run: Run, code: str, owed: int = 0) -> None:
    """`owed` is what the failed request may have cost all the same."""
    again_at = after_failure(run.account.pk, run.account.failures, run.now, settings.POLL_EVERY)
    _fail(run, code, owed=owed, failures=F("failures") + 1, next_poll_at=again_at)


def _fail(run: Run, code: str, owed: int = 0, **fields: Any) -> None:
    fields = {"last_problem": code, "last_problem_at": run.now, **fields}
    _settle(run, Poll.Outcome.FAILED, problem=code, owed=owed, **fields)


def _settle(
    run: Run, outcome: Poll.Outcome, *, problem: str = "", owed: int = 0, **fields: Any
) -> None:
    """Close the poll and give the lease back; one that has lost it leaves the account alone."""
    with transaction.atomic():
        LinkedAccount.objects.filter(pk=run.account.pk, polling_by=run.poll.pk).update(
            polling_by=None, polling_until=None, **fields
        )
        _close(run, outcome, problem, owed)


def _close(run: Run, outcome: Poll.Outcome, problem: str = "", owed: int = 0) -> None:
    poll = run.poll
    spending.release(run.purse, owed)
    poll.outcome, poll.problem, poll.finished_at = outcome, problem, run.moment
    _write(poll, outcome=outcome, problem=problem, finished_at=poll.finished_at)
