"""The night as one would write it first: member after member, by the ORM and the rule itself."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import mean
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from django.db.models import Count

from benchmarks.night_files import end_of
from networks.known_hosts import known_hosts
from networks.models import LinkedAccount, Reaction, Reading
from networks.registry import PLATFORMS
from scoring import rule, tallies
from scoring.band import band
from scoring.inputs import Wanted
from scoring.models import Contribution, Score
from scoring.rule import WINDOW_DAYS, WITHOUT_AUDIENCE, AccountFigures, weight_in_quarters
from scoring.services.compute import computed
from scoring.services.workplace import passing_workplace
from scoring.tallies import Cell

Trust = Mapping[tuple[int, int], int]


@dataclass
class Took:
    """Seconds of each member of a sample, with the number of reactions that were read."""

    reactions: list[int] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    writing: list[float] = field(default_factory=list)

    def of_all(self, members: int, reactions: int) -> tuple[float, float]:
        """Seconds to read and score, and to write, for so many with so many reactions in all.

        Reading takes so much for each member and so much for each reaction, by least squares: the
        few who are heard most are too few for a sample, and their reactions are not.
        """
        of_member, of_reaction = np.linalg.lstsq(
            np.column_stack([np.ones(len(self.reactions)), self.reactions]), self.reading
        )[0]
        return of_member * members + of_reaction * reactions, mean(self.writing) * members


def naive_night(members: Sequence[int], on: date, cut_off: datetime, trust: Trust) -> Took:
    """Score these members; `trust` is handed over, as no one-by-one way to it is worth a try."""
    took = Took()
    known = {platform: known_hosts(platform) for platform in PLATFORMS}
    for member in members:
        began = time.perf_counter()
        rows = _of_member(member, on, cut_off, trust, known)
        took.reading.append(time.perf_counter() - began)
        took.reactions.append(sum(one.read for one in rows[1]))
        began = time.perf_counter()
        _store(member, on, cut_off, *rows)
        took.writing.append(time.perf_counter() - began)
    return took


def trust_for(members: Sequence[int], on: date) -> Trust:
    """Trust of whoever responded to these members, from PostgreSQL alone, as a rescore has it."""
    wanted = Wanted([on], end_of(on, WINDOW_DAYS - 1), members)
    with passing_workplace() as place, computed(wanted, place):
        columns = pq.read_table(place / "trust-0-of-1.parquet").to_pydict()
    pairs = zip(columns["account_id"], columns["responder"], strict=True)
    return dict(zip(pairs, columns["trust"], strict=True))


def stratified(count: int) -> list[int]:
    """Members from the quietest to the loudest, evenly: the same for the same rows."""
    heard = (
        LinkedAccount.objects.values("member")
        .annotate(heard=Count("reactions"))
        .order_by("heard", "member")
        .values_list("member", flat=True)
    )
    members = list(heard)
    return [members[(2 * place + 1) * len(members) // (2 * count)] for place in range(count)]


def _of_member(
    member: int, on: date, cut_off: datetime, trust: Trust, known: Mapping[str, frozenset[str]]
) -> tuple[Any, ...]:
    midnight = datetime.combine(on, datetime.min.time(), UTC)
    accounts = list(LinkedAccount.objects.filter(member=member).order_by("id"))
    readings = _readings(accounts, on, cut_off)
    acts = Reaction.objects.filter(
        account__member=member,
        happened_at__gte=midnight - timedelta(days=WINDOW_DAYS + 30),
        happened_at__lt=midnight,
        recorded_at__lte=cut_off,
    )
    by_account: dict[int, list[Any]] = defaultdict(list)
    for one in acts:
        by_account[one.account_id].append(one)
    found = [_account(a, by_account[a.pk], readings[a.pk], on, trust, known) for a in accounts]
    figures = [one.figures for one in found]
    result = rule.score(figures)
    longest = max((one.days for one in found if one.figures.is_counted), default=0)
    days = min(max(longest, 0), WINDOW_DAYS)
    likely = band(figures, [one.sums.squares for one in found], result, days)
    return accounts, found, result, likely, days


@dataclass
class _Found:
    figures: AccountFigures
    sums: tallies.Sums
    tally: list[int]
    read: int
    acts: int
    days: int
    effective_on: date


def _readings(accounts: Sequence[LinkedAccount], on: date, cut_off: datetime) -> Mapping[int, Any]:
    found: dict[int, Any] = {}
    rows = Reading.objects.filter(
        account__in=accounts, read_at__lte=cut_off, read_on__gte=on - timedelta(days=30)
    )
    for reading in rows.order_by("read_on"):
        found[reading.account_id] = reading
    return found


def _account(
    account: LinkedAccount,
    acts: Sequence[Reaction],
    reading: Any,
    on: date,
    trust: Trust,
    known: Mapping[str, frozenset[str]],
) -> _Found:
    effective = min(on, reading.read_on)
    people: dict[int, list[Reaction]] = defaultdict(list)
    for one in acts:
        is_in_window = 0 < (effective - one.happened_at.date()).days <= WINDOW_DAYS
        if is_in_window and one.responder_hash != account.person_hash:
            people[one.responder_hash].append(one)
    cells = [
        Cell(
            age=(effective - max(one.happened_at for one in theirs).date()).days - 1,
            step=min(len(theirs), rule.SATURATION_ACTS),
            weight=weight_in_quarters(
                max(one.standing for one in theirs), trust.get((account.pk, person), 0)
            ),
            people=1,
        )
        for person, theirs in people.items()
    ]
    tally = tallies.encode(cells)
    sums = tallies.sums(tally)
    counted = [one for theirs in people.values() for one in theirs]
    begun = [account.linked_at.date(), *(one.happened_at.date() for one in counted)]
    figures = AccountFigures(
        key=account.pk,
        platform=account.platform,
        followers=reading.followers,
        curation=reading.curation,
        response=sums.response,
        everyone=sums.everyone,
        is_known_host=account.served_by in known[account.platform],
        days_since_read=max(0, (on - reading.read_on).days),
    )
    days = (on - min(begun)).days
    return _Found(figures, sums, tally, len(acts), len(counted), days, effective)


def _store(
    member: int,
    on: date,
    cut_off: datetime,
    accounts: Sequence[LinkedAccount],
    found: Sequence[_Found],
    result: rule.Result,
    likely: Any,
    days: int,
) -> None:
    score, _ = Score.objects.update_or_create(
        member_id=member,
        on=on,
        rule=rule.RULE_VERSION,
        defaults={
            "hundredths": result.hundredths,
            "low_hundredths": likely.low_hundredths,
            "high_hundredths": likely.high_hundredths,
            "reach": result.reach,
            "days_of_data": days,
            "cut_off_at": cut_off,
            "computed_at": cut_off,
        },
    )
    for account, one, share in zip(accounts, found, result.shares, strict=True):
        Contribution.objects.update_or_create(
            score=score,
            account=account,
            defaults={
                "platform": account.platform,
                "handle": account.handle,
                "state": _state(one.figures),
                "tenths": share.tenths,
                "reach": share.reach,
                "audience": one.figures.followers,
                "curation": one.figures.curation,
                "response": one.sums.response,
                "response_squares": one.sums.squares,
                "everyone": one.sums.everyone,
                "granted": share.granted,
                "acts": one.acts,
                "people": one.sums.people,
                "by_weight": list(one.sums.by_weight),
                "tally": one.tally,
                "effective_on": one.effective_on,
            },
        )


def _state(figures: AccountFigures) -> str:
    if not figures.is_counted:
        return Contribution.State.NOT_READ
    if not figures.is_known_host:
        return Contribution.State.UNKNOWN_HOST
    if figures.followers is None and figures.platform not in WITHOUT_AUDIENCE:
        return Contribution.State.NO_READING
    return Contribution.State.COUNTED
