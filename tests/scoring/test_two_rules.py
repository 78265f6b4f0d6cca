"""When the rule changes both versions stand side by side, on every page, for all of history.

The older version, 2025.9, exists here alone.
"""

import re
from datetime import date, timedelta

import pytest

from scoring import rule, selectors, versions
from scoring.charts import trend
from scoring.models import Contribution, Score
from scoring.selectors import history
from scoring.services import rescore
from scoring.versions import Version
from tests.factories import make_account, make_reaction, make_reading

OLDER = "2025.9"
CHANGED_AGO = 20


@pytest.fixture
def two_rules(ada, now, monkeypatch):
    """Ninety days by both: until 20 days ago 2025.9 was in force and gave a tenth more."""
    account = make_account(ada, now, linked_at=now - timedelta(days=2))
    for days in (0, 30, 70):
        make_reading(account, now - timedelta(days=days), followers=2_000 - 9 * days)
    for number in range(40):
        make_reaction(account, now - timedelta(days=number * 4, hours=3), recorded_at=now)
    rescore([ada.pk], now)
    change = now.date() - timedelta(days=CHANGED_AGO)
    older = Version(OLDER, date(2025, 9, 1), rule.score)
    newer = Version(rule.RULE_VERSION, change, rule.score)
    monkeypatch.setattr(versions, "VERSIONS", (older, newer))
    for score in list(Score.objects.prefetch_related("contributions")):
        rows = list(score.contributions.all())
        score.pk, score.rule = None, OLDER
        score.hundredths += 150
        score.high_hundredths += 150
        score.save(force_insert=True)
        for row in rows:
            row.pk, row.score = None, score
        Contribution.objects.bulk_create(rows)
    return change


@pytest.fixture
def at_ada(client, ada):
    client.force_login(ada)
    return client


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_both_lines_and_the_day_of_the_change_are_drawn(ada, now, two_rules):
    found = history(ada, until=now.date())
    assert (found.days[0].rule, found.other_rules) == (rule.RULE_VERSION, (OLDER,))
    assert [one.on for one in found.days] == [one.on for one in found.others[0]]
    chart = trend(found.days, until=now.date(), others=found.others, changes=found.changes)
    assert len(chart.other_lines) == 1
    assert [(one.rule, one.on) for one in chart.changes] == [(rule.RULE_VERSION, two_rules)]
    assert "By rule 2025.9:" in chart.label
    assert "Rule 2026.1 from 13 Oct." in chart.label


def test_the_history_shows_both_in_the_chart_the_table_and_the_file(
    at_ada, now, two_rules, monkeypatch
):
    monkeypatch.setattr("scoring.views.timezone.now", lambda: now)
    response = at_ada.get("/score/history/")
    seen = text_of(response)
    assert "By rule 2025.9" in seen
    assert "Upright line: rule 2026.1 from 13 Oct." in seen
    assert "Thin line: the same days by rule 2025.9." in seen
    row = response.context["days"][30]
    assert f"{row.others[0].tenths}</a></td>" in response.content.decode()
    lines = at_ada.get("/score/history.csv").content.decode().splitlines()
    assert sum(",2025.9," in line for line in lines) == 90
    assert sum(",2026.1," in line for line in lines) == 90


def test_a_day_shows_the_rule_that_was_in_force_on_it_and_leads_to_the_other(at_ada, two_rules):
    before, after = two_rules - timedelta(days=1), two_rules
    assert at_ada.get(f"/score/{before}/").context["score"].rule == OLDER
    page = at_ada.get(f"/score/{after}/")
    assert page.context["score"].rule == rule.RULE_VERSION
    assert f"/score/{after}/?rule={OLDER}" in page.content.decode()
    assert at_ada.get(f"/score/{after}/?rule={OLDER}").context["score"].rule == OLDER
    assert at_ada.get(f"/score/{after}/?rule=1999.1").status_code == 404


def test_a_change_of_rule_between_two_days_is_a_line_and_all_adds_up(at_ada, ada, now, two_rules):
    found = selectors.comparison(ada, two_rules - timedelta(days=9), now.date())
    lines = {line.words: line for line in found.lines}
    parts = [one.tenths for one in found.accounts] + [line.tenths for line in found.lines]
    assert lines["Change of rule"].tenths in (-14, -15, -16)
    assert sum(parts) == found.tenths == found.after - found.before
    seen = text_of(at_ada.get(f"/score/compare/?from={two_rules - timedelta(days=9)}"))
    assert "scored by rule 2025.9, the later one by rule 2026.1" in seen


def test_two_days_under_one_rule_have_no_such_line(ada, now, two_rules):
    found = selectors.comparison(ada, two_rules, now.date())
    assert "Change of rule" not in {line.words for line in found.lines}


def test_where_the_newer_rule_never_scored_the_day_all_is_in_one_line(ada, now, two_rules):
    on = two_rules - timedelta(days=9)
    Score.objects.filter(on=on, rule=rule.RULE_VERSION).delete()
    found = selectors.comparison(ada, on, now.date())
    assert [line.tenths for line in found.lines] == [found.tenths]
    assert found.accounts == ()


def test_until_the_new_rule_has_scored_somebody_the_older_score_is_shown(at_ada, ada, two_rules):
    Score.objects.filter(rule=rule.RULE_VERSION).delete()
    assert at_ada.get("/score/why/").context["score"].rule == OLDER
    assert at_ada.get("/dashboard/").context["board"].score.rule == OLDER
    assert at_ada.get("/score/compare/").status_code == 200
