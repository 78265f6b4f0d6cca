"""The nightly recompute: everybody, once, the same however often."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from networks.models import LinkedAccount, Reaction, Reading
from scoring import columns, rule, services, tasks, versions
from scoring.management.commands import night as command
from scoring.models import Contribution, Night, Score
from scoring.rule import RULE_VERSION, AccountFigures
from scoring.selectors import tonight
from scoring.services import compute, night_is_due, run_night
from scoring.services import night as night_service
from scoring.services import store as store_service
from tests.factories import make_account, make_reaction, make_reading
from tests.scoring.oracle import worth


def the_score():
    return Score.objects.get()


def the_part():
    return Contribution.objects.get()


# --- What is counted ---


def test_a_night_scores_who_was_read(heard, ada, now):
    night = run_night(now.date(), now)
    score, part = the_score(), the_part()
    assert (score.member, score.on, score.rule) == (ada, now.date(), "2026.1")
    assert (night.members, night.accounts, night.problem) == (1, 1, "")
    assert (part.people, part.acts, part.by_weight) == (3, 3, [0, 0, 3, 0, 0])
    assert part.tally == [10102, 10402, 13902]
    assert part.account == heard
    assert 10 + part.tenths == score.hundredths // 10
    assert score.days_of_data == 60


def test_the_stored_score_is_the_rule_on_the_figures_by_hand(heard, now):
    run_night(now.date(), now)
    # Noon, 2, 5 and 40 days ago: whole days before midnight are 1, 4 and 39 days old.
    each = [worth(1000, 0, age, 1) for age in (1, 4, 39)]
    figures = AccountFigures(
        heard.pk, "mastodon", 1000, None, sum(w[1] for w in each), sum(w[2] for w in each)
    )
    expected = rule.score([figures])
    assert (the_score().hundredths, the_score().reach) == (expected.hundredths, expected.reach)


def test_the_score_speaks_for_the_midnight_at_which_the_day_begins(ada, now, make_heard):
    account = make_heard(ada, days_ago=())
    midnight = datetime.combine(now.date(), time(), UTC)
    make_reaction(account, midnight)
    run_night(now.date(), now)
    assert the_part().people == 0
    make_reaction(account, midnight - timedelta(microseconds=1), recorded_at=midnight)
    run_night(now.date(), now)
    assert the_part().people == 1


def test_what_is_older_than_ninety_days_is_forgotten(ada, now, make_heard):
    make_heard(ada, days_ago=(90, 91))
    run_night(now.date(), now)
    assert the_part().people == 1


def test_what_people_do_to_their_own_words_is_no_response(heard, now):
    make_reaction(heard, now - timedelta(days=1), responder_hash=heard.person_hash)
    run_night(now.date(), now)
    assert the_part().people == 3


def test_a_first_read_that_still_runs_makes_no_score(ada, now, make_heard):
    make_heard(ada, first_read_done_at=None)
    run_night(now.date(), now)
    assert not Score.objects.exists()


def test_an_account_that_could_not_be_read_keeps_its_clock_for_thirty_days(ada, now, make_heard):
    account = make_account(ada, now - timedelta(days=90))
    make_reading(account, now - timedelta(days=30), followers=1000)
    make_reaction(account, now - timedelta(days=31))
    run_night(now.date(), now)
    part = the_part()
    fresh_worth = worth(1000, 0, 0, 1)[1]
    assert (part.state, part.response) == ("counted", fresh_worth)
    assert part.effective_on == now.date() - timedelta(days=30)

    tomorrow = now + timedelta(days=1)
    run_night(tomorrow.date(), tomorrow)
    later = Contribution.objects.get(score__on=tomorrow.date())
    assert (later.state, later.tenths, later.score.hundredths) == ("not_read", 0, 100)


def test_an_account_that_is_read_again_counts_again(ada, now):
    account = make_account(ada, now - timedelta(days=90))
    make_reading(account, now - timedelta(days=50), followers=1000)
    run_night(now.date(), now)
    tomorrow = now + timedelta(days=1)
    make_reading(account, tomorrow - timedelta(hours=11), followers=1100)
    run_night(tomorrow.date(), tomorrow)
    states = Contribution.objects.order_by("score__on").values_list("state", flat=True)
    assert list(states) == ["not_read", "counted"]


def test_a_missing_figure_repeats_the_last_good_one(heard, now):
    make_reading(heard, now - timedelta(days=3), followers=800)
    Reading.objects.filter(read_on=now.date()).update(followers=None)
    run_night(now.date(), now)
    assert (the_part().audience, the_part().state) == (800, "counted")


def test_an_account_on_an_unknown_host_is_held_down_and_says_so(ada, now, make_heard):
    account = make_heard(ada, host="invented.example")
    Reading.objects.filter(account=account).update(followers=10**8)
    for number in range(50):
        make_reaction(account, now - timedelta(days=1), responder_hash=-number)
    run_night(now.date(), now)
    assert the_score().reach == rule.UNKNOWN_HOSTS_AT_MOST
    assert the_part().state == "unknown_host"


# --- The same, however often ---


def test_a_night_run_twice_writes_the_same(heard, now, stored):
    run_night(now.date(), now)
    first = stored()
    run_night(now.date(), now + timedelta(hours=5))
    assert stored() == first
    assert Night.objects.count() == 1


def test_what_was_recorded_as_the_night_began_counts_in_the_next_one(heard, now, stored):
    run_night(now.date(), now)
    before = stored()
    make_reaction(heard, now - timedelta(days=2), recorded_at=now - timedelta(seconds=30))
    run_night(now.date(), now + timedelta(hours=1))
    assert stored() == before


def test_a_rerun_takes_the_first_cut_off_and_leaves_out_what_came_later(heard, now, stored):
    run_night(now.date(), now)
    first = stored()
    later = now + timedelta(hours=2)
    make_reaction(heard, now - timedelta(days=1), recorded_at=later)
    Reading.objects.create(
        account=heard, read_on=now.date() - timedelta(days=1), read_at=later, followers=9
    )
    run_night(now.date(), later)
    assert stored() == first


def test_a_late_event_counts_from_the_next_night_by_when_it_happened(heard, now):
    run_night(now.date(), now)
    make_reaction(heard, now - timedelta(days=10), recorded_at=now + timedelta(hours=2))
    tomorrow = now + timedelta(days=1)
    run_night(tomorrow.date(), tomorrow)
    people = Contribution.objects.order_by("score__on").values_list("people", flat=True)
    assert list(people) == [3, 4]


def test_the_order_in_which_reactions_were_stored_changes_no_byte(ada, grace, now, make_heard):
    for member, days in ((ada, (2, 5, 40)), (grace, (40, 2, 5))):
        make_heard(member, days_ago=days)
    run_night(now.date(), now)
    of_ada, of_grace = Score.objects.order_by("member_id")
    assert (of_ada.reach, of_ada.likely) == (of_grace.reach, of_grace.likely)


@pytest.mark.django_db(transaction=True)
def test_of_two_nights_at_once_one_waits_and_both_write_the_same(heard, now, stored):
    errors = []

    def run():
        try:
            run_night(now.date(), now)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (Night.objects.count(), Score.objects.count(), Contribution.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_night_that_does_not_wait_leaves_the_running_one_alone(heard, now):
    answers = []

    def run():
        answers.append(run_night(now.date(), now, wait=False))
        connections.close_all()

    with night_service._one_at_a_time(wait=True):
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert answers == [None]
    assert not Score.objects.exists()


def test_a_newer_score_of_the_same_day_stands(heard, ada, now, stored):
    run_night(now.date(), now)
    later = now + timedelta(hours=1)
    make_reaction(heard, now - timedelta(days=1), recorded_at=later)
    services.rescore([ada.pk], later)
    rescored = Score.objects.get(on=now.date())
    run_night(now.date(), later)
    assert Score.objects.get(on=now.date()).reach == rescored.reach


# --- When something is wrong ---


def test_a_member_with_data_in_disorder_is_set_aside_and_the_rest_is_scored(
    ada, grace, now, make_heard, monkeypatch
):
    make_heard(ada)
    make_heard(grace)
    of_ada = ada.linked_accounts.get().pk

    def fails_for_ada(accounts):
        if accounts[0].key == of_ada:
            raise ValueError("disorder")
        return rule.score(accounts)

    one_by_one = replace(versions.VERSIONS[0], score=fails_for_ada, score_columns=None)
    monkeypatch.setattr(versions, "VERSIONS", (one_by_one,))
    night = run_night(now.date(), now)
    assert the_score().member == grace
    assert night.set_aside == [ada.pk]
    assert "1 set aside" in night.problem
    assert night.finished_at


def test_a_member_whom_the_database_would_refuse_is_set_aside_as_well(
    ada, grace, now, make_heard, monkeypatch
):
    Reading.objects.filter(account=make_heard(ada)).update(followers=7)
    make_heard(grace)

    def too_much_for_ada(figures, days):
        scored = columns.score(figures, days)
        scored.hundredths[figures.followers == 7] = 10_001
        return scored

    wrong = replace(versions.VERSIONS[0], score_columns=too_much_for_ada)
    monkeypatch.setattr(versions, "VERSIONS", (wrong,))
    night = run_night(now.date(), now)
    assert night.set_aside == [ada.pk]
    assert the_score().member == grace


def test_where_columns_fail_all_are_scored_by_the_rule_itself_to_the_same_bytes(
    ada, grace, now, make_heard, monkeypatch, stored
):
    make_heard(ada)
    make_heard(grace, platform="github", days_ago=(1, 1, 30))
    make_heard(grace, host="invented.example")
    run_night(now.date(), now)
    by_columns = stored()

    def breaks(figures, days):
        raise FloatingPointError

    broken = replace(versions.VERSIONS[0], score_columns=breaks)
    monkeypatch.setattr(versions, "VERSIONS", (broken,))
    assert run_night(now.date(), now).set_aside == []
    assert stored() == by_columns


def test_a_night_that_failed_says_why_and_a_rerun_repairs_it(heard, now, monkeypatch):
    def breaks(*args):
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(compute.inputs, "copy_out", breaks)
        with pytest.raises(OSError, match="No space"):
            run_night(now.date(), now)
    night = Night.objects.get()
    assert "No space left on device" in night.problem
    assert night.finished_at is None
    assert run_night(now.date(), now + timedelta(minutes=11)).problem == ""
    assert the_score()


def test_nothing_is_stored_of_a_night_that_breaks_off_while_writing(heard, now, monkeypatch):
    def breaks(*args):
        raise RuntimeError("killed")

    monkeypatch.setattr(night_service, "_finish", breaks)
    with pytest.raises(RuntimeError):
        run_night(now.date(), now)
    assert not Score.objects.exists()


@pytest.mark.parametrize("gone", ["account", "member"])
def test_who_leaves_while_a_night_is_computed_is_passed_over(heard, ada, now, monkeypatch, gone):
    copy_out = compute.inputs.copy_out

    def then_goes(given):
        rows = copy_out(given)
        (heard if gone == "account" else ada).delete()
        return rows

    monkeypatch.setattr(compute.inputs, "copy_out", then_goes)
    run_night(now.date(), now)
    assert Score.objects.exists() is (gone == "account")
    assert not Contribution.objects.exclude(account=None).exists()


def test_history_outlives_the_account_it_came_from(heard, now):
    run_night(now.date(), now)
    handle = heard.handle
    heard.delete()
    assert (the_part().account, the_part().handle) == (None, handle)
    assert the_part().tenths > 0


# --- How it is set going ---


def test_a_night_is_due_once_a_day_after_its_hour(db, now, settings):
    settings.NIGHT_AT = time(3, 10)
    midnight = datetime.combine(now.date(), time(), UTC)
    assert not night_is_due(midnight + timedelta(hours=3, minutes=9))
    due_at = midnight + timedelta(hours=3, minutes=10)
    assert night_is_due(due_at)
    run_night(now.date(), due_at)
    assert not night_is_due(due_at + timedelta(minutes=1))
    assert night_is_due(due_at + timedelta(days=1))


def test_the_next_night_is_tonight_now_or_tomorrow(db, settings):
    settings.NIGHT_AT = time(3, 10)
    day = datetime(2026, 11, 2, tzinfo=UTC)
    begins = day + timedelta(hours=3, minutes=10)
    before, after = begins - timedelta(hours=1), begins + timedelta(hours=1)

    assert tonight(before).at == begins
    assert tonight(after).at == after
    Night.objects.create(
        on=day.date(),
        rule=RULE_VERSION,
        cut_off_at=begins,
        started_at=begins,
        finished_at=begins,
        phases={"read": {"seconds": 90}},
    )
    seen = tonight(after)
    assert (seen.at, seen.is_running) == (begins + timedelta(days=1), False)
    assert seen.ready_at == seen.at + timedelta(seconds=90)


def test_a_night_that_was_killed_is_due_at_once_and_one_that_failed_after_a_rest(db, now):
    night = Night.objects.create(
        on=now.date(), rule=rule.RULE_VERSION, cut_off_at=now, started_at=now
    )
    assert night_is_due(now + timedelta(minutes=1))
    night.problem = "no space left"
    night.save()
    assert not night_is_due(now + timedelta(minutes=1))
    assert night_is_due(now + timedelta(minutes=11))


def test_the_task_runs_the_night_that_is_due_and_no_second_one(heard, now, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    tasks.night_due()
    tasks.night_due()
    assert Night.objects.get().on == now.date()
    assert the_score()


def test_the_command_says_what_it_did(heard, now, monkeypatch):
    monkeypatch.setattr(command.timezone, "now", lambda: now)
    out = StringIO()
    call_command("night", "--on", "2026-11-02", stdout=out)
    assert "Night of 2026-11-02 by rule 2026.1: 1 members with 1 accounts" in out.getvalue()
    assert the_score().on == date(2026, 11, 2)


def test_the_command_refuses_what_is_no_day(db):
    with pytest.raises(CommandError, match="write it as 2026-11-02"):
        call_command("night", "--on", "yesterday")


def test_a_night_asks_the_database_no_more_for_more_members(ada, grace, mallory, now, make_heard):
    def queries(on):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            run_night(on, now)
        return len(captured)

    run_night(now.date() - timedelta(days=1), now - timedelta(days=1))
    make_heard(ada)
    few = queries(now.date())
    for member in (grace, mallory, ada):
        make_heard(member)
    assert queries(now.date() + timedelta(days=1)) <= few
    assert LinkedAccount.objects.count() == 4
    assert Reaction.objects.count() == 12


def test_who_goes_in_the_very_moment_of_writing_costs_one_more_try(heard, now, monkeypatch):
    upsert, tries = store_service._upsert, []

    def collides_once(*args):
        tries.append(args)
        rows = upsert(*args)
        if len(tries) == 1:
            raise IntegrityError("account is gone")
        return rows

    monkeypatch.setattr(store_service, "_upsert", collides_once)
    run_night(now.date(), now)
    assert len(tries) == 2
    assert the_part().tenths > 0
