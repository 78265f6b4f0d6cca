"""Two scores side by side: only where both agreed, and with nothing to win."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts import side_by_side
from accounts.models import Member
from accounts.sharing import Refused
from accounts.sharing_models import SideBySide
from gifting import services as gifting
from scoring.beside import MEANS_NOTHING_UNDER, Range, Said, beside
from tests.factories import make_account, make_score

DAY = timedelta(days=1)


@pytest.fixture
def both(ada, grace, now):
    """Ada (31, 29 to 33) and Grace (45, 42 to 49), each to be found."""
    for member, fields in (
        (ada, {}),
        (grace, {"hundredths": 4550, "low_hundredths": 4200, "high_hundredths": 4900}),
    ):
        name = member.name.split()[0].lower()
        account = make_account(member, now, handle=f"@{name}@known.example")
        gifting.accept_from(member, "all")
        make_score(member, now, [account], **fields)
    return ada, grace


def agreed(asker, other, now) -> SideBySide:
    side_by_side.ask(asker, other, "@them", now)
    question = SideBySide.objects.get(asker=asker, other=other)
    assert side_by_side.answer(other, question.pk, now, agrees=True)
    return question


def test_nothing_is_seen_before_the_other_one_says_yes(client, both, now):
    ada, grace = both
    client.force_login(ada)
    client.post("/compare/", {"whom": "@grace@known.example"})
    question = SideBySide.objects.get()
    assert question.other == grace
    assert client.get(f"/compare/{question.pk}/").status_code == 404

    client.force_login(grace)
    assert "Ada Lind" in client.get("/compare/").content.decode()
    assert client.get(f"/compare/{question.pk}/").status_code == 404
    client.post(f"/compare/{question.pk}/answer/", {"agrees": "yes"})
    for member in (ada, grace):
        client.force_login(member)
        page = client.get(f"/compare/{question.pk}/").content.decode()
        assert "likely 29 to 33" in page
        assert "likely 42 to 49" in page
        assert "A gap of less than five points between two people means nothing." in page


def test_a_page_of_two_has_no_winner_and_no_difference(client, both, now):
    ada, grace = both
    question = agreed(ada, grace, now)
    client.force_login(ada)
    page = client.get(f"/compare/{question.pk}/").content.decode().lower()

    for word in ("higher", "lower", "ahead", "behind", "more than you", "winner", "+14", "−14"):
        assert word not in page
    assert "the likely ranges do not meet" in page


@pytest.mark.parametrize("ender", ["asker", "other"])
def test_either_ends_it_for_both(client, both, now, ender):
    question = agreed(*both, now)
    client.force_login(getattr(question, ender))
    client.post(f"/compare/{question.pk}/end/")

    for member in both:
        client.force_login(member)
        assert client.get(f"/compare/{question.pk}/").status_code == 404


def test_a_stranger_sees_answers_and_ends_nothing(client, both, mallory, now):
    question = agreed(*both, now)
    client.force_login(mallory)

    assert client.get(f"/compare/{question.pk}/").status_code == 404
    for act in ("answer", "end"):
        assert client.post(f"/compare/{question.pk}/{act}/", {"agrees": "yes"}).status_code == 404
    assert SideBySide.objects.filter(pk=question.pk).exists()


def test_whoever_asked_cannot_answer(client, both, now):
    ada, grace = both
    side_by_side.ask(ada, grace, "@grace", now)
    question = SideBySide.objects.get()

    assert not side_by_side.answer(ada, question.pk, now, agrees=True)


def test_a_no_is_final_for_a_month_however_it_is_asked(both, now):
    ada, grace = both
    side_by_side.ask(ada, grace, "@grace", now)
    side_by_side.answer(grace, SideBySide.objects.get().pk, now, agrees=False)
    with pytest.raises(Refused, match="already"):
        side_by_side.ask(ada, grace, "@grace", now)
    side_by_side.ask(ada, grace, "@grace@elsewhere.example", now)

    assert not side_by_side.waiting_for(grace, now)


def test_taking_a_question_back_does_not_let_one_ask_over_and_over(both, now):
    ada, grace = both
    side_by_side.ask(ada, grace, "@grace", now)
    assert side_by_side.withdraw(ada, SideBySide.objects.get().pk, now)
    assert not side_by_side.waiting_for(grace, now)
    assert not side_by_side.asked_by(ada, now)

    side_by_side.ask(ada, grace, "@grace@known.example", now)
    assert not side_by_side.waiting_for(grace, now)


def test_whoever_was_asked_does_not_ask_back(both, now):
    ada, grace = both
    side_by_side.ask(ada, grace, "@grace", now)
    side_by_side.ask(grace, ada, "@ada", now)

    assert not side_by_side.waiting_for(ada, now)
    assert side_by_side.waiting_for(grace, now).count() == 1


def test_questions_are_forgotten_after_a_month_and_agreements_are_not(both, mallory, now):
    ada, grace = both
    agreed(ada, grace, now)
    side_by_side.ask(ada, mallory, "@mallory", now)
    side_by_side.forget_unanswered(now + side_by_side.WAITS)

    assert SideBySide.objects.get().other == grace


def test_one_asks_only_so_often(ada, now):
    for number in range(side_by_side.ASKED_A_DAY):
        side_by_side.ask(ada, None, f"@nobody{number}", now)
    with pytest.raises(Refused, match="tomorrow"):
        side_by_side.ask(ada, None, "@somebody", now)

    side_by_side.ask(ada, None, "@somebody", now + DAY)


def test_asking_oneself_is_said_plainly(client, both):
    client.force_login(both[0])
    page = client.post("/compare/", {"whom": "@ada@known.example"}).content.decode()

    assert "That is you." in page
    assert not SideBySide.objects.exists()


@pytest.mark.parametrize(
    ("shown", "sees_number", "sees_range"),
    [
        ("daily", True, True),
        ("weekly", False, True),
        ("band", False, True),
        ("hidden", False, False),
    ],
)
def test_ones_own_number_is_shown_as_one_chose_to_see_it(
    client, both, now, shown, sees_number, sees_range
):
    ada, grace = both
    Member.objects.filter(pk=ada.pk).update(score_shown=shown)
    question = agreed(ada, grace, now)
    client.force_login(ada)
    page = client.get(f"/compare/{question.pk}/").content.decode()

    assert ('class="figure">31<' in page) is sees_number
    assert ("likely 29 to 33" in page) is sees_range
    assert 'class="figure">45<' in page


def test_a_number_that_rests_for_long_is_not_shown_to_the_other_one(client, both, now):
    ada, grace = both
    question = agreed(ada, grace, now)
    Member.objects.filter(pk=grace.pk).update(resting_since=now - 91 * DAY)
    client.force_login(ada)
    page = client.get(f"/compare/{question.pk}/").content.decode()

    assert "no score to show at the moment" in page
    assert "45<" not in page


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("side_by_side_not_with_oneself", {"other": "ada"}),
        ("side_by_side_yes_or_no", {"agreed_at": True, "declined_at": True}),
        ("asked_once_as_this", {"asked_as": "@before"}),
        ("asked_once_to_be_side_by_side", {"other": "mallory"}),
    ],
)
def test_the_database_keeps_questions(ada, grace, mallory, now, constraint, fields):
    people = {"ada": ada, "grace": grace, "mallory": mallory}
    SideBySide.objects.create(asker=ada, other=mallory, asked_as="@before", asked_at=now)
    fields = {"asker": ada, "other": "grace", "asked_as": "@new", "asked_at": now} | fields
    fields["other"] = people[fields["other"]]
    for name in ("agreed_at", "declined_at"):
        if name in fields:
            fields[name] = now

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SideBySide.objects.create(**fields)


def test_queries_do_not_grow_with_people(client, ada, now):
    client.force_login(ada)

    def add(count):
        for number in range(count):
            email = f"{Member.objects.count()}@example.com"
            other = Member.objects.create_user(email, "x", name=f"N {number}")
            agreed(ada, other, now - 2 * DAY)
            SideBySide.objects.filter(other=other).update(asked_as=email)
            third = Member.objects.create_user(f"t{email}", "x", name=f"T {number}")
            side_by_side.ask(third, ada, "@ada", now)

    def queries():
        client.get("/compare/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/compare/")
        return len(captured)

    add(3)
    few = queries()
    add(3)

    assert queries() == few


RANGES = st.tuples(*[st.integers(1, 100)] * 3).map(sorted).map(lambda r: Range(r[1], r[0], r[2]))


@given(RANGES, RANGES)
def test_what_is_said_of_two_does_not_depend_on_who_is_first(one, other):
    found = beside(one, other)

    assert found == beside(other, one)
    assert (found.gap < MEANS_NOTHING_UNDER) == (found.said == Said.SMALL_GAP)
    if found.common:
        low, high = found.common
        assert one.low <= low <= high <= one.high
        assert other.low <= low <= high <= other.high
