"""Polling: what is due is claimed in batches, and many accounts are read at the same time.

A claim pushes the due date before the work and a poll holds a lease on its account, so whatever
dies half-way is due again by itself. One thread has the database and stores what comes; the others
only wait for platforms (see `reader`), so two hundred of them need no more than one connection.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction

from networks.connectors.base import ConnectorError, OutOfAllowance, Page, RateLimited
from networks.known_hosts import known_hosts
from networks.models import LinkedAccount, Poll
from networks.services import runs
from networks.services.door import hear_waits
from networks.services.errors import PAUSED, LinkError
from networks.services.reader import Reader
from networks.services.runs import Clock, LeaseLost, NeedsConsent, Run
from networks.spending import pause_of
from networks.wording import clock

logger = logging.getLogger(__name__)

# How long a message may wait before its accounts are handed out again; it is worth nothing then.
CLAIM = timedelta(seconds=30)
ASK_AGAIN_AFTER = timedelta(minutes=5)
IN_FLIGHT = 200
# Of those, how many may be at one server: it keeps its pace, and the others need not wait for it.
IN_FLIGHT_PER_SERVER = 16


def claim_due(now: datetime, limit: int) -> list[int]:
    """Take up to `limit` due accounts, the longest due first; they are due again after a while."""
    due = LinkedAccount.objects.filter(
        state=LinkedAccount.State.ACTIVE, next_poll_at__lte=now, member__takes_part=True
    ).order_by("next_poll_at")
    with transaction.atomic():
        locked = due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        ids = list(locked[:limit])
        LinkedAccount.objects.filter(pk__in=ids).update(next_poll_at=now + CLAIM)
    return ids


def poll_account(account_id: int, now: datetime) -> Poll | None:
    """Read one account; None if it is gone, must not be read, or is being read right now."""
    polls = _poll([account_id], now, None, _Here(), in_flight=1, leave=lambda: None)
    return polls[0] if polls else None


def poll_many(
    account_ids: Sequence[int], now: datetime, claimed_until: datetime | None = None
) -> list[Poll]:
    """Read many accounts, up to 200 of them at once; those that may not be read are left out.

    `claimed_until` is what the claim that brought them here wrote as their due date: whichever
    has another one by now was read, told to wait, or claimed anew by somebody else.
    """
    with ThreadPoolExecutor(min(IN_FLIGHT, max(1, len(account_ids)))) as threads:
        return _poll(
            account_ids, now, claimed_until, threads, in_flight=IN_FLIGHT, leave=connection.close
        )


class _Here(Executor):
    """Does what it is handed at once, in the thread that hands it over."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


class _Queue:
    """Accounts that wait for their turn: the first one whose server has room goes next."""

    def __init__(self, account_ids: Sequence[int]) -> None:
        rows = LinkedAccount.objects.filter(pk__in=account_ids).values_list("pk", "served_by")
        self._server = dict(rows)
        self._waiting = deque(pk for pk in dict.fromkeys(account_ids) if pk in self._server)
        self._there: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def take(self, room: int) -> list[int]:
        taken: list[int] = []
        passed_over: list[int] = []
        while self._waiting and len(taken) < room:
            account_id = self._waiting.popleft()
            server = self._server[account_id]
            if self._there[server] < IN_FLIGHT_PER_SERVER:
                self._there[server] += 1
                taken.append(account_id)
            else:
                passed_over.append(account_id)
        self._waiting.extendleft(reversed(passed_over))
        return taken

    def give_back(self, account_id: int) -> None:
        self._there[self._server[account_id]] -= 1


def _poll(
    account_ids: Sequence[int],
    now: datetime,
    claimed_until: datetime | None,
    executor: Executor,
    *,
    in_flight: int,
    leave: Callable[[], None],
) -> list[Poll]:
    time = Clock(now)
    queue, polls = _Queue(account_ids), list[Poll]()
    known = cache(known_hosts)
    flying: dict[Future[Page | None], Reader] = {}

    def fly(reader: Reader) -> None:
        flying[executor.submit(reader.next_page)] = reader

    while queue or flying:
        taken = queue.take(in_flight - len(flying))
        started = runs.begin(taken, time, claimed_until) if taken else []
        for account_id in set(taken) - {run.account.pk for run in started}:
            queue.give_back(account_id)
        hear_waits()
        for run in started:
            fly(Reader(run, known(run.account.platform), leave))
        landed, _ = wait(flying, timeout=runs.RENEWED_EVERY, return_when=FIRST_COMPLETED)
        runs.renew([reader.run for reader in flying.values()], time.moment)
        for future in landed:
            reader = flying.pop(future)
            if _goes_on(reader.run, future, known(reader.run.account.platform)):
                fly(reader)
            else:
                queue.give_back(reader.run.account.pk)
                polls.append(reader.run.poll)
    return polls


def _goes_on(run: Run, landed: Future[Page | None], known: frozenset[str]) -> bool:
    """Store what has landed, or end the run; whether there is more to ask for."""
    try:
        page = landed.result()
        if page is not None:
            runs.store_page(run, page, known)
            return True
        runs.finish(run)
    except LeaseLost:
        runs.interrupted(run)
    except NeedsConsent as error:
        runs.ask_for_consent(run, error.code)
    except RateLimited as error:
        runs.wait(run, error.code, error.until)
    except OutOfAllowance:
        runs.out_of_allowance(run)
    except ConnectorError as error:
        logger.info("poll of account %s: %s %s", run.account.pk, error.code, error.detail)
        runs.fail(run, error.code, error.cost)
    except Exception:
        # One poisonous account costs one account; the log says which and why.
        logger.exception("poll of account %s broke", run.account.pk)
        runs.fail(run, "failed")
    return False


def request_poll(account: LinkedAccount, now: datetime) -> None:
    """Make an account due now because its owner asks. Raises LinkError."""
    if account.member.paused_at:
        raise LinkError(str(PAUSED))
    if account.state != LinkedAccount.State.ACTIVE:
        raise LinkError(f"{account.host} needs your consent before we can read again.")
    if pause := pause_of(account, now):
        raise LinkError(pause)
    waits_until = account.next_poll_at
    is_told_to_wait = account.last_problem in ("rate_limited", "quota_used_up")
    if is_told_to_wait and waits_until and waits_until > now:
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
