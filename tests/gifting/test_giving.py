"""Giving, undoing, passing on, declining: what the services do and what they refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Member
from gifting import refusals, selectors, services
from gifting.models import Hand, K, Move, Words
from gifting.refusals import NotYours, Refusal
from networks.models import LinkedAccount
from tests.factories import make_account, make_outreach
from tests.gifting.conftest import open_to_all

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def refused(sentence: str):
    return pytest.raises(Refusal, match=f"^{sentence.replace('.', '[.]')}$")


def more_members(count: int, now) -> list[Member]:
    made = [
        Member.objects.create_user(f"more{number}@example.com", name=f"More{number}")
        for number in range(count)
    ]
    for member in made:
        open_to_all(member, now)
    return made


def test_a_gift_takes_one_of_the_allotment_and_puts_it_in_the_other_hand(ada, grace, give, now):
    move = give(ada, grace, text="For the essay.", link="https://known.example/1", shares=True)
    assert selectors.purse(ada, now).allotted_left == 4
    (held,) = selectors.received(grace, now, 9)
    assert (held.k_id, held.from_name) == (move.k_id, "Ada Lind")
    words = Words.objects.get(move=move)
    assert (words.text, words.giver_shares, words.receiver_shares) == (
        "For the essay.",
        True,
        False,
    )


def test_the_same_request_twice_gives_once(ada, grace, everybody, now):
    key = uuid4()
    gifts = [services.give_k(ada, grace, now, key=key) for _ in range(2)]
    assert gifts[0] == gifts[1]
    assert K.objects.count() == 1


def test_a_form_used_for_somebody_else_is_refused(ada, grace, mallory, everybody, now):
    key = uuid4()
    services.give_k(ada, grace, now, key=key)
    with refused(refusals.FORM_USED):
        services.give_k(ada, mallory, now, key=key)


def test_the_allotment_ends_and_comes_again_on_monday(ada, everybody, give, now):
    *five, late = more_members(6, now)
    for member in five:
        give(ada, member)
    sentence = "This week's 5 K are given. The next come on Monday 9 November."
    with refused(sentence):
        give(ada, late)
    monday = now.replace(day=9, hour=0)
    with refused(sentence):
        give(ada, late, monday - timedelta(microseconds=1))
    give(ada, late, monday)
    assert selectors.purse(ada, monday).allotted_left == 4


def test_what_is_not_spent_lapses_with_the_week(ada, everybody, now):
    assert selectors.purse(ada, now + 7 * DAY).total == 5


def test_a_granted_allotment_stays_when_the_operator_changes_the_size(
    ada, grace, mallory, give, now, settings
):
    give(ada, grace)
    settings.K_ALLOTMENT = 1
    give(ada, mallory)
    assert selectors.purse(ada, now).allotted_left == 3
    assert selectors.purse(ada, now + 7 * DAY).allotted_size == 1


def test_no_allotment_at_all_is_said(ada, grace, give, settings):
    settings.K_ALLOTMENT = 0
    with refused("No K are allotted on this Klout at the moment."):
        give(ada, grace)


def test_one_k_for_the_same_person_a_week(ada, grace, give, now):
    give(ada, grace)
    with pytest.raises(Refusal, match="You gave Grace Oduya a K this week already"):
        give(ada, grace, now + DAY)
    give(ada, grace, now + 7 * DAY)


def test_an_undone_gift_does_not_count_for_the_week_but_a_declined_one_does(ada, grace, give, now):
    undone = give(ada, grace)
    services.take_back(ada, undone.k.address, 1, now)
    again = give(ada, grace)
    services.decline(grace, again.k.address, again.step, now)
    with pytest.raises(Refusal, match="this week already"):
        give(ada, grace)


def test_who_has_no_linked_account_cannot_give(ada, grace, give, now):
    LinkedAccount.objects.filter(member=ada).update(state="needs_consent")
    with refused(refusals.LINK_FIRST):
        give(ada, grace)


def test_a_gift_to_oneself_is_refused(ada, give):
    with refused(refusals.YOURSELF):
        give(ada, ada)


def test_by_default_only_who_was_answered_can_give(ada, grace, give, now):
    services.accept_from(grace, "answered")
    with pytest.raises(Refusal, match="Grace Oduya takes K from people they have answered"):
        give(ada, grace)
    target = LinkedAccount.objects.get(member=ada).person_hash
    make_outreach(LinkedAccount.objects.get(member=grace), now, target_hash=target)
    give(ada, grace)


def test_nobody_and_a_block_are_refused_with_the_words_for_a_stranger(ada, grace, give, now):
    received = give(grace, ada)
    services.block(ada, received.k.address, 1, now)
    with refused(refusals.NOT_HERE):
        give(grace, ada, now + 7 * DAY)
    services.accept_from(grace, "nobody")
    with refused(refusals.NOT_HERE):
        give(ada, grace)


def test_a_block_can_be_lifted_by_its_owner_only(ada, grace, mallory, give, now):
    received = give(grace, ada)
    block = services.block(ada, received.k.address, 1, now)
    with pytest.raises(NotYours):
        services.unblock(mallory, block.pk)
    services.unblock(ada, block.pk)
    give(grace, ada, now + 7 * DAY)


def test_undo_returns_the_k_and_lets_it_be_given_again(ada, grace, mallory, give, now):
    move = give(ada, grace)
    services.take_back(ada, move.k.address, 1, now + 9 * MINUTE)
    assert selectors.purse(ada, now).allotted_left == 5
    assert selectors.purse(grace, now).received_count == 0
    assert give(ada, mallory).k == move.k
    assert K.objects.count() == 1


def test_undo_ends_after_ten_minutes(ada, grace, give, now):
    move = give(ada, grace)
    with refused(refusals.TOO_LATE):
        services.take_back(ada, move.k.address, 1, now + 10 * MINUTE)
    services.take_back(ada, move.k.address, 1, now + 10 * MINUTE - timedelta(microseconds=1))


def test_a_second_undo_changes_nothing(ada, grace, give, now):
    move = give(ada, grace)
    first = services.take_back(ada, move.k.address, 1, now)
    assert services.take_back(ada, move.k.address, 1, now) == first


def test_what_was_passed_on_cannot_be_undone(ada, grace, mallory, give, pass_on, now):
    move = give(ada, grace)
    pass_on(grace, mallory, move.k)
    with refused(refusals.PASSED_ON):
        services.take_back(ada, move.k.address, 1, now)


def test_what_was_declined_has_come_back_already(ada, grace, give, now):
    move = give(ada, grace)
    services.decline(grace, move.k.address, 1, now)
    with refused(refusals.CAME_BACK):
        services.take_back(ada, move.k.address, 1, now)


def test_only_the_giver_undoes_and_only_the_receiver_declines(ada, grace, mallory, give, now):
    move = give(ada, grace)
    for member in (grace, mallory):
        with pytest.raises(NotYours):
            services.take_back(member, move.k.address, 1, now)
    for member in (ada, mallory):
        with pytest.raises(NotYours):
            services.decline(member, move.k.address, 1, now)


def test_a_second_decline_changes_nothing(ada, grace, give, now):
    move = give(ada, grace)
    first = services.decline(grace, move.k.address, 1, now)
    assert services.decline(grace, move.k.address, 1, now) == first
    assert selectors.purse(ada, now).allotted_left == 5


def test_what_was_passed_on_cannot_be_declined(ada, grace, mallory, give, pass_on, now):
    move = give(ada, grace)
    pass_on(grace, mallory, move.k)
    with refused(refusals.NOT_TO_DECLINE):
        services.decline(grace, move.k.address, 1, now)


def test_a_received_k_is_passed_on_and_keeps_without_end(ada, grace, mallory, give, pass_on, now):
    move = give(ada, grace)
    passed = pass_on(grace, mallory, move.k, now + 400 * DAY)
    assert (passed.step, passed.kind) == (2, Move.Kind.ON)
    assert selectors.received(mallory, now + 800 * DAY, 9)[0].k_id == move.k_id


def test_a_k_does_not_go_straight_back(ada, grace, give, pass_on):
    move = give(ada, grace)
    with pytest.raises(Refusal, match="Ada Lind gave you this K, and a K never goes straight back"):
        pass_on(grace, ada, move.k)


def test_a_k_that_was_declined_is_still_barred_from_its_source(
    ada, grace, mallory, give, pass_on, now
):
    move = give(ada, grace)
    pass_on(grace, mallory, move.k)
    services.decline(mallory, move.k.address, 2, now)
    with pytest.raises(Refusal, match="never goes straight back"):
        pass_on(grace, ada, move.k)


def test_passing_on_what_is_not_in_the_hand(ada, grace, mallory, give, pass_on):
    move = give(ada, grace)
    with refused(refusals.NOT_IN_HAND):
        pass_on(ada, mallory, move.k)
    with pytest.raises(NotYours):
        pass_on(mallory, grace, move.k)


def test_what_came_back_late_in_the_week_keeps_seven_days(ada, grace, give, now):
    sunday = now.replace(day=8, hour=23)
    move = give(ada, grace, sunday)
    services.decline(grace, move.k.address, 1, sunday)
    purse = selectors.purse(ada, sunday + 3 * DAY)
    assert [held.k_id for held in purse.kept_over] == [move.k_id]
    assert (purse.allotted_left, purse.total) == (5, 6)
    assert selectors.purse(ada, sunday + 7 * DAY).kept_over == ()


def test_what_came_back_early_in_the_week_keeps_to_its_end(ada, grace, give, now):
    monday = now.replace(hour=0)
    move = give(ada, grace, monday)
    services.take_back(ada, move.k.address, 1, monday)
    last_moment = monday + 7 * DAY - timedelta(microseconds=1)
    assert selectors.purse(ada, last_moment).allotted_left == 5
    assert selectors.purse(ada, monday + 7 * DAY).kept_over == ()


def test_what_came_back_is_given_before_a_fresh_one(ada, grace, mallory, give, now):
    sunday = now.replace(day=8, hour=23)
    move = give(ada, grace, sunday)
    services.decline(grace, move.k.address, 1, sunday)
    assert give(ada, mallory, sunday + DAY).k == move.k


def test_a_lapsed_k_moves_no_more(ada, grace, mallory, give, pass_on, now):
    move = give(ada, grace)
    services.take_back(ada, move.k.address, 1, now)
    with refused(refusals.LAPSED):
        pass_on(ada, mallory, move.k, now + 30 * DAY)


def test_a_k_that_a_friend_passes_home_lapses_too(ada, grace, mallory, give, pass_on, now):
    move = give(ada, grace)
    pass_on(grace, mallory, move.k)
    home = pass_on(mallory, ada, move.k, now + 20 * DAY)
    last_day, day_after = now + 26 * DAY, now + 27 * DAY
    assert [held.k_id for held in selectors.received(ada, last_day, 9)] == [move.k_id]
    assert selectors.received(ada, day_after, 9) == []
    assert selectors.purse(ada, day_after).received_count == 0
    with refused(refusals.LAPSED):
        services.decline(ada, move.k.address, home.step, now + 27 * DAY)


def test_a_report_keeps_the_words_as_they_were_and_is_made_once(ada, grace, mallory, give, now):
    move = give(ada, grace, text="Something unkind.")
    report = services.report(grace, move.k.address, 1, now, said="This hurts.")
    Words.objects.filter(move=move).update(text="")
    assert services.report(grace, move.k.address, 1, now) == report
    report.refresh_from_db()
    assert (report.words, report.said) == ("Something unkind.", "This hurts.")
    with pytest.raises(NotYours):
        services.report(mallory, move.k.address, 1, now)


def test_each_side_says_for_itself_whether_later_holders_see_it(ada, grace, mallory, give):
    move = give(ada, grace)
    services.share(grace, move.k.address, 1, shares=True)
    words = Words.objects.get(move=move)
    assert (words.giver_shares, words.receiver_shares) == (False, True)
    with pytest.raises(NotYours):
        services.share(mallory, move.k.address, 1, shares=True)


def test_a_hand_is_made_when_it_is_first_needed(ada, grace, now):
    make_outreach(make_account(grace, now), now, target_hash=make_account(ada, now).person_hash)
    assert selectors.purse(ada, now).total == 5
    services.give_k(ada, grace, now, key=uuid4())
    assert Hand.objects.filter(member__in=[ada, grace]).count() == 2
