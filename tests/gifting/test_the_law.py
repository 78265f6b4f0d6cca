"""Raw inserts that try to counterfeit K. The database alone must refuse every one."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from gifting.models import Hand, K, Move, Words
from gifting.services import hand_for

MONDAY = "2026-11-02"


@contextmanager
def refused_by(constraint: str):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name == constraint


def insert(table: str, **values: object) -> int:
    columns = ", ".join(values)
    holes = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO gifting_{table} ({columns}) VALUES ({holes}) RETURNING *",
            list(values.values()),
        )
        return cursor.fetchone()[0]


def insert_k(hand: Hand, **values: object) -> int:
    slot = K.objects.filter(hand=hand).count() + 1
    defaults = {"hand_id": hand.pk, "period": MONDAY, "size": 3, "slot": slot}
    return insert("k", **(defaults | {"address": f"{hand.pk}-{slot}"} | values))


def insert_move(k: int, step: int, kind: str, giver: int, receiver: int, **values: object) -> int:
    defaults = {
        "k_id": k,
        "step": step,
        "kind": kind,
        "prev_kind": None if step == 1 else "first",
        "giver_id": giver,
        "receiver_id": receiver,
        "had_from": 0,
        "bars": giver,
        "declined": False,
        "made_at": f"{MONDAY} 12:00Z",
    }
    return insert("move", **(defaults | values))


@pytest.fixture
def hands(ada, grace, mallory) -> tuple[Hand, Hand, Hand]:
    made = tuple(hand_for(member) for member in (ada, grace, mallory))
    insert("period", begins_on=MONDAY, ends_on="2026-11-09")
    for hand in made:
        insert("allotment", hand_id=hand.pk, period=MONDAY, size=3, granted_at=f"{MONDAY} 12:00Z")
    return made


@pytest.fixture
def a(hands):
    return hands[0].pk


@pytest.fixture
def b(hands):
    return hands[1].pk


@pytest.fixture
def c(hands):
    return hands[2].pk


@pytest.fixture
def k(hands):
    """A K of ada's that she gave to grace."""
    number = insert_k(hands[0])
    insert_move(number, 1, "first", hands[0].pk, hands[1].pk)
    return number


def test_an_honest_life_of_a_k_is_accepted(a, b, c, k):
    insert_move(k, 2, "on", b, c, had_from=a)
    insert_move(k, 3, "back", c, b, prev_kind="on", had_from=b, bars=a)
    insert_move(k, 4, "on", b, c, prev_kind="back", had_from=a)
    insert_move(k, 5, "on", c, a, prev_kind="on", had_from=b)
    assert Move.objects.in_place().get(k=k).receiver_id == a


def test_a_second_allotment_for_a_period_is_refused(a):
    with refused_by("allotment_once_a_period"):
        insert("allotment", hand_id=a, period=MONDAY, size=50, granted_at=f"{MONDAY} 12:00Z")


def test_a_slot_twice_is_refused(hands, k):
    with refused_by("slot_once"):
        insert_k(hands[0], slot=1)


@pytest.mark.parametrize("slot", [0, 4])
def test_a_slot_beyond_the_allotment_is_refused(hands, slot):
    with refused_by("slot_within_allotment"):
        insert_k(hands[0], slot=slot)


def test_a_false_size_of_the_allotment_is_refused(hands):
    with refused_by("k_from_a_granted_allotment"):
        insert_k(hands[0], size=50, slot=40)


def test_a_period_without_an_allotment_is_refused(hands):
    with refused_by("k_from_a_granted_allotment"):
        insert_k(hands[0], period="2026-11-09")


def test_a_first_move_by_somebody_else_is_refused(hands, b, c):
    with refused_by("first_move_by_the_allotted_hand"):
        insert_move(insert_k(hands[0]), 1, "first", b, c)


def test_a_k_given_first_twice_is_refused(a, c, k):
    with refused_by("k_in_one_hand"):
        insert_move(k, 1, "first", a, c)


def test_a_first_move_later_in_the_chain_is_refused(a, c, k):
    with refused_by("first_move_is_step_one"):
        insert_move(k, 2, "first", a, c)


def test_a_chain_that_begins_with_a_passing_on_is_refused(hands, a, b):
    with refused_by("first_move_is_step_one"):
        insert_move(insert_k(hands[0]), 1, "on", a, b)


def test_a_k_in_two_hands_is_refused(a, b, c, k):
    insert_move(k, 2, "on", b, c, had_from=a)
    with refused_by("k_in_one_hand"):
        insert_move(k, 2, "back", b, a, had_from=a, bars=0)


def test_passing_on_what_one_does_not_hold_is_refused(a, c, b, k):
    with refused_by("move_by_the_holder"):
        insert_move(k, 2, "on", c, b, had_from=a)


def test_leaving_the_previous_kind_out_does_not_escape_the_check(a, b, c, k):
    with refused_by("first_move_is_step_one"):
        insert_move(k, 2, "on", c, b, had_from=a, prev_kind=None)


def test_a_gap_in_the_chain_is_refused(a, b, c, k):
    with refused_by("move_by_the_holder"):
        insert_move(k, 3, "on", b, c, had_from=a)


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_before_the_first_is_refused(a, c, b, k, step):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_move(k, step, "on", b, c, had_from=a)


def test_a_gift_to_oneself_is_refused(hands, a):
    with refused_by("gift_not_to_self"):
        insert_move(insert_k(hands[0]), 1, "first", a, a)


def test_straight_back_is_refused(a, b, k):
    with refused_by("gift_not_straight_back"):
        insert_move(k, 2, "on", b, a, had_from=a)


@pytest.mark.parametrize("lie", ["nobody", "somebody else"])
def test_straight_back_with_a_lie_about_who_gave_it_is_refused(a, b, c, k, lie):
    with refused_by("move_by_the_holder"):
        insert_move(k, 2, "on", b, a, had_from=0 if lie == "nobody" else c)


def test_lifting_the_bar_for_the_next_holder_is_refused(a, b, c, k):
    with refused_by("gift_bars_its_giver"):
        insert_move(k, 2, "on", b, c, had_from=a, bars=0)


def test_lifting_the_bar_by_an_undo_is_refused(a, b, c, k):
    """Otherwise: pass on, undo with a false bar, and give it straight back after all."""
    insert_move(k, 2, "on", b, c, had_from=a)
    with refused_by("back_restores_what_was_barred"):
        insert_move(k, 3, "back", c, b, prev_kind="on", had_from=b, bars=0)


def test_an_undo_after_passing_on_is_refused(a, b, c, k):
    insert_move(k, 2, "on", b, c, had_from=a)
    with refused_by("move_by_the_holder"):
        insert_move(k, 3, "back", b, a, prev_kind="on", had_from=a, bars=0)


def test_a_return_to_somebody_else_than_the_giver_is_refused(a, b, c, k):
    with refused_by("back_to_whoever_gave_it"):
        insert_move(k, 2, "back", b, c, had_from=a, bars=0)


def test_a_return_of_a_return_is_refused(a, b, c, k):
    insert_move(k, 2, "on", b, c, had_from=a)
    insert_move(k, 3, "back", c, b, prev_kind="on", had_from=b, bars=a)
    with refused_by("back_to_whoever_gave_it"):
        insert_move(k, 4, "back", b, a, prev_kind="back", had_from=a, bars=0)


def test_a_false_previous_kind_is_refused(a, b, c, k):
    insert_move(k, 2, "on", b, c, had_from=a)
    insert_move(k, 3, "back", c, b, prev_kind="on", had_from=b, bars=a)
    with refused_by("move_by_the_holder"):
        insert_move(k, 4, "back", b, a, prev_kind="on", had_from=a, bars=0)


def test_an_unknown_kind_is_refused(a, b, c, k):
    with refused_by("move_kind_known"):
        insert_move(k, 2, "sold", b, c, had_from=a)


def test_a_gift_that_calls_itself_declined_is_refused(a, b, c, k):
    with refused_by("only_a_return_is_declined"):
        insert_move(k, 2, "on", b, c, had_from=a, declined=True)


def test_the_same_request_twice_is_refused(hands, a, b):
    key = "7e57ab1e-0000-4000-8000-000000000001"
    insert_move(insert_k(hands[0]), 1, "first", a, b, key=key)
    with refused_by("one_gift_per_request"):
        insert_move(insert_k(hands[0]), 1, "first", a, b, key=key)


def test_a_hand_with_the_number_of_nobody_is_refused(db):
    with refused_by("hand_is_somebody"):
        insert("hand", id=0, member_id=None, accepts_from="all")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gifting_move SET made_at = now()",
        "UPDATE gifting_move SET receiver_id = giver_id",
        "DELETE FROM gifting_move",
        "UPDATE gifting_k SET slot = 2",
        "DELETE FROM gifting_k",
        "UPDATE gifting_period SET ends_on = ends_on + 1",
        "DELETE FROM gifting_period",
        "UPDATE gifting_allotment SET size = 50",
        "DELETE FROM gifting_allotment",
    ],
)
def test_the_ledger_only_grows(k, statement):
    with refused_by("ledger_only_grows"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_hand_cannot_be_taken_over(a, b, grace, hands):
    with refused_by("hand_keeps_its_member"), connection.cursor() as cursor:
        cursor.execute("UPDATE gifting_hand SET member_id = NULL WHERE id = %s", [b])
        cursor.execute("UPDATE gifting_hand SET member_id = %s WHERE id = %s", [grace.pk, a])


def test_a_hand_whose_member_left_is_nobodys_for_good(a, ada, hands):
    Hand.objects.filter(pk=a).update(member=None)
    with refused_by("hand_keeps_its_member"):
        Hand.objects.filter(pk=a).update(member=ada)


def test_a_link_that_is_not_https_is_refused(hands, a, b):
    move = insert_move(insert_k(hands[0]), 1, "first", a, b)
    with refused_by("link_is_https"):
        Words.objects.create(move_id=move, link="javascript:alert(1)")


def test_the_words_may_go_while_the_ledger_stays(hands, a, b):
    move = insert_move(insert_k(hands[0]), 1, "first", a, b)
    Words.objects.create(move_id=move, text="Thank you.")
    Words.objects.filter(move_id=move).update(text="")
    assert Move.objects.count() == 1


def test_periods_that_overlap_are_refused(hands):
    with refused_by("periods_apart"):
        insert("period", begins_on="2026-11-05", ends_on="2026-11-12")


def test_a_period_that_ends_before_it_begins_is_refused(db):
    with refused_by("period_ends_after_it_begins"):
        insert("period", begins_on=MONDAY, ends_on=MONDAY)


def test_an_allotment_for_days_that_are_no_period_is_refused(hands, a):
    insert("allotment", hand_id=a, period="2026-11-03", size=3, granted_at=f"{MONDAY} 12:00Z")
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_a_k_that_is_home_since_after_its_move_is_refused(hands, a, b):
    with refused_by("home_since_is_no_later_than_the_move"):
        later = f"{MONDAY} 12:01Z"
        insert_move(insert_k(hands[0]), 1, "first", a, b, home_since=later)
