"""Modules that know no framework speak the reader's language, and plain English without one."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

import language
from networks.connectors.progress import back_to, placed, said
from networks.problems import PROBLEMS
from networks.wording import ago, clock, what_you_did
from scoring.explanations import AccountDay, account_sentence, points, signed, week_sentence

DAY = date(2026, 10, 3)
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tongue", "number", "day", "score", "change"),
    [
        ("en-gb", "12,345", "3 Oct", "45.8", "−0.2"),
        ("de", "12.345", "3. Okt", "45,8", "−0,2"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(
    tongue: str, number: str, day: str, score: str, change: str
) -> None:
    with translation.override(tongue):
        assert language.number(12_345) == number
        assert language.day(DAY) == day
        assert (points(458), signed(-2)) == (score, change)


def test_a_number_is_rounded_and_not_cut_off() -> None:
    assert language.number(12.375, 1) == "12.4"


def test_sentences_have_the_form_that_goes_with_the_number() -> None:
    with translation.override("de"):
        assert week_sentence([("Mastodon", 1)]).startswith("1 Mensch hat diese Woche")
        assert week_sentence([("Mastodon", 2)]).startswith("2 Menschen haben diese Woche")
        assert ago(NOON - timedelta(days=1), NOON) == "vor 1 Tag"
        assert ago(NOON - timedelta(days=3), NOON) == "vor 3 Tagen"


def test_an_explanation_is_german_to_the_last_word() -> None:
    figures = AccountDay(
        platform="mastodon",
        platform_label="Mastodon",
        handle="@ada@known.example",
        state="counted",
        tenths=348,
        reach=3_347 << 20,
        audience=4_200,
        curation=None,
        response=20 << 20,
        granted=True,
        acts=232,
        people=58,
        effective_on=DAY,
    )
    with translation.override("de"):
        told = account_sentence(figures, DAY)
    assert told == "3.350 hören zu. 58 Menschen haben reagiert, 4.200 folgen"


def test_what_was_done_is_one_sentence_in_the_order_of_the_language() -> None:
    acts = {"reshare": 6, "reply": 4, "follow": 1}
    since = datetime(2026, 10, 5, tzinfo=UTC)
    assert what_you_did(acts, since) == (
        "Since 5 October you boosted 6 of their posts, replied to 4 and followed them."
    )
    with translation.override("de"):
        assert what_you_did(acts, since) == (
            "Seit dem 5. Oktober hast du von dieser Person 6 ihrer Beiträge geteilt, 4 beantwortet "
            "und ihr Konto abonniert."
        )


def test_a_time_is_told_in_the_zone_of_the_reader() -> None:
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert clock(NOON, NOON) == "13:00 CET"
        late = NOON.replace(hour=23, minute=30)
        assert clock(late, NOON) == "00:30 CET on 3 November"
    assert clock(NOON, NOON) == "12:00 UTC"


def test_what_a_worker_noted_is_told_in_the_language_of_who_watches() -> None:
    kept = "Reading what you wrote" + back_to([datetime(2026, 7, 3, tzinfo=UTC), None])
    assert kept == "Reading what you wrote: back to {2026-07-03}"
    assert said(kept, date(2026, 11, 2)) == "Reading what you wrote: back to 3 July"
    assert said(kept, date(2027, 1, 2)) == "Reading what you wrote: back to 3 July 2026"
    with translation.override("de"):
        assert said(kept, date(2026, 11, 2)) == (
            "Was du geschrieben hast, wird gelesen: zurück bis 3. Juli"
        )


def test_a_place_with_braces_in_its_name_breaks_nothing() -> None:
    kept = "Reading what others did" + placed("in", "ada/{x}{}")
    assert said(kept, DAY) == "Reading what others did in ada/x"
    assert said("{", DAY) == "{"
    assert said("", DAY) == ""


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_is_told_in_german(code: str) -> None:
    english = PROBLEMS[code].while_reading("known.example")
    with translation.override("de"):
        german = PROBLEMS[code].while_reading("known.example")
    assert "known.example" in german
    assert german != english
    assert "Alles, was bisher gelesen wurde, bleibt." in german


def test_without_django_it_is_plain_english() -> None:
    code = (
        "import language, sys; from datetime import date;"
        "print(language.number(12345.67, 1), language.day(date(2026, 10, 3), 'j F Y'),"
        " language.ngettext('one', 'several', 2), 'django' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split("\n")[0] == "12,345.7 3 October 2026 several False"


def test_a_name_from_right_to_left_does_not_turn_the_sentence_around_it() -> None:
    name = "\u0634\u0647\u0631\u0632\u0627\u062f"
    assert language.isolated(name) == f"\u2068{name}\u2069"
    assert language.isolated("Ada Lind") == "Ada Lind"
