"""A year of a thousand members, with outages of one to seven days, against what is right.

What is right is worked out in `years` by walking from day to day, with everything known; the
judgement knows only what good reads had shown by then.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from networks.connectors.base import Credentials, Page, SeenPost, Transient
from networks.listening_models import Ping
from networks.models import LinkedAccount, Poll
from networks.services import poll_account
from networks.services.vault import seal_credentials
from networks.sonobuoy.answers import Answer, answer
from networks.sonobuoy.rhythm import Span, silence
from tests.factories import make_account
from tests.networks.scripted import SERVERS, Server
from tests.sonobuoy.conftest import hear
from tests.sonobuoy.years import DAYS, Year, moment, on, right_limit, silent_days, years

MEMBERS = 1_000


def pings(year: Year) -> Iterator[tuple[int, int]]:
    """(day of the read, day of the last post) of each ping, by the judgement alone."""
    told: set[int] = set()
    rests = [Span(moment(begin), moment(end)) for begin, end in year.rests]
    outages: list[Span] = []
    known: dict = {}
    read = last = -1
    for day in range(DAYS):
        if day in year.unread:
            continue
        at = moment(day + year.hour / 24)
        if day - read > 2:
            outages.append(Span(moment(read + year.hour / 24), at))
        for missed in range(read + 1, day + 1):
            if missed in year.posts:
                known[on(missed)], last = year.posts[missed], missed
        read = day
        rests_now = any(begin <= day < end for begin, end in year.rests)
        if rests_now or last in told or last in (-1, day):
            continue
        if silence(known, at, rests=rests, outages=outages).is_quiet:
            told.add(last)
            yield day, last


def uncounted(year: Year) -> set[int]:
    """Days that count for nothing: rested, or in an outage without a post.

    Reads that are two days apart at most are on time; so a single day is no outage yet.
    """
    away = {day for begin, end in year.rests for day in range(begin, end)}
    day = 0
    while day < DAYS:
        run = day
        while run in year.unread:
            run += 1
        lost = range(day, run)
        if len(lost) >= 2 and not any(each in year.posts for each in lost):
            away |= set(lost)
        day = run + 1
    return away - set(year.posts)


def right(year: Year, since: int = 0) -> dict[int, int]:
    """Each silence that is to be told of, by its last post: the first day on which it is quiet.

    A day on which the account is not read, or its owner rests, is not one to tell on.
    """
    away = uncounted(year)
    found: dict[int, int] = {}
    last, limit = -1, None
    for day in range(DAYS):
        if day in year.posts:
            last, limit = day, None
            continue
        if day < since or last < 0 or last in found or day in year.unread:
            continue
        if any(begin <= day < end for begin, end in year.rests):
            continue
        limit = limit or right_limit(year, last, away) or 10**6
        # The day of the read itself counts once it has come.
        if silent_days(year, day, away - {day}) > limit:
            found[last] = day
    return found


@pytest.fixture(scope="module")
def lived() -> list[tuple[Year, list[tuple[int, int]]]]:
    return [(year, list(pings(year))) for year in years(MEMBERS, seed=2026)]


def test_the_year_is_one_worth_listening_to(lived):
    """Enough of everything: pings, outages, rests, and members who are never told of."""
    told = [len(found) for _, found in lived]
    assert sum(told) > 1_000
    assert 0 in told
    assert sum(len(year.unread) for year, _ in lived) > 10_000
    assert sum(bool(year.rests) for year, _ in lived) > 200
    assert {year.habit for year, found in lived if found} >= {"regular", "weekends", "bursty"}


def test_no_ping_comes_out_of_a_failed_poll(lived):
    """Each was made on a day with a good read, and the days read without a post suffice."""
    for year, found in lived:
        away = uncounted(year)
        for day, last in found:
            assert day not in year.unread
            assert sum(each not in away for each in range(last + 1, day + 1)) > 3


def test_no_silence_is_told_of_twice(lived):
    for _, found in lived:
        silences = [last for _, last in found]
        assert len(silences) == len(set(silences))


def test_the_right_ones_come_within_a_day_and_no_others(lived):
    for year, found in lived:
        made = {last: day for day, last in found}
        wanted = right(year)
        late = {last: made.get(last, DAYS) - day for last, day in wanted.items()}
        assert set(made) == set(wanted), year
        assert all(0 <= days <= 1 for days in late.values()), (year, late)


def test_the_same_seed_gives_the_same_year():
    assert years(20, seed=7) == years(20, seed=7)
    assert years(20, seed=7) != years(20, seed=8)


# --- The same through the real database ----------------------------------------------------------

READ_FROM, READ_TO = 90, 130


@pytest.fixture
def scene(ada, settings, monkeypatch, server) -> dict[int, Year]:
    """A dozen accounts, each at a server of its own, by their ids."""
    settings.POLL_EVERY = timedelta(days=1)
    monkeypatch.setattr("networks.services.runs.monotonic", lambda: 0)
    lives = {}
    window = set(range(READ_FROM, READ_TO))
    told = [
        year for year in years(200, seed=11) if _told_on(year) and len(year.unread & window) > 3
    ]
    for number, year in enumerate(told[:4]):
        host = f"m{number}.example"
        account = make_account(
            ada,
            moment(READ_FROM),
            host=host,
            remote_id=str(number),
            first_read_done_at=None,
            last_read_at=None,
        )
        account.credentials = seal_credentials(account, Credentials("a-token"))
        account.save()
        SERVERS[host] = Server(pages=[_page(year, range(READ_FROM), 1)])
        lives[account.pk] = year
    return lives


def _page(year: Year, days: range, number: int) -> Page:
    seen = [
        SeenPost(f"{day}-{n}", "", "", (), moment(day + 0.01))
        for day in days
        for n in range(year.posts.get(day, 0))
    ]
    return Page({"page": number}, posts=tuple(seen))


def test_real_polls_and_tasks_tell_the_same(scene):
    for day in range(READ_FROM, READ_TO):
        for account_id, year in scene.items():
            _live(LinkedAccount.objects.get(pk=account_id), year, day)
    for account_id, year in scene.items():
        made = {
            (ping.silent_since - moment(0)).days: (ping.made_at - moment(0)).days
            for ping in Ping.objects.filter(account=account_id)
        }
        wanted = _told_on(year)
        assert set(made) == set(wanted), (year, made, wanted)
        assert all(0 <= made[last] - day <= 1 for last, day in wanted.items())
    assert Ping.objects.count() >= 4
    assert Poll.objects.filter(outcome=Poll.Outcome.FAILED).count() > 12


def _live(account: LinkedAccount, year: Year, day: int) -> None:
    """One day of one account: what its owner says, one poll, good or failed, and its judgement."""
    for begin, end in year.rests:
        if day == begin:
            answer(account, Answer.REST, moment(day))
        if day == end:
            answer(account, Answer.BACK, moment(day))
    server = SERVERS[account.host]
    server.pages.append(_page(year, range(day, day + 1), len(server.pages) + 1))
    server.before_page = _away if day in year.unread else lambda number: None
    at = moment(day + year.hour / 24)
    LinkedAccount.objects.filter(pk=account.pk).update(polling_until=None)
    poll = poll_account(account.pk, at)
    assert poll is not None
    assert (poll.outcome == "failed") == (day in year.unread)
    if hear(at):
        answer(account, Answer.FINE, at)


def _away(number: int) -> None:
    raise Transient("away")


def _told_on(year: Year) -> dict[int, int]:
    """What is right while it is read. Outages before the first read were none: it reads back."""
    unread = {day for day in year.unread if day >= READ_FROM}
    rests = [rest for rest in year.rests if rest[0] >= READ_FROM]
    found = right(replace(year, unread=unread, rests=rests), since=READ_FROM)
    return {last: day for last, day in found.items() if day < READ_TO}
