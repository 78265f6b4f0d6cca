"""Every point is traced; everybody sees only their own."""

import csv
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks.listening_models import Listening
from networks.models import LinkedAccount, Reading
from scoring import selectors, views
from scoring.models import Contribution, Score
from scoring.services import rescore, run_night
from tests.factories import make_account, make_reaction, make_reading

PAGES = ("/score/why/", "/score/2026-11-02/", "/score/history/", "/score/history.csv")


@pytest.fixture
def scored(ada, now, monkeypatch):
    """Ada with three accounts, a score of today and 89 days of history."""
    monkeypatch.setattr(views.timezone, "now", lambda: now)
    for platform, followers, people in (
        ("mastodon", 52_000, 40),
        ("github", 300, 12),
        ("blog", None, 5),
    ):
        account = make_account(ada, now, platform=platform, changed_at=now)
        make_reading(
            account, now, followers=followers, curation=28 if platform == "github" else None
        )
        for number in range(people):
            make_reaction(account, now - timedelta(days=1 + number % 7), recorded_at=now)
    rescore([ada.pk], now)
    return Score.objects.get(on=now.date())


def text_of(response):
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_to_sign_in(client, db, page):
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_stranger_does_not_see_it(client, mallory, scored):
    client.force_login(mallory)
    assert client.get("/score/2026-11-02/").status_code == 404
    for page in ("/score/why/", "/score/history/", "/score/history.csv"):
        response = client.get(page)
        assert response.status_code == 200
        assert scored.exact.to_eng_string() not in response.content.decode()
        assert "@ada" not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_only_read(client, ada, page):
    client.force_login(ada)
    assert client.post(page).status_code == 405


@pytest.mark.parametrize("page", ["/score/why/", "/score/2026-11-02/"])
def test_one_and_the_contributions_add_up_to_the_score(client, ada, scored, page):
    client.force_login(ada)
    response = client.get(page)
    view = response.context["score"]
    parts = [Decimal(one.points) for one in view.contributions]
    assert Decimal("1.0") + sum(parts) == Decimal(view.tenths)
    shown = re.findall(r'<td class="num">(\d+\.\d)</td>', response.content.decode())
    assert [Decimal(number) for number in shown] == [Decimal("1.0"), *parts, Decimal(view.tenths)]


def test_the_why_page_tells_the_figures_behind_each_account(client, ada, scored):
    client.force_login(ada)
    seen = text_of(client.get("/score/why/"))
    assert "40 people responded, 52,000 follow" in seen
    assert "12 people responded, 300 follow, 28 starred" in seen
    assert "Blog: there is no audience to see" in seen
    assert "Your audience is larger than what responds: 52,000 in the audience" in seen
    assert "What everybody is granted once is placed here" in seen
    assert "Less than five points between two people means nothing" in seen
    assert "K counts for nothing here" in seen
    assert "must not be used to hire" in seen
    assert "—" not in seen


def test_each_account_has_its_curve_its_freshness_and_what_would_have_been(client, ada, scored):
    client.force_login(ada)
    response = client.get("/score/why/")
    html, seen = response.content.decode(), text_of(response)
    assert html.count('<figure class="reach">') == 3
    assert "Mastodon: how many listen, over the response." in html
    assert "Last good read that same day" in seen
    details = response.context["detailed"].accounts
    assert {one.added.platform for one in details} == {"mastodon", "blog", "github"}
    for one in details:
        assert any(supposed.words == "If it were not linked" for supposed in one.suppositions)
        assert all(supposed.score in seen for supposed in one.suppositions)
    assert "It is not advice" in seen


def test_pages_about_the_score_never_tell_anybody_what_to_do(client, ada, scored):
    client.force_login(ada)
    for page in ("/score/why/", "/score/compare/", "/score/history/"):
        seen = text_of(client.get(page)).lower()
        for words in ("you should", "post more", "post again", "improve", "to rise", "well done"):
            assert words not in seen, (page, words)


def test_an_account_that_was_not_read_is_listed_with_its_effect(client, ada, scored, now):
    account = LinkedAccount.objects.get(platform="mastodon")
    Reading.objects.filter(account=account).update(read_on=now.date() - timedelta(days=31))
    rescore([ada.pk], now + timedelta(minutes=1))
    client.force_login(ada)
    seen = text_of(client.get("/score/why/"))
    assert "Not read since 2 Oct, left out" in seen


def test_a_day_before_the_link_says_that_it_was_computed_later(client, ada, scored):
    client.force_login(ada)
    response = client.get("/score/2026-10-20/")
    assert "followers and profiles as of the day of the first read" in text_of(response)


@pytest.mark.parametrize("day", ["2026-02-30", "1999-01-01", "20261102", "today"])
def test_a_day_without_a_score_is_not_found(client, ada, scored, day):
    client.force_login(ada)
    assert client.get(f"/score/{day}/").status_code == 404


def test_who_has_linked_nothing_is_told_how_to_begin(client, ada):
    client.force_login(ada)
    for page in ("/score/why/", "/score/history/"):
        response = client.get(page)
        assert "No network linked yet" in text_of(response)
        assert reverse("networks") in response.content.decode()


def test_while_the_first_read_runs_the_page_says_so(client, ada, now):
    account = make_account(ada, now, first_read_done_at=None)
    client.force_login(ada)
    response = client.get("/score/why/")
    assert "is being read for the first time" in text_of(response)
    assert reverse("account_progress", args=[account.pk]) in response.content.decode()


def test_a_first_read_that_fails_leads_to_what_happened(client, ada, now):
    account = make_account(ada, now, first_read_done_at=None, last_problem="unreachable")
    client.force_login(ada)
    response = client.get("/score/why/")
    assert "could not be read yet" in text_of(response)
    assert reverse("account_progress", args=[account.pk]) in response.content.decode()


def test_between_the_first_read_and_the_first_score_is_a_moment_of_patience(client, ada, now):
    make_account(ada, now)
    client.force_login(ada)
    assert "Your first score is being computed" in text_of(client.get("/score/why/"))


def test_where_nobody_responded_yet_the_page_says_what_limits(client, ada, now, make_heard):
    make_heard(ada, days_ago=())
    run_night(now.date(), now)
    client.force_login(ada)
    seen = text_of(client.get("/score/why/"))
    assert "0 people responded, 1,000 follow" in seen
    assert "We are still learning" not in seen or "days of data so far" in seen


def test_who_unlinked_everything_has_no_score_but_keeps_the_history(client, ada, scored):
    LinkedAccount.objects.all().delete()
    client.force_login(ada)
    assert "No network linked yet" in text_of(client.get("/score/why/"))
    assert client.get("/score/2026-11-02/").status_code == 200
    assert len(client.get("/score/history/").context["days"]) == 90


def test_history_shows_ninety_days_and_what_is_missing(client, ada, scored, now):
    Score.objects.filter(on__range=("2026-10-04", "2026-10-07")).delete()
    client.force_login(ada)
    response = client.get("/score/history/")
    assert len(response.context["days"]) == 90 - 4 + 1
    assert "4 Oct to 7 Oct no score" in text_of(response)
    assert response.context["trend"].has_gaps


def test_history_tells_the_likely_range_of_each_day(client, ada, scored):
    client.force_login(ada)
    likely = f"<td>{scored.likely.low} to {scored.likely.high}</td>"
    assert likely in client.get("/score/history/").content.decode()


def test_history_on_the_whole_scale(client, ada, scored):
    client.force_login(ada)
    assert client.get("/score/history/?scale=whole").context["trend"].levels == (0, 50, 100)
    assert client.get("/score/history/").context["trend"].levels != (0, 50, 100)


def test_history_as_a_file(client, ada, scored):
    client.force_login(ada)
    response = client.get("/score/history.csv")
    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert (len(rows), rows[-1]["day"]) == (90, "2026-11-02")
    assert Decimal(rows[-1]["score"]) == scored.exact
    assert (rows[0]["computed_later"], rows[-1]["computed_later"]) == ("yes", "no")


def test_the_week_is_told_by_people_not_by_reactions(ada, scored):
    sentence = selectors.week_sentence(ada)
    assert sentence == (
        "Your conversations on Mastodon carried you this week: 40 of 57 people who answered or "
        "passed on what you wrote did so there."
    )


@pytest.mark.parametrize("page", ["/score/why/", "/score/history/"])
def test_pages_ask_no_more_for_more_accounts_and_days(client, ada, scored, now, page):
    client.force_login(ada)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    Score.objects.filter(on__lt="2026-10-20").delete()
    Contribution.objects.exclude(platform="mastodon").delete()
    few = queries()
    Score.objects.all().delete()
    for _ in range(5):
        make_reading(make_account(ada, now), now)
    run_night(now.date(), now + timedelta(hours=1))
    assert Contribution.objects.count() == 8
    assert queries() == few


@pytest.mark.parametrize("page", ["/score/why/", "/score/history/"])
def test_who_rests_and_what_rests_is_said_with_its_day(client, ada, scored, now, page):
    client.force_login(ada)
    github = ada.linked_accounts.get(platform="github")
    Listening.objects.update_or_create(account=github, defaults={"resting_since": now})
    assert "resting since 2 Nov 2026: what it adds stands still" in text_of(client.get(page))
    ada.resting_since = now
    ada.save(update_fields=["resting_since"])
    assert "Resting since 2 Nov 2026: the number stands still" in text_of(client.get(page))


def test_a_day_of_rest_says_so_beside_what_the_network_added(client, ada, scored, now):
    client.force_login(ada)
    Contribution.objects.filter(platform="github").update(clock_on=now.date())
    told = text_of(client.get("/score/why/"))
    assert "Resting since 2 Nov." in told
    assert "It rested on this day." in told
