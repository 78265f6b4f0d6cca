"""What a hand holds, to the field: own K that came back, K of others, and how many in all."""

from datetime import date, timedelta

import pytest

from gifting import periods, selectors, services
from gifting.models import NOBODY, Move
from gifting.refusals import Refusal
from gifting.selectors.purse import HeldK
from gifting.services.hands import gift_at

DAY = timedelta(days=1)


def totals(member, at) -> int:
    """What the purse holds; the number on every page is worked out another way."""
    total = selectors.purse(member, at).total
    assert selectors.k_to_give(member, at) == total
    return total


def test_before_the_first_gift_there_is_an_allotment_and_no_hand(ada, now, settings):
    purse = selectors.purse(ada, now)
    assert (purse.fresh, purse.allotted_size, purse.returned) == (5, 5, ())
    assert (purse.received_count, totals(ada, now)) == (0, 5)
    settings.K_ALLOTMENT = 3
    assert totals(ada, now) == 3
    assert selectors.received(ada, now, 9) == []


def test_the_number_on_every_page_is_that_of_the_purse(ada, grace, mallory, give, pass_on, now):
    first = give(ada, grace)
    assert (totals(ada, now), totals(grace, now), totals(mallory, now)) == (4, 6, 5)
    pass_on(grace, mallory, first.k)
    assert (totals(ada, now), totals(grace, now), totals(mallory, now)) == (4, 5, 6)
    sunday = now + 6 * DAY
    late = give(ada, mallory, sunday)
    services.decline(mallory, late.k.address, 1, sunday)
    # The one that came home late outlives its week, the rest of the allotment does not.
    assert totals(ada, sunday) == 4
    assert totals(ada, now + 7 * DAY) == 6
    assert totals(ada, sunday + 7 * DAY - timedelta(microseconds=1)) == 6
    assert totals(ada, sunday + 7 * DAY) == 5
    # What others gave keeps without end.
    assert totals(mallory, now + 400 * DAY) == 6
    # Back where it was allotted to, given by a friend, it lapses there too.
    pass_on(mallory, ada, first.k, now + 20 * DAY)
    assert totals(ada, now + 20 * DAY) == 6
    assert totals(ada, now + 27 * DAY) == 5


def test_a_k_that_came_back_is_ones_own_and_lapses(ada, grace, give, now):
    gift = give(ada, grace)
    at = now + DAY
    back = services.decline(grace, gift.k.address, 1, at)
    period = selectors.current_period(now)
    assert selectors.purse(ada, at).returned == (
        HeldK(
            move_id=back.pk,
            k_id=gift.k_id,
            address=gift.k.address,
            bars=NOBODY,
            from_name="Grace Oduya",
            since=at,
            is_own=True,
            period=period,
            lapses_at=periods.midnight(date(2026, 11, 10)) + timedelta(hours=12),
        ),
    )


def test_a_k_of_somebody_else_is_barred_from_them_and_keeps(ada, grace, give, now):
    gift = give(ada, grace)
    (held,) = selectors.received(grace, now, 9)
    assert held == HeldK(
        move_id=gift.pk,
        k_id=gift.k_id,
        address=gift.k.address,
        bars=ada.hand.pk,
        from_name="Ada Lind",
        since=now,
        is_own=False,
        period=selectors.current_period(now),
        lapses_at=None,
    )


def test_of_those_that_came_back_the_one_that_lapses_first_is_given_first(
    ada, grace, mallory, give, now
):
    gifts = [give(ada, member, now + 6 * DAY) for member in (grace, mallory)]
    for member, gift, hours in ((grace, gifts[0], 2), (mallory, gifts[1], 1)):
        at = now + 6 * DAY + timedelta(hours=hours)
        services.decline(member, gift.k.address, 1, at)
    returned = selectors.purse(ada, now + 6 * DAY + timedelta(hours=3)).returned
    assert [held.k_id for held in returned] == [gifts[1].k_id, gifts[0].k_id]
    assert give(ada, grace, now + 7 * DAY).k_id == gifts[1].k_id


def test_what_was_received_comes_latest_first_and_goes_on_from_a_place(
    ada, grace, mallory, give, now, django_assert_num_queries
):
    at = now + timedelta(minutes=1)
    first, second = give(ada, grace), give(mallory, grace, at)
    with django_assert_num_queries(2):
        both = selectors.received(grace, at, 9)
    assert [held.move_id for held in both] == [second.pk, first.pk]
    assert [held.move_id for held in selectors.received(grace, at, 1)] == [second.pk]
    rest = selectors.received(grace, at, 9, (second.made_at, second.pk))
    assert [held.move_id for held in rest] == [first.pk]


def test_of_two_in_one_moment_the_later_gift_comes_first(ada, grace, mallory, give, now):
    gifts = [give(ada, grace), give(mallory, grace)]
    held = selectors.received(grace, now, 9)
    assert [each.move_id for each in held] == [gifts[1].pk, gifts[0].pk]


def test_what_is_returned_is_one_link_of_the_chain(ada, grace, mallory, give, pass_on, now):
    gift = give(ada, grace)
    on = pass_on(grace, mallory, gift.k)
    declined = services.decline(mallory, gift.k.address, on.step, now + DAY)
    assert (declined.step, declined.kind, declined.prev_kind) == (3, Move.Kind.BACK, Move.Kind.ON)
    assert (declined.giver.member, declined.receiver.member) == (mallory, grace)
    assert (declined.had_from, declined.bars) == (grace.hand.pk, ada.hand.pk)
    assert (declined.declined, declined.home_since, declined.made_at) == (True, None, now + DAY)
    other = give(ada, grace, now + 8 * DAY)
    undone = services.take_back(ada, other.k.address, 1, now + 8 * DAY)
    assert (undone.declined, undone.bars, undone.home_since) == (False, NOBODY, now + 8 * DAY)


def test_a_gift_is_kept_or_declined_or_undone(ada, grace, mallory, give, pass_on, now):
    kept, declined = give(ada, grace), give(mallory, grace)
    services.decline(grace, declined.k.address, 1, now)
    on = pass_on(grace, mallory, kept.k)
    undone = give(mallory, ada)
    services.take_back(mallory, undone.k.address, undone.step, now)
    gifts = Move.objects.gifts().order_by("id")
    assert list(gifts) == [kept, declined, on, undone]
    assert list(gifts.kept()) == [kept, on]
    assert list(gifts.not_undone()) == [kept, declined, on]
    assert set(Move.objects.in_place().values_list("k", flat=True)) == {kept.k_id, declined.k_id}
    assert Move.objects.in_place().count() == 2


def test_a_gift_is_found_with_all_that_is_asked_of_it_at_once(
    ada, grace, give, django_assert_num_queries
):
    k, hand = give(ada, grace, text="For the essay.").k, ada.hand
    with django_assert_num_queries(1):
        gift = gift_at(k.address, 1)
        assert (gift.k.hand_id, gift.giver.member_id) == (hand.pk, ada.pk)
        assert (gift.receiver.member_id, gift.words.text) == (grace.pk, "For the essay.")


def test_when_none_are_left_received_ones_can_be_passed_on(
    ada, grace, mallory, everybody, give, now, settings
):
    settings.K_ALLOTMENT = 1
    give(grace, mallory)
    none_left = "This week's 1 K are given. The next come on Monday 9 November."
    with pytest.raises(Refusal) as said:
        give(grace, ada)
    assert said.value.sentence == none_left
    give(ada, grace)
    with pytest.raises(Refusal) as said:
        give(grace, ada)
    assert said.value.sentence == f"{none_left} The K you received can still be passed on."
