"""The pages of law say what the code does, and what the operator has not said."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts import audit, leaving, public_names, sharing, side_by_side
from accounts import services as accounts
from accounts.exports import making as exports
from accounts.imports import services as imports
from gifting.limits import REPORTS_KEPT
from klout import legal
from networks.services import revocations, webmentions
from tests.accounts.conftest import PASSWORD, prove_it, sign_in

pytestmark = pytest.mark.django_db
OPERATOR = {
    "OPERATOR_NAME": "Grace Oduya",
    "OPERATOR_ADDRESS": "1 Harbour Street\\nExample",
    "OPERATOR_CONTACT": "grace@example.com",
    "JURISDICTION": "The law of Example.",
    "HOSTING": "A machine in a cellar.",
}


def words(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_every_time_on_the_page_is_that_of_the_code(client):
    page = words(client, "/privacy/")
    for time in (
        accounts.UNCONFIRMED_FOR,
        timedelta(seconds=django_settings.SESSION_COOKIE_AGE),
        timedelta(seconds=django_settings.CSRF_COOKIE_AGE),
        audit.KEPT,
        audit.PLACE_KEPT,
        REPORTS_KEPT,
        revocations.TRIED_FOR,
        webmentions.REFUSED_STAY,
        leaving.UNDO_FOR,
        leaving.ERASED_WITHIN,
        sharing.ENDED_LINKS_SHOWN,
        public_names.KEPT_BACK,
        side_by_side.WAITS,
        exports.KEPT_FOR,
        imports.WAITS_FOR,
        timedelta(days=django_settings.BACKUPS_KEPT_DAYS),
    ):
        assert legal.spelled(time) in page


def test_no_time_stands_on_it_that_is_not_of_the_code(client):
    told = set(re.findall(r"\d+ (?:minutes?|hours?|days?)", words(client, "/privacy/")))
    facts = legal.facts()
    known = " ".join([*(one.how_long for one in facts["kept"] + facts["cookies"])])
    known += f" {facts['undo']} {facts['erased_within']} {facts['backups']}"
    known += f" {facts['backfill_days']} days {facts['window_days']} days"
    assert told <= set(re.findall(r"\d+ (?:minutes?|hours?|days?)", known))


def test_a_time_that_changes_changes_the_page(client, monkeypatch):
    monkeypatch.setattr(audit, "KEPT", timedelta(days=100))
    assert "100 days" in words(client, "/privacy/")


@pytest.mark.parametrize(
    ("time", "spelled"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(days=1), "24 hours"),
        (timedelta(days=35), "35 days"),
    ],
)
def test_times_are_spelled_without_a_rest(time, spelled):
    assert legal.spelled(time) == spelled


def test_the_cookies_it_names_are_the_cookies_there_are(client, ada):
    named = {cookie.name for cookie in legal.cookies()}
    seen = set()
    for step in (
        lambda: client.get("/"),
        lambda: client.get("/account/login/"),
        lambda: sign_in(client, ada.email, "wrong horse"),
        lambda: sign_in(client, ada.email, PASSWORD),
        lambda: prove_it(client),
        lambda: client.post("/settings/", {"name": "Ada"}),
        lambda: client.get("/settings/"),
        lambda: client.post("/settings/looks/", {"language": "de", "theme": "dark"}),
        lambda: client.get("/dashboard/"),
        lambda: client.get("/privacy/"),
        lambda: client.post("/settings/delete/"),
    ):
        step()
        seen |= set(client.cookies)
    assert seen <= named
    assert {django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME} <= seen


@pytest.mark.parametrize("path", ["/privacy/", "/terms/", "/contact/"])
def test_what_is_missing_is_said_plainly(client, path, settings):
    for name in OPERATOR:
        setattr(settings, name, "")
    settings.OPERATOR_EMAIL = ""
    page = words(client, path)
    assert "Whoever runs this site has not said yet: who runs this site; their postal" in page


@pytest.mark.parametrize("path", ["/privacy/", "/terms/", "/contact/"])
def test_who_has_said_everything_is_named_and_nothing_is_missing(client, path, settings):
    for name, value in OPERATOR.items():
        setattr(settings, name, value)
    page = words(client, path)
    assert "has not said yet" not in page
    for said in ("Grace Oduya", "1 Harbour Street Example", "grace@example.com"):
        assert said in page


def test_the_terms_say_what_a_score_must_not_be_used_for(client):
    page = words(client, "/terms/")
    for use in ("hire", "credit", "insurance", "housing", "admit"):
        assert use in page
    assert "16 and older" in page


def test_every_page_leads_there(client):
    page = client.get("/account/login/").content.decode()
    for path in ("/privacy/", "/terms/", "/contact/"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize(("given", "code"), [({}, 1), (OPERATOR, 0)])
def test_the_deployment_check_names_what_is_missing(given, code, tmp_path):
    production = {
        "BASE_URL": "https://klout.example",
        "SECRET_KEY": "x9" * 10 + "".join(map(chr, range(97, 123))) + "0123456789",
        "DATA_DIR": str(tmp_path),
        "DEBUG": "0",
    }
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | production | dict.fromkeys(OPERATOR, "") | given,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == code, checked.stderr
    assert ("klout.W001" in checked.stderr) == bool(code)
