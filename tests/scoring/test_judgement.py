"""The rule against people who were asked "who is more influential?" of two others."""

import csv

import numpy as np
import pytest
from scipy.stats import rankdata

from scoring.rule import ONE, AccountFigures, score

# The counters of these data start at 0.1005, which is nothing.
FLOOR = 0.1005


def read(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def scores_of(people, *, with_curation):
    return {row["person_id"]: score([figures(row, with_curation)]).hundredths for row in people}


def figures(row, with_curation):
    """Mentions and retweets received stand for the response."""
    received = (float(row["mentions_received"]), float(row["retweets_received"]))
    response = sum(max(0.0, count - FLOOR) for count in received)
    return AccountFigures(
        key=1,
        platform="x",
        followers=int(float(row["follower_count"])),
        curation=int(float(row["listed_count"])) if with_curation else None,
        response=int(response * ONE),
        everyone=0,
    )


def area_under_curve(differences, chosen):
    """Both orders of each pair are counted."""
    both = np.concatenate([differences, -differences])
    is_first = np.concatenate([chosen, ~chosen])
    ranks = rankdata(both)
    first, rest = is_first.sum(), (~is_first).sum()
    return (ranks[is_first].sum() - first * (first + 1) / 2) / (first * rest)


@pytest.mark.parametrize(("with_curation", "bar"), [(True, 0.858), (False, 0.848)])
def test_the_rule_agrees_with_people(eval_data, with_curation, bar):
    people = read(eval_data / "peerindex" / "people_fit.csv")
    pairs = read(eval_data / "peerindex" / "pairs_fit.csv")
    scores = scores_of(people, with_curation=with_curation)
    differences = np.array([scores[pair["a"]] - scores[pair["b"]] for pair in pairs])
    chosen = np.array([pair["choice"] == "1" for pair in pairs])
    assert len(pairs) == 2195
    assert area_under_curve(differences, chosen) >= bar
