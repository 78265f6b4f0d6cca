"""An export is enough to recompute every score, without Django, database or us."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from jsonschema import Draft202012Validator, FormatChecker

from scoring import versions
from scoring.laws import LAWS
from scoring.models import Contribution, Score
from scoring.offline import DIFFERS, SAME, UNKNOWN_RULE, NotAnExport, main, recompute, verdict
from scoring.personal_data import provider
from scoring.services import rescore
from tests.factories import make_account, make_reaction, make_reading

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "export-scores.schema.json").read_text())
# Whatever would lead to Django or to a database is refused at its import.
WITHOUT_DJANGO = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg2", "celery", "environ", "ibis", "duckdb"}:
            raise ImportError(name + " is not here")
sys.meta_path.insert(0, Refuse())
from scoring.offline import main
sys.exit(main())
"""


def exported(member):
    """The member's export, as it is in the file."""
    return json.loads(json.dumps({"scores": provider.export(member)}, cls=DjangoJSONEncoder))


@pytest.fixture
def life(ada, now):
    """Ada on four accounts with 90 days of history: known and unknown, read and not read."""
    linked = now - timedelta(days=100)
    accounts = [
        make_account(ada, now, linked_at=linked),
        make_account(ada, now, linked_at=linked, platform="github"),
        make_account(ada, now, linked_at=linked, host="unheard.example"),
        make_account(ada, now, linked_at=linked, platform="blog"),
    ]
    for place, account in enumerate(accounts):
        read_at = now - timedelta(days=12 * place)
        make_reading(account, read_at, followers=40 * 10**place, curation=place * 7)
        for number in range(40):
            make_reaction(
                account,
                now - timedelta(days=number * 3 % 170, hours=2),
                responder_hash=number * 7 % 23,
                standing=(0, 300, 600, 1000)[number % 4],
            )
    rescore([ada.pk], now)
    return exported(ada)


@pytest.fixture
def file(tmp_path, life):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(life))
    return path


def test_every_score_comes_out_of_its_inputs_to_the_digit(life, ada):
    found = recompute(life)
    assert len(found) == Score.objects.filter(member=ada).count() == 90
    assert {one.verdict for one in found} == {SAME}
    assert all(one.exported == one.recomputed for one in found)
    assert len({one.exported for one in found}) > 10


def test_the_scoring_part_alone_is_enough(life):
    assert recompute(life["scores"]) == recompute(life)


def test_the_export_is_as_the_schema_says(life):
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(life["scores"])


def test_the_schema_describes_every_figure_and_no_other(life):
    score = life["scores"]["scores"][0]
    described = SCHEMA["$defs"]
    assert list(score) == list(described["score"]["properties"])
    assert list(score["contributions"][0]) == list(described["contribution"]["properties"])
    for kind in ("score", "contribution"):
        assert set(described[kind]["required"]) == set(described[kind]["properties"])


def test_it_runs_where_there_is_no_django(file):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "All 90 scores come out of their inputs to the digit."


def test_it_is_a_module_to_run(file):
    run = [sys.executable, "-m", "scoring.offline", str(file)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Day         Rule       Exported  Recomputed  Verdict\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda score: score.update(score="99.00"), "score is 99.00"),
        (lambda score: score.update(reach_fixed=1), "reach_fixed is 1"),
        (lambda score: score["contributions"][0].update(followers=10**6), "by the rule"),
        (lambda score: score["contributions"][0]["tally"].pop(), "people is"),
        (lambda score: score["contributions"][0].update(points="0.1"), "points is 0.1"),
    ],
)
def test_a_figure_that_was_changed_is_found(life, tmp_path, capsys, change, told):
    change(life["scores"]["scores"][-1])
    path = tmp_path / "export.json"
    path.write_text(json.dumps(life))
    assert main([str(path)]) == 1
    printed = capsys.readouterr().out
    assert told in printed
    assert DIFFERS in printed
    assert printed.endswith("1 of 90 scores differ.\n")


def test_a_rule_of_the_future_is_told_apart_from_a_difference(life):
    life["scores"]["scores"][0]["rule"] = "2099.1"
    found = recompute(life)
    assert found[0].verdict == UNKNOWN_RULE
    assert verdict(found) == "1 of 90 were made by a rule that is not known here."


def test_scores_older_than_the_counts_are_recomputed_from_their_sums(life, ada):
    Contribution.objects.update(tally=[])
    older = exported(ada)
    assert older["scores"]["scores"][0]["contributions"][0]["tally"] is None
    assert {one.verdict for one in recompute(older)} == {SAME}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '"scores"',
        '{"scores": 7}',
        '{"scores": [7]}',
        '{"scores": [{}]}',
        '{"scores": [{"on": "today", "rule": "2026.1", "score": "1.00", "contributions": []}]}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_export_is_refused_with_a_sentence(tmp_path, capsys, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    assert main([str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "is not an export of Klout" in told.err
    assert "Traceback" not in told.err


def test_a_file_that_is_not_there_is_no_export_either(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere.json")]) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tally", [5]),
        ("tally", "many"),
        ("tally", [None]),
        ("followers", -1),
        ("followers", True),
        ("known_host", 1),
        ("platform", None),
        ("days_since_read", "3"),
    ],
)
def test_a_figure_of_the_wrong_kind_is_named(life, field, value):
    life["scores"]["scores"][0]["contributions"][0][field] = value
    with pytest.raises(NotAnExport, match=rf"contributions\[0\]\.{field}"):
        recompute(life)


def test_an_export_without_scores_has_nothing_to_recompute(ada):
    assert verdict(recompute(exported(ada))).startswith("The export holds no score")


def test_every_version_that_scores_has_its_law():
    assert {version.name for version in versions.VERSIONS} <= set(LAWS)
    assert all(LAWS[version.name].score is version.score for version in versions.VERSIONS)
