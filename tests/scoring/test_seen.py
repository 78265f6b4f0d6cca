"""What members chose to see of their number is all that any page of theirs shows of it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scoring.models import Score
from scoring.seen import seen
from scoring.selectors import board
from scoring.visitors import ASKED
from tests import lives

PAGES = ("/dashboard/", "/score/why/", "/score/compare/", "/score/history/")
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(days)
def test_once_a_week_nothing_later_than_the_last_monday_is_seen(today):
    what = seen("weekly", today)
    assert what.until.weekday() == 0
    assert timedelta(0) <= today - what.until < timedelta(days=7)
    assert what.number


@given(days, st.sampled_from(["daily", "weekly", "band", "hidden"]))
def test_who_asks_sees_all_of_it(today, choice):
    what = seen(choice, today, asked=True)
    assert (what.until, what.number, what.band, what.is_weekly) == (today, True, True, False)


@pytest.mark.parametrize(
    ("choice", "number", "band"),
    [
        ("daily", True, True),
        ("weekly", True, True),
        ("band", False, True),
        ("hidden", False, False),
    ],
)
def test_the_range_goes_with_the_number_but_not_the_other_way(choice, number, band):
    what = seen(choice, date(2026, 11, 4))
    assert (what.number, what.band) == (number, band)


@pytest.fixture
def ada_by(client, ada, grace, mallory):
    """Ada with a life of half a year, signed in, who chose how she sees her number."""
    lives.full_life(ada, grace, mallory, timezone.now())
    client.force_login(ada)

    def choose(choice):
        ada.score_shown = choice
        ada.save()
        return client

    return choose


def visible(response):
    """What anybody can see, hear or hover: text, titles, labels, and no coordinates."""
    html = response.content.decode()
    labels = " ".join(re.findall(r'(?:aria-label|title|alt|content)="([^"]*)"', html))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)) + " " + labels


def numbers_of(member):
    """Every way in which the scores of the last days might be written."""
    rows = Score.objects.filter(member=member)
    return {f"{row.hundredths / 1000 * 10:.1f}" for row in rows} | {
        f"{row.hundredths // 10 / 10:.1f}" for row in rows
    }


@pytest.mark.parametrize("choice", ["band", "hidden"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_the_number_to_who_did_not_want_it(ada_by, ada, choice, page):
    client, on = ada_by(choice), timezone.now().date()
    pages = [page] if page != "/score/why/" else [page, f"/score/{on - timedelta(days=3)}/"]
    for path in pages:
        said = visible(client.get(path))
        found = set(re.findall(r"(?<![\d,.])\d+\.\d(?!\d)(?!\d*\.)", said)) & numbers_of(ada)
        assert found == set(), (path, found)
        assert "points, from 1 to 100" not in said
        assert not re.search(r"[Ss]core \d", said)


@pytest.mark.parametrize("page", PAGES)
def test_hidden_shows_no_range_and_no_chart_of_it_either(ada_by, page):
    response = ada_by("hidden").get(page)
    assert not re.search(
        r"\d+ to \d+(?! [A-Z])", visible(response).replace(str(timezone.now().year), "")
    )
    assert '<figure class="trend-chart">' not in response.content.decode()
    assert "You chose not to be shown your number" in visible(response)


def test_hidden_still_tells_of_people(ada_by):
    client = ada_by("hidden")
    assert "people responded" in visible(client.get("/dashboard/"))
    assert "Who listens" in visible(client.get("/score/why/"))
    assert "What was different" in visible(client.get("/score/compare/"))


def test_the_range_alone_is_shown_large_and_drawn(ada_by, ada):
    response = ada_by("band").get("/dashboard/")
    row = Score.objects.filter(member=ada).latest("on")
    assert f">{row.likely.low}–{row.likely.high}</text>" in response.content.decode()
    assert '<figure class="trend-chart">' in response.content.decode()
    assert 'class="path" d="M' not in re.sub(
        r"(?s)<figure class=.reach.*?</figure>", "", response.content.decode()
    )


@pytest.mark.parametrize("page", PAGES)
def test_once_a_week_no_page_knows_a_later_day(ada_by, ada, page):
    client, today = ada_by("weekly"), timezone.now().date()
    monday = today - timedelta(days=today.weekday())
    Score.objects.filter(member=ada, on__gt=monday).update(hundredths=7777, high_hundredths=9000)
    said = visible(client.get(page))
    assert "77.7" not in said
    assert "once a week" in said


def test_once_a_week_the_number_is_that_of_the_last_monday(ada_by, ada):
    now = timezone.now()
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    row = Score.objects.get(member=ada, on=monday)
    ada_by("weekly")
    assert board(ada, now, seen("weekly", today)).score.hundredths == row.hundredths


def test_on_monday_morning_the_number_of_the_week_before_stands_until_the_night_is_done(
    ada_by, ada
):
    monday, now = date(2026, 11, 23), datetime(2026, 11, 23, 1, tzinfo=UTC)
    ada_by("weekly")
    Score.objects.filter(member=ada, on__gte=monday).delete()
    assert board(ada, now, seen("weekly", monday)).score.on == monday - timedelta(days=7)


def test_a_day_that_is_not_to_be_seen_yet_is_not_found(ada_by, ada, monkeypatch):
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    monkeypatch.setattr("scoring.views.timezone.now", lambda: wednesday)
    client = ada_by("weekly")
    assert client.get("/score/2026-11-24/").status_code == 404


@pytest.mark.parametrize("choice", ["weekly", "band", "hidden"])
@pytest.mark.parametrize("page", PAGES)
def test_who_asks_is_shown_all_of_it_once(ada_by, ada, choice, page):
    client = ada_by(choice)
    newest = Score.objects.filter(member=ada).latest("on")
    exact = f"{newest.hundredths // 10 / 10:.1f}"
    assert "Show me today" in visible(client.get(page))

    answer = client.post(reverse("show_score_once"), {"next": page}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert exact in visible(answer)
    assert "Shown this once" in visible(answer)
    again = visible(client.get(page))
    assert "Shown this once" not in again
    assert ASKED not in client.session


def test_who_sees_it_every_day_is_asked_nothing(ada_by):
    said = visible(ada_by("daily").get("/dashboard/"))
    assert "Show me today" not in said


def test_the_choice_is_saved_and_leads_back(client, ada):
    client.force_login(ada)
    answer = client.post(reverse("score_shown"), {"score_shown": "band", "next": "/score/why/"})
    assert answer["Location"] == "/score/why/"
    ada.refresh_from_db()
    assert ada.score_shown == "band"


def test_a_choice_that_is_none_changes_nothing(client, ada):
    client.force_login(ada)
    answer = client.post(reverse("score_shown"), {"score_shown": "monthly"})
    assert "Nothing was changed" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.score_shown == "daily"


@pytest.mark.parametrize("name", ["score_shown", "show_score_once"])
@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_it_leads_to_our_own_pages_only(client, ada, name, away):
    client.force_login(ada)
    answer = client.post(reverse(name), {"score_shown": "daily", "next": away})
    assert answer["Location"] == reverse("dashboard")


def test_the_file_has_every_day_whatever_is_shown(ada_by, ada):
    client = ada_by("hidden")
    newest = Score.objects.filter(member=ada).latest("on")
    assert f"{newest.on},{newest.hundredths / 100:.2f}" in client.get("/score/history.csv").text


def test_a_newcomer_who_sees_it_weekly_is_told_when_it_comes(client, ada, now):
    today = timezone.now()
    account = lives.open_to_all(ada, today)
    ada.score_shown = "weekly"
    ada.save()
    client.force_login(ada)
    assert account.first_read_done_at
    assert "comes with the night to Monday" in visible(client.get("/dashboard/"))


def test_the_board_is_one_query(ada_by, ada):
    ada_by("daily")
    now = timezone.now()
    with CaptureQueriesContext(connection) as queries:
        assert board(ada, now, seen("daily", now.date())).posts
    assert len(queries) == 1
