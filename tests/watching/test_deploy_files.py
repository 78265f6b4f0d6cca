"""Alerts, dashboard, runbook and the page about figures speak of what there is."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from networks.problems import PROBLEMS
from scoring.models import Night
from scoring.rule import RULE_VERSION

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
WATCHING = (ROOT / "docs/watching.md").read_text()
DASHBOARD = (ROOT / "deploy/grafana-dashboard.json").read_text()
FIGURE = re.compile(r"\bklout_[a-z_]+")
ENDINGS = re.compile(r"_(total|bucket|sum|count)$")


def rules() -> list[dict[str, Any]]:
    loaded = YAML(typ="safe").load(ROOT / "deploy/alerts.yml")
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def documented() -> set[str]:
    listed = re.findall(r"^\| `(klout_\w+)` \|", WATCHING, re.MULTILINE)
    return {ENDINGS.sub("", name) for name in listed}


def figures_in(text: str) -> set[str]:
    return {ENDINGS.sub("", name) for name in FIGURE.findall(text)}


def places() -> set[str]:
    """The headings of the runbook, as links call them."""
    headings = re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)
    return {heading.lower().replace(" ", "-") for heading in headings}


@pytest.mark.django_db
def test_the_page_about_figures_lists_what_is_answered(
    client: Client, settings: Any, now: datetime
) -> None:
    settings.METRICS_TOKEN = "t"
    Night.objects.create(
        on=now.date(), rule=RULE_VERSION, cut_off_at=now, started_at=now, finished_at=now
    )
    client.get("/healthz")
    answer = client.get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()
    told = {family.name for family in text_string_to_metric_families(answer)}
    assert {name for name in told if name.startswith("klout_")} == documented()


def test_alerts_and_dashboard_use_figures_that_there_are() -> None:
    used = figures_in(DASHBOARD).union(*(figures_in(rule["expr"]) for rule in rules()))
    assert used - documented() == set()


def test_every_alert_leads_to_its_place_and_every_place_has_an_alert() -> None:
    assert {rule["annotations"]["runbook"] for rule in rules()} == places()


def test_every_panel_asks_something_and_has_a_place_of_its_own() -> None:
    panels = json.loads(DASHBOARD)["panels"]
    assert all(target["expr"] for panel in panels for target in panel["targets"])
    corners = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(corners) == len({panel["id"] for panel in panels}) == len(panels)


def test_the_runbook_names_commands_and_problems_that_there_are() -> None:
    commands = set(re.findall(r"manage\.py (\w+)", RUNBOOK))
    assert commands
    assert commands <= set(get_commands())
    section = RUNBOOK.partition("## A platform fails")[2].partition("\n## ")[0]
    codes = {code for code in re.findall(r"`([a-z_]+)`", section) if "/" not in code}
    assert codes
    assert codes <= set(PROBLEMS)
