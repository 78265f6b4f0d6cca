"""Trust from the rows in the database to the stored score."""

from datetime import timedelta
from random import Random

import pytest

from accounts.models import Member
from scoring.models import Contribution, Score
from scoring.services import rescore, run_night
from tests.factories import make_outreach, make_reaction


def the_part_of(member):
    return Contribution.objects.get(score__member=member)


@pytest.fixture
def settled(make_heard):
    """A function that links an account of full standing to a member."""

    def make(member, **fields):
        return make_heard(member, days_ago=(), **({"standing": 1000} | fields))

    return make


def test_whom_members_answer_weighs_more(ada, grace, now, settled):
    of_ada, of_grace = settled(ada), settled(grace)
    make_reaction(of_ada, now - timedelta(days=3), responder_hash=77, standing=0)
    make_outreach(of_grace, now - timedelta(days=5), target_hash=77)
    run_night(now.date(), now)
    assert the_part_of(ada).by_weight == [0, 0, 0, 1, 0]  # 0.85 of one unit


def test_ones_own_outreach_makes_nobody_trusted(ada, grace, now, settled):
    of_ada = settled(ada)
    make_reaction(of_ada, now - timedelta(days=3), responder_hash=77, standing=0)
    make_outreach(of_ada, now - timedelta(days=5), target_hash=77)
    run_night(now.date(), now)
    assert the_part_of(ada).by_weight == [1, 0, 0, 0, 0]


def test_a_member_alone_is_scored_from_standing(ada, now, make_heard):
    make_heard(ada)
    run_night(now.date(), now)
    assert the_part_of(ada).by_weight == [0, 0, 3, 0, 0]
    assert Score.objects.get().hundredths > 3000


@pytest.mark.parametrize(
    ("days", "recorded", "counts"), [(90, 90, True), (91, 91, False), (0, 0, False)]
)
def test_trust_has_the_same_window_as_responses(ada, grace, now, settled, days, recorded, counts):
    of_ada, of_grace = settled(ada), settled(grace)
    make_reaction(of_ada, now - timedelta(days=3), responder_hash=77, standing=0)
    make_outreach(of_grace, now - timedelta(days=days), target_hash=77)
    run_night(now.date(), now)
    assert the_part_of(ada).by_weight[3] == int(counts)


def test_a_rescore_of_one_member_says_what_the_night_says(db, now, settled, stored):
    chance = Random(8)
    members = [
        Member.objects.create_user(f"m{n}@example.com", "correct horse", name=f"M {n}")
        for n in range(14)
    ]
    accounts = [settled(member, standing=chance.choice([300, 700, 1000])) for member in members]
    people = [account.person_hash for account in accounts] + [5, 6, 7, 8]
    for account in accounts:
        for target in chance.sample(people, 3):
            make_outreach(account, now - timedelta(days=4), target_hash=target)
        for person in chance.sample(people, 6):
            if person != account.person_hash:
                make_reaction(account, now - timedelta(days=9), responder_hash=person, standing=400)
    run_night(now.date(), now)
    leave_out = {"cut_off_at", "id", "computed_at"}
    by_night = [
        {name: value for name, value in row.items() if name not in leave_out}
        for rows in stored()
        for row in rows
    ]
    assert sum(sum(row["by_weight"][1:]) for row in by_night if "by_weight" in row) > 10
    for member in members:
        rescore([member.pk], now + timedelta(hours=1))
    Score.objects.exclude(on=now.date()).delete()
    rescored = [
        {name: value for name, value in row.items() if name not in leave_out}
        for rows in stored()
        for row in rows
    ]
    assert rescored == by_night
