"""Resting: the clock of an account stands still, night after night, and goes on afterwards."""

from datetime import date, datetime, timedelta

import pytest

from networks.listening_models import Rest
from networks.models import LinkedAccount, Reading
from networks.sonobuoy.answers import Answer, answer, end_rest, rest
from scoring.day_files.window import TooOld
from scoring.models import Contribution, Score
from scoring.rested import without_overlaps
from scoring.selectors.figures import figures_of, rows_of
from scoring.services import rescore, run_night
from scoring.versions import in_force
from tests.factories import make_outreach, make_reaction, make_reading

DAY = timedelta(days=1)
NIGHTS = (1, 2, 3, 10, 29, 30, 31, 32, 60, 89, 90, 91, 92, 150, 199, 200)
SHOWN = ("hundredths", "low_hundredths", "high_hundredths", "reach", "days_of_data")
PART = (
    *("state", "tenths", "reach", "audience", "response", "response_squares", "everyone"),
    *("granted", "acts", "people", "by_weight", "tally", "effective_on", "clock_on"),
)


def score_on(on: date, member) -> dict[str, object]:
    return Score.objects.filter(member=member, on=on).values(*SHOWN).get()


def part_on(on: date, account) -> dict[str, object]:
    return Contribution.objects.filter(score__on=on, account=account).values(*PART).get()


def night(at: datetime) -> None:
    run_night(at.date(), at)


def read(account: LinkedAccount, at: datetime, followers: int = 1000) -> None:
    Reading.objects.filter(account=account, read_on=at.date()).delete()
    make_reading(account, at, followers=followers)
    LinkedAccount.objects.filter(pk=account.pk).update(last_read_at=at)


@pytest.fixture
def resting(ada, grace, heard, make_heard, now):
    """Ada rests since noon; by then she was scored, and one who responds to her is trusted."""
    friend = make_heard(grace)
    for each in (heard, friend):
        LinkedAccount.objects.filter(pk=each.pk).update(first_read_done_at=now - 60 * DAY)
    make_reaction(heard, now - 3 * DAY, responder_hash=4711, standing=0)
    for other in range(3):
        make_outreach(friend, now - (other + 1) * DAY, target_hash=4711)
    night(now)
    rest(ada, now)
    return heard


def test_a_resting_members_number_stays_the_very_same(resting, ada, now):
    """Polls go on, the audience changes, and whoever trusted a responder does so no more."""
    first = score_on(now.date(), ada)
    assert part_on(now.date(), resting)["by_weight"] != [0, 0, 0, 0, 4]
    for days in NIGHTS:
        at = now + days * DAY
        if days % 2:
            read(resting, at - DAY / 2, followers=1000 + 100 * days)
            make_reaction(resting, at - DAY / 2)
        night(at)
        assert score_on(at.date(), ada) == first, days
        assert part_on(at.date(), resting)["clock_on"] == now.date()


def test_others_go_on_meanwhile(resting, grace, now):
    night(now + 100 * DAY)
    here, there = (score_on((now + days * DAY).date(), grace) for days in (0, 100))
    assert there["hundredths"] < here["hundredths"]


def test_one_account_rests_beside_one_that_lives(ada, heard, make_heard, now):
    living = make_heard(ada)
    night(now)
    answer(heard, Answer.REST, now)
    before = part_on(now.date(), heard)
    for days in (1, 40, 120):
        at = now + days * DAY
        read(living, at - DAY / 2)
        make_reaction(living, at - DAY)
        night(at)
        after = part_on(at.date(), heard)
        for name in ("audience", "response", "people", "tally", "effective_on", "state"):
            assert after[name] == before[name], (days, name)
        assert part_on(at.date(), living)["effective_on"] == (at - DAY / 2).date()
        assert part_on(at.date(), living)["clock_on"] is None


def test_the_same_inputs_give_the_same_bytes(resting, now, stored):
    night(now + 50 * DAY)
    before = stored()
    night(now + 50 * DAY)
    assert stored() == before


def test_one_member_alone_gets_the_score_of_the_night(resting, ada, now):
    at = now + 50 * DAY
    night(at)
    before = score_on(at.date(), ada), part_on(at.date(), resting)
    Score.objects.filter(on=at.date()).delete()
    rescore([ada.pk], at)
    assert (score_on(at.date(), ada), part_on(at.date(), resting)) == before


def test_what_is_stored_gives_the_score_again(resting, ada, now):
    """So does an export, and another version of the rule."""
    night(now + 100 * DAY)
    stored = Score.objects.get(member=ada, on=(now + 100 * DAY).date())
    figures = figures_of(stored, rows_of(stored))
    assert in_force(stored.on).score(figures).hundredths == stored.hundredths
    assert all(account.is_counted for account in figures)


def test_a_rest_before_the_first_score_stands_at_the_first_one(ada, heard, now):
    rest(ada, now - DAY)
    night(now)
    first = score_on(now.date(), ada)
    for days in (1, 50, 150):
        night(now + days * DAY)
        assert score_on((now + days * DAY).date(), ada) == first


def test_a_rest_taken_back_on_the_same_day_is_none(ada, heard, now, stored):
    rest(ada, now - DAY)
    end_rest(ada, now - DAY + timedelta(minutes=5))
    night(now)
    rested = stored()
    Score.objects.all().delete()
    Rest.objects.all().delete()
    night(now)
    assert stored() == rested


# --- Afterwards ----------------------------------------------------------------------------------


@pytest.fixture
def twins(ada, mallory, make_heard, now):
    """Ada rested from a hundred days ago up to now; Mallory received the same, but later.

    Both are read to the end of each day, and were responded to on the first and last day of the
    rest, which are no days of rest, and after it. Only Ada also while it lasted.
    """
    begin, rested = now - 100 * DAY, 99
    one = make_heard(ada, days_ago=())
    other = make_heard(mallory, days_ago=(), linked_at=begin - 20 * DAY + rested * DAY)
    LinkedAccount.objects.filter(pk=one.pk).update(linked_at=begin - 20 * DAY)
    LinkedAccount.objects.update(first_read_done_at=begin - DAY)
    for number, days in enumerate((0, 1, 5, 40, 80, 95, 119)):
        for who, later in ((one, 0), (other, rested)):
            make_reaction(who, begin - (days - later) * DAY, responder_hash=number % 5)
    make_reaction(one, begin + 50 * DAY)
    for who in (one, other):
        for days in (0, 2):
            make_reaction(who, now + days * DAY)
    Rest.objects.create(member=ada, began_at=begin, ended_at=now)
    return one, other


def test_whoever_comes_back_goes_on_where_they_stood(twins, ada, mallory, now):
    """Every night after the rest is as if all before it had happened later by its days."""
    one, other = twins
    for days in (1, 2, 30, 60, 88, 91, 120):
        at = now + days * DAY
        for who in twins:
            read(who, at - DAY / 2)
        night(at)
        mine, theirs = part_on(at.date(), one), part_on(at.date(), other)
        assert mine == theirs, days
        assert score_on(at.date(), ada) == score_on(at.date(), mallory)
    assert part_on((now + DAY).date(), one)["people"] > 0


def test_one_member_alone_gets_the_score_of_the_night_after_a_rest(twins, ada, now):
    at = now + 3 * DAY
    read(twins[0], at - DAY / 2)
    night(at)
    before = score_on(at.date(), ada), part_on(at.date(), twins[0])
    Score.objects.all().delete()
    rescore([ada.pk], at)
    assert (score_on(at.date(), ada), part_on(at.date(), twins[0])) == before


def test_a_night_from_postgresql_alone_says_the_same(twins, ada, now, monkeypatch):
    at = now + 3 * DAY
    read(twins[0], at - DAY / 2)
    night(at)
    before = score_on(at.date(), ada), part_on(at.date(), twins[0])
    Score.objects.all().delete()

    def too_old(*_: object, **__: object):
        raise TooOld("not here")

    monkeypatch.setattr("scoring.inputs.open_window", too_old)
    night(at)
    assert (score_on(at.date(), ada), part_on(at.date(), twins[0])) == before


def test_a_night_before_the_rest_is_not_changed_by_it(twins, ada, now, stored):
    at = now - 101 * DAY
    LinkedAccount.objects.update(first_read_done_at=at - DAY)
    read(twins[0], at - DAY / 2)
    night(at)
    before = stored()
    Rest.objects.all().delete()
    night(at)
    assert stored() == before


def test_days_of_rests_that_overlap_count_once():
    spans = [(1, 10, 20), (1, 15, 30), (1, 30, 31), (1, 40, 41), (2, 5, 9), (2, 6, 7)]
    assert list(without_overlaps(spans)) == [(1, 10, 31), (1, 40, 41), (2, 5, 9)]
