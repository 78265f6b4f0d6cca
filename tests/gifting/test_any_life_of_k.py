"""Members do anything in any order, and after every step the ledger is what the book says.

2,000 steps; more with K_STEPS=100000.
"""

import os
from datetime import timedelta
from itertools import accumulate, pairwise
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Member
from gifting import selectors, services
from gifting.models import Block, Hand, K, Move
from gifting.personal_data import provider
from gifting.refusals import NotYours, Refusal
from gifting.services import chain
from tests.conftest import NOW
from tests.gifting.book import Book
from tests.gifting.conftest import open_to_all

NAMES = ["ada", "grace", "mallory", "edsger", "barbara", "alan"]
STEPS_IN_A_LIFE = 50
STEPS = int(os.environ.get("K_STEPS", "2000"))

who = st.sampled_from(NAMES)
which = st.integers(min_value=0, max_value=10**6)


# The commoner an act, the oftener it stands here.
ACTS = (
    *["give"] * 4,
    *["pass_on"] * 4,
    *["take_back"] * 2,
    *["decline"] * 2,
    *["wait"] * 3,
    "wait_for_monday",
    "send_the_same_request_again",
    "crash_in_the_middle",
    "block",
    "lift_all_blocks",
    "leave",
)


class AnyLife(RuleBasedStateMachine):
    @initialize()
    def people(self) -> None:
        self.now = NOW
        self.book = Book(NAMES, django_settings.K_ALLOTMENT)
        self.member = {}
        self.name_of_hand = {}
        self.requests = []
        self.after = {0: {}}
        self.steps = 0
        for name in NAMES:
            self.member[name] = Member.objects.create_user(f"{name}@example.com", name=name)
            self.name_of_hand[open_to_all(self.member[name], NOW).pk] = name
        # From the start there is something to pass on and to return.
        for giver, receiver in pairwise(NAMES):
            self.give(giver, receiver)

    def __init__(self) -> None:
        super().__init__()
        self.undo_all = transaction.atomic()
        self.undo_all.__enter__()

    def teardown(self) -> None:
        try:
            if hasattr(self, "book"):
                self.minted_is_held_and_lapsed_and_retired()
                self.every_prefix_replays_to_what_was_then()
        finally:
            transaction.set_rollback(True)
            self.undo_all.__exit__(None, None, None)

    # --- What members do ---------------------------------------------------------------------

    @rule(act=st.sampled_from(ACTS), giver=who, receiver=who, pick=which, gift=which)
    def act(self, act, **values):
        """One rule for all: Hypothesis leaves whole rules out of a life, and K needs them all."""
        getattr(self, act)(**values)

    def give(self, giver, receiver, **_):
        returned = self.book.own_returned(giver, self.now)
        allowed = (
            {giver, receiver} <= self.book.members
            and self.book.may_give(giver, receiver, self.now)
            and bool(returned or self.book.fresh(giver, self.now) > 0)
        )
        self.request(allowed, services.give_k, giver, receiver)
        if allowed:
            number = Move.objects.latest("id").k_id
            if returned:
                assert number == returned[0]
            else:
                self.book.mint(number, giver, self.now)
            self.book.move(number, receiver, self.now)

    def pass_on(self, giver, receiver, pick, **_):
        number = self.picked(pick)
        # Mostly by who holds it; the book knows that anybody else may not.
        giver = self.book.coins[number].holder if pick % 5 else giver
        allowed = {giver, receiver} <= self.book.members and self.book.may_pass_on(
            number, giver, receiver, self.now
        )
        self.request(allowed, services.pass_on, giver, receiver, K.objects.get(pk=number).address)
        if allowed:
            self.book.move(number, receiver, self.now)

    def send_the_same_request_again(self, pick, **_):
        if not self.requests:
            return
        act, giver, receiver, address, key, made = self.requests[pick % len(self.requests)]
        if {giver, receiver} <= self.book.members:
            members = self.member[giver], self.member[receiver]
            assert act(*members, *address, self.now, key=key) == made

    def crash_in_the_middle(self, giver, receiver, **_):
        """The process dies after the last write, before the commit: nothing of it stays."""
        if not {giver, receiver} <= self.book.members:
            return
        members = self.member[giver], self.member[receiver]
        with (
            patch("gifting.services.giving.add_first", crashing_after(chain.add_first)),
            patch("gifting.services.giving.add_on", crashing_after(chain.add_on)),
        ):
            try:
                services.give_k(*members, self.now, key=uuid4())
            except (RuntimeError, Refusal):
                return
        raise AssertionError("the gift was made all the same")

    def take_back(self, pick, gift, **_):
        number, gift = self.picked_gift(pick, gift)
        if gift.giver in self.book.members:
            allowed = self.book.may_undo(number, gift, self.now)
            if self.returns(allowed, services.take_back, gift.giver, number, gift):
                self.book.undo(number, gift, self.now)

    def decline(self, pick, gift, **_):
        number, gift = self.picked_gift(pick, gift)
        if gift.receiver in self.book.members:
            allowed = self.book.may_decline(number, gift, self.now)
            if self.returns(allowed, services.decline, gift.receiver, number, gift):
                self.book.back(number, self.now)

    def block(self, pick, gift, **_):
        number, gift = self.picked_gift(pick, gift)
        if {gift.receiver, gift.giver} <= self.book.members:
            address = K.objects.get(pk=number).address
            services.block(self.member[gift.receiver], address, gift.step, self.now)
            self.book.blocks.add((gift.receiver, gift.giver))

    def lift_all_blocks(self, **_):
        for block in Block.objects.all():
            services.unblock(block.by.member, block.pk)
        self.book.blocks.clear()

    def leave(self, giver, pick, **_):
        name = giver
        if name in self.book.members and len(self.book.members) > 2 and pick % 4 == 0:
            provider.erase(self.member[name], self.now)
            self.member[name].delete()
            self.book.members.discard(name)
            self.book.blocks = {pair for pair in self.book.blocks if name not in pair}

    def wait(self, pick, **_):
        minutes = (1, 4, 5, 10, 10, 60 * 24, 60 * 24 * 7)[pick % 7]
        self.now += timedelta(minutes=minutes)

    def wait_for_monday(self, **_):
        self.now = week_start(self.now) + timedelta(days=7)

    # --- How they ask ------------------------------------------------------------------------

    def request(self, allowed, act, giver, receiver, *address):
        if not {giver, receiver} <= self.book.members:
            return
        key = uuid4()
        members = self.member[giver], self.member[receiver]
        try:
            made = act(*members, *address, self.now, key=key)
        except (Refusal, NotYours):
            assert not allowed
        else:
            assert allowed
            self.requests.append((act, giver, receiver, address, key, made))

    def returns(self, allowed, act, by, number, gift) -> bool:
        before = Move.objects.count()
        try:
            act(self.member[by], K.objects.get(pk=number).address, gift.step, self.now)
        except Refusal:
            assert not allowed
        made = Move.objects.count() > before
        assert made == allowed
        return made

    def picked(self, pick) -> int:
        """Any K, but often the one that moved last, where most is possible."""
        by_age = sorted(self.book.coins, key=lambda each: self.book.coins[each].arrived_at)
        return by_age[-1] if pick % 2 else by_age[pick % len(by_age)]

    def picked_gift(self, pick, gift):
        number = self.picked(pick)
        gifts = self.book.coins[number].gifts
        return number, gifts[-1] if gift % 2 else gifts[gift % len(gifts)]

    # --- What is always true ---------------------------------------------------------------------

    @invariant()
    def every_k_is_in_the_one_hand_the_book_says(self):
        in_place = Move.objects.in_place().values_list("k", "receiver")
        holders = [(number, self.name_of_hand[hand]) for number, hand in in_place]
        assert sorted(holders) == sorted(self.book.holders().items())
        self.after[Move.objects.count()] = dict(holders)
        self.steps += 1

    @invariant()
    def every_purse_is_what_the_book_says(self):
        """One member's after every step, everybody's in the end."""
        name = NAMES[self.steps % len(NAMES)]
        if name in self.book.members:
            self.numbers_in_purse(name)

    def numbers_in_purse(self, name):
        purse = selectors.purse(self.member[name], self.now)
        assert purse.fresh == self.book.fresh(name, self.now)
        received = selectors.received(self.member[name], self.now, 1000)
        assert len(received) == purse.received_count
        numbers = [each.k_id for each in (*purse.returned, *received)]
        assert sorted(numbers) == sorted(self.book.in_hand(name, self.now))
        self.account_ends_with_the_purse(name, purse)
        return numbers

    def account_ends_with_the_purse(self, name, purse):
        lines = selectors.statement(self.member[name], self.now)
        balances = [line.balance for line in reversed(lines)]
        assert balances == list(accumulate(line.change for line in reversed(lines)))
        assert min(balances, default=0) >= 0
        assert lines[0].balance == purse.total

    def minted_is_held_and_lapsed_and_retired(self):
        held = [number for name in self.book.members for number in self.numbers_in_purse(name)]
        assert len(held) == len(set(held))
        retired = [k for k, name in self.book.holders().items() if name not in self.book.members]
        lapsed = [
            number
            for number, coin in self.book.coins.items()
            if coin.has_lapsed(self.now) and coin.holder in self.book.members
        ]
        assert K.objects.count() == len(held) + len(lapsed) + len(retired)

    def every_prefix_replays_to_what_was_then(self):
        state = {}
        moves = Move.objects.order_by("id").select_related("k")
        for done, move in enumerate(moves, start=1):
            self.replay(state, move)
            names = {k: self.name_of_hand[path[-1]] for k, path in state.items()}
            if done in self.after:
                assert names == self.after[done]
        assert Hand.objects.count() == len(NAMES)

    def replay(self, state, move):
        """One link of a chain, checked against nothing but the links before it."""
        path = state.setdefault(move.k_id, [move.k.hand_id])
        assert move.giver_id == path[-1]
        assert move.giver_id != move.receiver_id
        if move.kind == Move.Kind.BACK:
            path.pop()
            assert path[-1] == move.receiver_id
        else:
            assert move.receiver_id not in path[-2:]
            path.append(move.receiver_id)


def crashing_after(write):
    def crash(*given, **named):
        write(*given, **named)
        raise RuntimeError

    return crash


def week_start(now):
    return (now - timedelta(days=now.weekday())).replace(hour=0, minute=0)


def test_any_life_of_k(db):
    lives = max(1, STEPS // STEPS_IN_A_LIFE)
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS_IN_A_LIFE,
            derandomize="K_STEPS" not in os.environ,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
