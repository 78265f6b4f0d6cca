"""Right after a link: today's score and the history that can honestly be computed."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from networks.models import LinkedAccount
from scoring import rule, tasks, versions
from scoring.models import Contribution, Score, ScoringState
from scoring.services import claim_due, compute, rescore, run_night
from scoring.services.night import SETTLES_WITHIN
from tests.factories import make_account, make_reaction, make_reading


@pytest.fixture
def just_linked(ada, now):
    """Linked and read back a minute ago; somebody responded every five days for 180 days."""
    account = make_account(ada, now, changed_at=now, host="known.example")
    make_reading(account, now, followers=1000)
    for days in range(1, 180, 5):
        make_reaction(account, now - timedelta(days=days), recorded_at=now)
    return account


def days_scored():
    return list(Score.objects.order_by("on").values_list("on", flat=True))


def test_the_first_time_the_last_ninety_days_are_computed(just_linked, ada, now):
    rescore([ada.pk], now)
    today = now.date()
    assert days_scored() == [today - timedelta(days=days) for days in range(89, -1, -1)]
    newest = Score.objects.get(on=today)
    assert not newest.backfilled
    assert Score.objects.filter(backfilled=True).count() == 89
    assert set(Contribution.objects.values_list("audience", flat=True)) == {1000}


def test_each_day_of_history_is_what_a_night_of_that_day_would_have_said(just_linked, ada, now):
    rescore([ada.pk], now)
    on = now.date() - timedelta(days=37)
    backfilled = Score.objects.get(on=on)
    Score.objects.all().delete()
    run_night(on, now + SETTLES_WITHIN)
    night = Score.objects.get(on=on)
    fields = ("hundredths", "low_hundredths", "high_hundredths", "reach", "days_of_data")
    assert [getattr(night, f) for f in fields] == [getattr(backfilled, f) for f in fields]


def test_todays_score_is_what_the_night_would_say(just_linked, ada, now, stored):
    rescore([ada.pk], now)
    Score.objects.exclude(on=now.date()).delete()
    rescored = stored()
    Score.objects.all().delete()
    run_night(now.date(), now + SETTLES_WITHIN)
    assert stored() == rescored


def test_days_whose_window_was_not_read_back_are_left_out(just_linked, ada, now, settings):
    settings.BACKFILL_DAYS = 100
    rescore([ada.pk], now)
    assert days_scored()[0] == now.date() - timedelta(days=10)
    assert len(days_scored()) == 11


def test_days_before_the_first_account_was_opened_have_no_score(just_linked, ada, now):
    LinkedAccount.objects.update(opened_at=now - timedelta(days=7))
    rescore([ada.pk], now)
    assert days_scored()[0] == now.date() - timedelta(days=6)
    LinkedAccount.objects.update(opened_at=now)
    Score.objects.all().delete()
    ScoringState.objects.all().delete()
    rescore([ada.pk], now)
    assert days_scored() == [now.date()]


def test_where_little_is_read_back_there_is_only_today(just_linked, ada, now, settings):
    settings.BACKFILL_DAYS = 30
    rescore([ada.pk], now)
    assert days_scored() == [now.date()]


def test_later_only_todays_score_is_computed_again_and_history_stays(just_linked, ada, now, stored):
    rescore([ada.pk], now)
    history = Score.objects.exclude(on=now.date()).order_by("on").values()
    before = list(history.all())
    later = now + timedelta(minutes=5)
    second = make_account(ada, later, host="known.example")
    make_reading(second, later, followers=50_000)
    for days in range(1, 30):
        make_reaction(second, now - timedelta(days=days), recorded_at=later)
    old_score = Score.objects.get(on=now.date()).reach
    rescore([ada.pk], later)
    assert list(history.all()) == before
    newest = Score.objects.get(on=now.date())
    assert newest.reach > old_score
    assert newest.contributions.count() == 2


def test_days_that_a_night_has_scored_keep_that_score(just_linked, ada, now):
    yesterday = now - timedelta(days=1)
    LinkedAccount.objects.update(first_read_done_at=yesterday)
    run_night(yesterday.date(), yesterday + SETTLES_WITHIN)
    by_night = Score.objects.get(on=yesterday.date()).computed_at
    rescore([ada.pk], now)
    assert Score.objects.get(on=yesterday.date()).computed_at == by_night


def test_whose_first_read_still_runs_has_to_wait(just_linked, ada, now):
    LinkedAccount.objects.update(first_read_done_at=None)
    assert claim_due(now) == []
    rescore([ada.pk], now)
    assert not Score.objects.exists()


def test_who_was_read_first_is_due_once(just_linked, ada, now, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    tasks.rescore_due()
    assert Score.objects.filter(member=ada).count() == 90
    assert claim_due(now + timedelta(seconds=5)) == []


def test_what_a_poll_reads_counts_from_the_next_night_on(just_linked, ada, now):
    rescore(claim_due(now), now)
    later = now + timedelta(hours=3)
    LinkedAccount.objects.update(changed_at=later)
    assert claim_due(later) == []
    assert ScoringState.objects.get().seen_change_at == later


def test_who_unlinks_one_account_of_two_is_due(just_linked, ada, now):
    second = make_account(ada, now, changed_at=now)
    make_reading(second, now)
    rescore(claim_due(now), now)
    assert Score.objects.get(on=now.date()).contributions.count() == 2
    later = now + timedelta(hours=3)
    second.delete()
    LinkedAccount.objects.update(changed_at=later)
    assert claim_due(later) == [ada.pk]
    rescore([ada.pk], later)
    assert Score.objects.get(on=now.date()).contributions.count() == 1
    assert Score.objects.get(on=now.date() - timedelta(days=1)).contributions.count() == 2


def test_a_claimed_member_is_left_alone_and_taken_up_when_the_claimer_died(just_linked, ada, now):
    assert claim_due(now) == [ada.pk]
    assert claim_due(now + timedelta(seconds=29)) == []
    assert claim_due(now + timedelta(seconds=30)) == [ada.pk]


@pytest.mark.django_db(transaction=True)
def test_two_claimers_at_once_never_get_the_same_member(just_linked, ada, grace, now):
    make_account(grace, now, changed_at=now)
    ScoringState.objects.create(member=ada, next_try_at=now)
    ScoringState.objects.create(member=grace, next_try_at=now)
    with transaction.atomic():
        ScoringState.objects.select_for_update().get(member=ada)
        claimed = []

        def claim():
            claimed.extend(claim_due(now))
            connection.close()

        thread = Thread(target=claim)
        thread.start()
        thread.join()
    assert claimed == [grace.pk]


def test_a_member_whose_rescore_fails_waits_longer_each_time(just_linked, ada, now, monkeypatch):
    def fails(accounts):
        raise ValueError("disorder")

    one_by_one = replace(versions.VERSIONS[0], score=fails, score_columns=None)
    monkeypatch.setattr(versions, "VERSIONS", (one_by_one,))
    waits, at = [], now
    for _ in range(3):
        members = claim_due(at)
        assert members == [ada.pk]
        rescore(members, at)
        state = ScoringState.objects.get()
        waits.append((state.next_try_at - at) / timedelta(minutes=1))
        at = state.next_try_at
    assert waits == [1, 2, 4]
    assert state.problem == "data in disorder"
    monkeypatch.undo()
    rescore(claim_due(at), at)
    state.refresh_from_db()
    assert (state.failures, state.problem) == (0, "")


def test_one_member_in_disorder_does_not_keep_another_from_a_score(
    just_linked, ada, grace, now, monkeypatch
):
    account = make_account(grace, now, changed_at=now)
    make_reading(account, now)
    of_ada = ada.linked_accounts.get().pk

    def fails_for_ada(accounts):
        if accounts[0].key == of_ada:
            raise ValueError("disorder")
        return rule.score(accounts)

    one_by_one = replace(versions.VERSIONS[0], score=fails_for_ada, score_columns=None)
    monkeypatch.setattr(versions, "VERSIONS", (one_by_one,))
    rescore(claim_due(now), now)
    assert Score.objects.filter(member=grace).count() == 90
    assert not Score.objects.filter(member=ada).exists()


def test_when_the_engine_fails_everybody_claimed_is_tried_again(just_linked, ada, now, monkeypatch):
    def breaks(*args):
        raise OSError("No space left on device")

    monkeypatch.setattr(compute.inputs, "copy_out", breaks)
    with pytest.raises(OSError, match="No space"):
        rescore(claim_due(now), now)
    state = ScoringState.objects.get()
    assert state.next_try_at == now + timedelta(minutes=1)
    assert "No space left" in state.problem
