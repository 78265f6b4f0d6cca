"""Figures that were measured: as the commands printed them, and as the data say."""

import csv
import json
import re

import numpy as np
import pytest

from klout import measured
from scoring.rule import ONE, AccountFigures, score

JUDGED = {
    "people": 728,
    "pairs": 2195,
    "auc": 0.8616,
    "accuracy": 0.771,
    "auc_followers": 0.8402,
    "difference": 0.0214,
    "standard_error": 0.0093,
    "cut": 3,
}
LOOP = {
    "kind": "loop",
    "graph": "konect.out.advogato",
    "people": 4_977,
    "fakes": 1_000,
    "fooled": 0,
    "profile": "bought",
    "seed": 1,
    "targets": 12,
    "points_median": 0.04,
    "points_most": 0.31,
    "percentile_before": 50.4,
    "percentile_after": 51.2,
    "bar": "at most 1 point",
    "holds": True,
    "fakes_to_the_top_decile": None,
    "fakes_to_the_top_decile_tried": 4_096,
}
FOOLED = {name: value for name, value in LOOP.items() if "decile" not in name} | {
    "kind": "fooled",
    "fooled": 10,
    "profile": "polished",
    "fooled_to_the_top_decile": 32,
    "fooled_to_the_top_decile_tried": 256,
}


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Results as the two commands print them, kept where the page looks."""
    path = tmp_path / "results.json"
    judged = {"with_curation": JUDGED, "without_curation": JUDGED | {"auc": 0.8539}}
    path.write_text(json.dumps({"judgement": judged, "attacks": [LOOP, FOOLED]}))
    monkeypatch.setattr(measured, "RESULTS", path)
    measured._results.cache_clear()
    yield
    measured._results.cache_clear()


def words_of(client):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/how/").text).split())


def test_every_stored_figure_stands_on_the_page(client, db, results):
    words = words_of(client)
    assert "On the 2,195 pairs" in words
    assert "This rule, with lists 0.862" in words
    assert "This rule, without lists 0.854" in words
    assert "Followers alone, on a log scale 0.840" in words
    assert "standard error of 0.009" in words
    assert "Advogato; published bar: at most 1 point 0.0 0.3 50 to 51" in words
    assert "were fooled into answering one, with profiles as of genuine people" in words
    assert "Not with 4,096 fakes." in words
    assert "With 32 fooled members (up to 256 were tried)." in words


def test_without_results_the_page_says_so(client, db, monkeypatch, tmp_path):
    monkeypatch.setattr(measured, "RESULTS", tmp_path / "none.json")
    measured._results.cache_clear()
    assert "No results are kept with this version" in words_of(client)
    measured._results.cache_clear()


def test_the_page_holds_every_figure_that_was_stored(client, db):
    stored, words = json.loads(measured.RESULTS.read_text()), words_of(client)
    for kind in ("with_curation", "without_curation"):
        assert f"{stored['judgement'][kind]['auc']:.3f}" in words
    for one in stored["attacks"]:
        gained = f"{one['points_median']:.1f} {one['points_most']:.1f}"
        moved = f"{one['percentile_before']:.0f} to {one['percentile_after']:.0f}"
        assert f"{gained} {moved}" in words, one["kind"]
    assert {one["kind"] for one in stored["attacks"]} == set(measured.ATTACKS)


def test_what_defeats_it_is_told_with_and_without_results(client, db):
    assert "Fooled or paid members whom many answer" in words_of(client)


def test_the_scores_of_klout_are_those_of_the_data(eval_data):
    with (eval_data / "klout" / "klout_scores_1048.csv").open() as file:
        scores = [float(row[0]) for row in csv.reader(file)]
    assert len(scores) == 1_048
    assert tuple(np.quantile(scores, measured.QUANTILES).round()) == measured.KLOUT_SCORES


def test_people_on_x_land_where_the_page_says(eval_data):
    with (eval_data / "peerindex" / "people_fit.csv").open() as file:
        scores = [score([figures(row)]).hundredths / 100 for row in csv.DictReader(file)]
    assert len(scores) == 728
    assert tuple(np.quantile(scores, measured.QUANTILES).round()) == measured.KNOWN_ON_X


def figures(row):
    received = (float(row["mentions_received"]), float(row["retweets_received"]))
    response = sum(max(0.0, count - 0.1005) for count in received)
    followers, lists = int(float(row["follower_count"])), int(float(row["listed_count"]))
    return AccountFigures(1, "x", followers, lists, int(response * ONE), 0)
