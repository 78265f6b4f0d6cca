"""The score against people who were asked "who is more influential?" of two others.

The counters of the data become reactions: so many people of full standing, who weigh a half, that
their sum is the mentions and retweets received, less the floor of the counters; what is left over
under a half is rounded to a quarter. More than 1,000 are entered as 1,000 (they carry 200,000
listeners); the command says of how many people. Followers and lists become a reading.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from pathlib import Path

import numpy as np

from networks.connectors.base import Person
from networks.models import Reading
from scoring.evaluation.crowd import HOST, Account, Crowd
from scoring.evaluation.figures import area_of_pairs

# The counters start here, which is nothing.
FLOOR = 0.1005
MOST_RESPONSE = 1_000
RESAMPLED = 400

Row = Mapping[str, str]


@dataclass(frozen=True)
class Judgement:
    """`difference`: AUC of the score less that of log followers; its error by drawing people."""

    people: int
    pairs: int
    auc: float
    accuracy: float
    auc_followers: float
    difference: float
    standard_error: float
    cut: int


def judge(people_file: Path, pairs_file: Path, *, with_curation: bool) -> Judgement:
    """Enter the people, score them, and compare the scores with what was answered.

    Wants empty tables. KeyError or ValueError for a file without the columns of `data/peerindex`.
    """
    people, pairs = _read(people_file), _read(pairs_file)
    scores = _scores(people, with_curation=with_curation)
    place = {row["person_id"]: number for number, row in enumerate(people)}
    a, b = (np.array([place[pair[side]] for pair in pairs]) for side in ("a", "b"))
    chosen = np.array([pair["choice"] == "1" for pair in pairs])
    followers = np.array([log1p(float(row["follower_count"])) for row in people])
    ours, theirs = scores[a] - scores[b], followers[a] - followers[b]
    auc, auc_followers = area_of_pairs(ours, chosen), area_of_pairs(theirs, chosen)
    right = np.where(ours == 0, 0.5, (ours > 0) == chosen)
    return Judgement(
        people=len(people),
        pairs=len(pairs),
        auc=round(auc, 4),
        accuracy=round(float(right.mean()), 4),
        auc_followers=round(auc_followers, 4),
        difference=round(auc - auc_followers, 4),
        standard_error=round(_error(ours, theirs, chosen, a, b, len(people)), 4),
        cut=sum(_response(row) > MOST_RESPONSE for row in people),
    )


def _read(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _scores(
    people: Sequence[Row], *, with_curation: bool
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    crowd = Crowd("x")
    accounts = crowd.join(
        [
            Person(key=f"p{row['person_id']}", handle=f"@{row['person_id']}", host=HOST)
            for row in people
        ],
        [int(float(row["follower_count"])) for row in people],
    )
    if with_curation:
        _put_on_lists(accounts, people)
    pool = [crowd.new_person() for _ in range(2 * MOST_RESPONSE)]
    crowd.react(
        (account.account, person, standing, 1)
        for account, row in zip(accounts, people, strict=True)
        for person, standing in _responders(pool, _response(row))
    )
    scores = crowd.score()
    return np.array([scores[account.member].hundredths for account in accounts], dtype=float)


def _put_on_lists(accounts: Sequence[Account], people: Sequence[Row]) -> None:
    readings = {one.account_id: one for one in Reading.objects.all()}
    for account, row in zip(accounts, people, strict=True):
        readings[account.account].curation = int(float(row["listed_count"]))
    Reading.objects.bulk_update(readings.values(), ["curation"], batch_size=1000)


def _response(row: Row) -> float:
    received = (float(row["mentions_received"]), float(row["retweets_received"]))
    return sum(max(0.0, count - FLOOR) for count in received)


def _responders(pool: Sequence[int], response: float) -> list[tuple[int, int]]:
    """People and their standing whose weights add up to `response`, to the nearest quarter."""
    quarters = round(4 * min(response, MOST_RESPONSE))
    halves, rest = divmod(quarters, 2)
    standings = [1000] * halves + [500] * rest
    return list(zip(pool, standings, strict=False))


def _error(
    ours: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    theirs: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    a: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    b: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    people: int,
) -> float:
    """By drawing the people anew: a pair counts as often as both of its people were drawn."""
    chance = np.random.default_rng(20261123)
    found = []
    for _ in range(RESAMPLED):
        drawn = np.bincount(chance.integers(0, people, people), minlength=people)
        again = np.repeat(np.arange(len(a)), drawn[a] * drawn[b])
        if not len(again):
            continue
        found.append(
            area_of_pairs(ours[again], chosen[again]) - area_of_pairs(theirs[again], chosen[again])
        )
    return float(np.std(found))
