"""The page of the sonobuoy: each network in words, the answers, and mail."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from networks.listening_models import Listening, ListeningWishes, Ping
from networks.models import LinkedAccount
from networks.sonobuoy import answers
from networks.sonobuoy.answers import Answer
from networks.sonobuoy.selectors import (
    buoys,
    buoys_with_charts,
    has_left_public_places,
    open_pings,
    resting_since,
)
from networks.sonobuoy.states import State
from tests.sonobuoy.conftest import DAY, hear

PAGE = "/sonobuoy/"


@pytest.fixture
def page(client, ada, now, monkeypatch):
    """What ada reads there."""
    monkeypatch.setattr(timezone, "now", lambda: now)
    client.force_login(ada)
    return lambda: client.get(PAGE).text


def test_without_a_network_it_says_what_to_do(page):
    text = page()
    assert "Nothing to listen to yet" in text
    assert "I am resting" in text, "whoever has nothing linked may rest as well"


def test_a_quiet_network_has_its_ping_and_equal_answers(page, lively, ada, now):
    lively(ada)
    hear(now)
    text = page()
    assert "It is quiet on Mastodon." in text
    assert "quiet 10 days" in text
    assert "You usually post there every 2 days, and hardly ever after more than 3 days." in text
    for said in ("fine", "rest", "left", "mute"):
        assert f'<button class="button small" name="said" value="{said}">' in text


def test_what_cannot_be_read_is_told_apart_from_silence(page, lively, ada, now):
    lively(
        ada,
        state=LinkedAccount.State.NEEDS_CONSENT,
        last_problem="access_revoked",
        last_read_at=now - 12 * DAY,
    )
    hear(now)
    text = page()
    assert "not read" in text
    assert "so nothing is said about your silence there" in text
    assert "known.example no longer lets us read this account." in text
    assert "Give consent again" in text
    assert not Ping.objects.exists()


@pytest.mark.parametrize(
    ("said", "state", "sentence"),
    [
        (Answer.REST, State.RESTING, "Its clock stands still"),
        (Answer.LEFT, State.LEFT, "that you left"),
        (Answer.MUTE, State.MUTED, "You muted it"),
    ],
)
def test_each_answer_is_shown_and_can_be_taken_back(
    page, client, lively, ada, now, said, state, sentence
):
    account = lively(ada)
    address = reverse("sonobuoy_answer", args=[account.pk])
    client.force_login(ada)
    client.post(address, {"said": said.value})
    assert buoys(ada, now)[0].state == state
    assert sentence in page()
    back = Answer.TELL if said == Answer.MUTE else Answer.BACK
    client.post(address, {"said": back.value})
    assert buoys(ada, now)[0].state == State.QUIET


def test_the_member_rests_and_comes_back(page, client, lively, ada, now):
    lively(ada)
    text = page()
    assert "Taking a break?" in text
    answer = client.post(reverse("rest"), {"rests": "yes"}, follow=True)
    assert "You are resting" in answer.text
    assert buoys(ada_again(ada), now)[0].state == State.RESTING
    answer = client.post(reverse("rest"), {"rests": "no"}, follow=True)
    assert "Welcome back." in answer.text
    assert ada_again(ada).resting_since is None


def ada_again(ada: Member) -> Member:
    return Member.objects.get(pk=ada.pk)


def test_an_answer_that_is_none_changes_nothing_and_says_so(page, client, lively, ada, now):
    account = lively(ada)
    text = client.post(
        reverse("sonobuoy_answer", args=[account.pk]), {"said": "explode"}, follow=True
    ).text
    assert "Nothing was changed" in text
    assert "Nothing was changed" in client.post(reverse("rest"), {}, follow=True).text


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("14", 14, "Saved"),
        ("", None, "Saved"),
        ("0", None, "at least one day"),
        ("400", None, "at most 365 days"),
        ("soon", None, "a number of days"),
    ],
)
def test_the_number_of_days_is_chosen_or_refused_with_a_sentence(
    page, client, lively, ada, typed, kept, said
):
    account = lively(ada)
    text = client.post(
        reverse("sonobuoy_threshold", args=[account.pk]), {"days": typed}, follow=True
    ).text
    assert said in text
    heard = Listening.objects.filter(account=account).first()
    assert (heard.threshold_days if heard else None) == kept


def test_mail_is_off_until_it_is_asked_for(page, client, ada):
    assert " checked" not in page()
    asked = {"wants_pings": "on", "quiet_from": "22:30", "quiet_until": "07:00"}
    client.post(reverse("sonobuoy_mail"), asked)
    wishes = ListeningWishes.objects.get(member=ada)
    assert (wishes.wants_pings, wishes.wants_weekly) == (True, False)
    assert (wishes.quiet_from, wishes.quiet_until) == (time(22, 30), time(7))
    assert 'value="22:30"' in page()


def test_hours_that_are_none_are_refused_and_nothing_typed_is_lost(page, client, ada):
    asked = {"wants_weekly": "on", "quiet_from": "late", "quiet_until": "07:00"}
    text = client.post(reverse("sonobuoy_mail"), asked).text
    assert "Enter a valid time." in text
    assert 'value="late"' in text
    assert not ListeningWishes.objects.exists()


def test_what_is_not_yours_is_not_found(client, lively, ada, mallory, now):
    account = lively(ada)
    hear(now)
    client.force_login(mallory)
    for name, data in (("sonobuoy_answer", {"said": "left"}), ("sonobuoy_threshold", {"days": 3})):
        assert client.post(reverse(name, args=[account.pk]), data).status_code == 404
    heard = Listening.objects.get()
    assert (heard.left_at, heard.threshold_days) == (None, None)
    assert account.handle not in client.get(PAGE).text


def test_more_networks_take_no_more_queries(
    client, lively, ada, now, django_assert_max_num_queries
):
    client.force_login(ada)
    lively(ada)
    hear(now)
    client.get(PAGE)
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE)
    for _ in range(3):
        lively(ada)
    hear(now)
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)


def test_the_dashboard_gets_it_in_one_query(lively, ada, now, django_assert_num_queries):
    lively(ada), lively(ada, silent=1)
    hear(now)
    with django_assert_num_queries(1):
        found = buoys(ada, now)
    assert [(buoy.state, bool(buoy.ping)) for buoy in found] == [
        (State.QUIET, True),
        (State.ALIVE, False),
    ]
    assert found[1].pulse[-2] == 1
    assert open_pings(ada) == 1


def test_the_chart_has_days_in_a_row_silence_rests_and_what_was_not_read(lively, ada, now):
    account = lively(ada)
    answers.answer(account, Answer.REST, now - 8 * DAY)
    answers.answer(account, Answer.BACK, now - 5 * DAY)
    ((_, chart),) = buoys_with_charts(ada, now)
    assert (len(chart.bars) + len(chart.ticks), len(chart.weeks)) == (84, 12)
    assert chart.posts == sum(week.posts for week in chart.weeks) == 37
    assert [block.width for block in chart.rested] == [20]
    assert chart.silence.width == 100
    assert chart.unread == ()
    ((_, late),) = buoys_with_charts(ada, now + 4 * DAY)
    assert [block.width for block in late.unread] == [30]


def test_who_rests_long_leaves_public_places(lively, ada, now):
    assert resting_since(ada) is None
    one, two = lively(ada), lively(ada)
    answers.answer(one, Answer.REST, now - 95 * DAY)
    assert resting_since(ada) is None
    answers.answer(two, Answer.REST, now - 80 * DAY)
    assert resting_since(ada) == now - 80 * DAY
    answers.rest(ada, now - 70 * DAY)
    assert resting_since(ada_again(ada)) == now - 70 * DAY
    assert not has_left_public_places(now - 90 * DAY, now)
    assert has_left_public_places(now - 91 * DAY, now)
    assert not has_left_public_places(None, now)
