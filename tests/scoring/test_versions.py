"""Two versions of the rule side by side, and golden examples that never change."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from scoring import rule, tallies, versions
from scoring.models import Contribution, Score
from scoring.rule import AccountFigures
from scoring.services import run_night
from scoring.services.history import compute_history
from scoring.versions import Version, computed_on, in_force
from tests.factories import make_reaction

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def half_as_much(accounts):
    """A second version, which only these tests know: every audience is halved."""
    return rule.score([replace(one, followers=(one.followers or 0) // 2) for one in accounts])


SECOND = Version("2026.2", date(2026, 11, 3), half_as_much)


@pytest.fixture
def two_versions(monkeypatch):
    monkeypatch.setattr(versions, "VERSIONS", (*versions.VERSIONS, SECOND))


def scores_by_rule():
    rows = Score.objects.order_by("on").values_list("rule", "on", "hundredths")
    return {name: [row[1:] for row in rows if row[0] == name] for name in ("2026.1", "2026.2")}


def test_a_night_computes_both_and_each_splits_its_own(heard, now, two_versions):
    run_night(now.date(), now)
    first, second = Score.objects.order_by("rule")
    assert (first.rule, second.rule) == ("2026.1", "2026.2")
    assert first.reach > second.reach
    for score in (first, second):
        [part] = Contribution.objects.filter(score=score)
        assert 10 + part.tenths == score.hundredths // 10


def test_the_new_version_is_computed_for_the_whole_history_as_nights_would_have(
    heard, now, monkeypatch
):
    for day in range(4):
        at = now + timedelta(days=day)
        make_reaction(heard, at - timedelta(days=2), recorded_at=at - timedelta(hours=9))
        run_night(at.date(), at)
    before = scores_by_rule()["2026.1"]
    assert compute_history(SECOND, now) == 4
    from_history = scores_by_rule()["2026.2"]
    assert scores_by_rule()["2026.1"] == before
    assert compute_history(SECOND, now) == 0

    Score.objects.filter(rule="2026.2").delete()
    monkeypatch.setattr(versions, "VERSIONS", (*versions.VERSIONS, SECOND))
    for day in range(4):
        at = now + timedelta(days=day)
        run_night(at.date(), at + timedelta(hours=1))
    assert scores_by_rule()["2026.2"] == from_history
    assert scores_by_rule()["2026.1"] == before


def test_which_version_is_in_force_and_which_is_computed():
    first = replace(versions.VERSIONS[0], computed_until=date(2026, 12, 31))
    both = (first, SECOND)
    assert in_force(date(2026, 11, 2), both) == first
    assert in_force(date(2026, 11, 3), both) == SECOND
    assert in_force(date(1999, 1, 1), both) == first
    assert computed_on(date(2026, 12, 31), both) == [first, SECOND]
    assert computed_on(date(2027, 1, 1), both) == [SECOND]


def figures(inputs):
    """An account of a golden example: its figures, with the sums of its counts."""
    found = tallies.sums(inputs["tally"])
    given = {name: inputs[name] for name in inputs if name != "tally"}
    return AccountFigures(response=found.response, everyone=found.everyone, **given)


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_golden_examples_of_a_version_never_change(path):
    [version] = [one for one in versions.VERSIONS if one.name == path.stem]
    for example in json.loads(path.read_text()):
        result = version.score([figures(inputs) for inputs in example["accounts"]])
        assert {
            "hundredths": result.hundredths,
            "reach": result.reach,
            "tenths": [share.tenths for share in result.shares],
        } == example["expected"], example["name"]


def test_each_version_has_golden_examples_with_every_input():
    assert [path.stem for path in GOLDEN] == [one.name for one in versions.VERSIONS]
    taken = {field.name for field in fields(AccountFigures)} - {"response", "everyone"}
    for path in GOLDEN:
        examples = json.loads(path.read_text())
        assert len(examples) >= 12
        for example in examples:
            assert all(set(inputs) == taken | {"tally"} for inputs in example["accounts"])
