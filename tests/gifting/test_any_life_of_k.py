"""Members do anything in any order, two at once too, and the ledger is what the book says.

2,000 steps; more with K_STEPS=100000.
"""

import os
from datetime import timedelta
from itertools import accumulate, count, pairwise
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
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
from tests.at_once import at_once
from tests.conftest import NOW
from tests.gifting.attempts import Decline, Give, Life, PassOn, TakeBack
from tests.gifting.book import Book, week_of
from tests.gifting.conftest import open_to_all

NAMES = ["ada", "grace", "mallory", "edsger", "barbara", "alan"]
STEPS_IN_A_LIFE = 50
WHOLE_BOOK_EVERY = 5
STEPS = int(os.environ.get("K_STEPS", "2000"))

who = st.sampled_from(NAMES)
which = st.integers(min_value=0, max_value=10**6)
lives = count(1)


# The commoner an act, the oftener it stands here.
ACTS = (
    *["give"] * 4,
    *["pass_on"] * 4,
    *["take_back"] * 2,
    *["decline"] * 2,
    *["wait"] * 3,
    *["two_at_once"] * 2,
    "wait_for_monday",
    "send_the_same_request_again",
    "crash_in_the_middle",
    "block",
    "lift_all_blocks",
    "leave",
)


class AnyLife(RuleBasedStateMachine):
    """What is written is committed, so that others on connections of their own see it.

    The ledger only grows: lives come one after the other in the same database, each with members
    and K of its own.
    """

    @initialize()
    def people(self) -> None:
        number = next(lives)
        self.member = {
            name: Member.objects.create_user(f"{name}{number}@example.com", name=f"{name}{number}")
            for name in NAMES
        }
        self.name_of_hand = {open_to_all(self.member[name], NOW).pk: name for name in NAMES}
        self.life = Life(Book(NAMES, django_settings.K_ALLOTMENT), self.member, NOW)
        self.book = self.life.book
        self.requests = []
        self.after = {}
        self.steps = 0
        # From the start there is something to pass on and to return.
        for giver, receiver in pairwise(NAMES):
            self.give(giver, receiver)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.the_whole_book_agrees()
            self.minted_is_held_and_lapsed_and_retired()
            self.every_prefix_replays_to_what_was_then()

    # --- What members do ---------------------------------------------------------------------

    @rule(act=st.sampled_from(ACTS), giver=who, receiver=who, pick=which, gift=which)
    def act(self, act, **values):
        """One rule for all: Hypothesis leaves whole rules out of a life, and K needs them all."""
        getattr(self, act)(**values)

    def give(self, giver, receiver, **_):
        self.one(Give(self.life, giver, receiver))

    def pass_on(self, giver, receiver, pick, **_):
        number = self.picked(pick)
        # Mostly by who holds it; the book knows that anybody else may not.
        giver = self.book.coins[number].holder if pick % 5 else giver
        self.one(PassOn(self.life, number, giver, receiver))

    def take_back(self, pick, gift, **_):
        self.one(TakeBack(self.life, *self.picked_gift(pick, gift)))

    def decline(self, pick, gift, **_):
        self.one(Decline(self.life, *self.picked_gift(pick, gift)))

    def send_the_same_request_again(self, pick, **_):
        if self.requests:
            attempt, made = self.requests[pick % len(self.requests)]
            if attempt.people <= self.book.members:
                assert attempt.send() == made

    def two_at_once(self, giver, receiver, pick, gift, **_):
        """On a connection each, started together: it is as if one had come after the other."""
        third = NAMES[(NAMES.index(receiver) + 1) % len(NAMES)]
        number, last = self.picked_gift(pick, gift)
        holder = self.book.coins[number].holder
        same = Give(self.life, giver, receiver)
        pairs = (
            (same, same),
            (same, Give(self.life, giver, third)),
            (same, Give(self.life, receiver, giver)),
            (
                PassOn(self.life, number, holder, receiver),
                PassOn(self.life, number, holder, third),
            ),
            (TakeBack(self.life, number, last), PassOn(self.life, number, holder, receiver)),
            (Decline(self.life, number, last), PassOn(self.life, number, holder, receiver)),
            (Decline(self.life, number, last), TakeBack(self.life, number, last)),
        )
        self.both(*pairs[gift // 2 % len(pairs)])

    def crash_in_the_middle(self, giver, receiver, **_):
        """The process dies after the last write, before the commit: nothing of it stays."""
        attempt = Give(self.life, giver, receiver)
        if not attempt.people <= self.book.members:
            return
        with (
            patch("gifting.services.giving.add_first", crashing_after(chain.add_first)),
            patch("gifting.services.giving.add_on", crashing_after(chain.add_on)),
        ):
            try:
                attempt.send()
            except (RuntimeError, Refusal):
                return
        raise AssertionError("the gift was made all the same")

    def block(self, pick, gift, **_):
        number, gift = self.picked_gift(pick, gift)
        if {gift.receiver, gift.giver} <= self.book.members:
            address = self.life.address[number]
            services.block(self.member[gift.receiver], address, gift.step, self.life.now)
            self.book.blocks.add((gift.receiver, gift.giver))

    def lift_all_blocks(self, **_):
        for block in Block.objects.filter(by__in=self.name_of_hand):
            services.unblock(block.by.member, block.pk)
        self.book.blocks.clear()

    def leave(self, giver, pick, **_):
        name = giver
        if name in self.book.members and len(self.book.members) > 2 and pick % 4 == 0:
            provider.erase(self.member[name], self.life.now)
            self.member[name].delete()
            self.book.members.discard(name)
            self.book.blocks = {pair for pair in self.book.blocks if name not in pair}

    def wait(self, pick, **_):
        minutes = (1, 4, 5, 10, 10, 60 * 24, 60 * 24 * 7)[pick % 7]
        self.life.now += timedelta(minutes=minutes)

    def wait_for_monday(self, **_):
        self.life.now = week_of(self.life.now) + timedelta(days=7)

    # --- How they ask ------------------------------------------------------------------------

    def one(self, attempt):
        if not attempt.people <= self.book.members:
            return
        allowed = attempt.is_allowed()
        try:
            move = attempt.send()
        except (Refusal, NotYours):
            assert not allowed
            return
        # What was undone or declined already is answered with the move that did it.
        assert (move.pk not in self.life.written) == allowed
        self.write(attempt, move)

    def both(self, *attempts):
        if not all(attempt.people <= self.book.members for attempt in attempts):
            return
        before = [attempt.is_allowed() for attempt in attempts]
        outcomes = at_once(*[attempt.send for attempt in attempts])
        made = {}
        for attempt, outcome in zip(attempts, outcomes, strict=True):
            assert isinstance(outcome, Move | Refusal | NotYours), outcome
            if isinstance(outcome, Move) and outcome.pk not in self.life.written:
                made[outcome.pk] = attempt, outcome
        # Both decide behind the lock of a common hand, so their ids tell which came first.
        for _, (attempt, move) in sorted(made.items()):
            assert attempt.is_allowed()
            self.write(attempt, move)
        for attempt, was_allowed, outcome in zip(attempts, before, outcomes, strict=True):
            if not isinstance(outcome, Move):
                assert not (was_allowed and attempt.is_allowed())

    def write(self, attempt, move):
        if move.pk in self.life.written:
            return
        attempt.write(move)
        if isinstance(attempt, Give | PassOn):
            self.requests.append((attempt, move))
        self.after[len(self.life.written)] = self.book.holders()

    def picked(self, pick) -> int:
        """Any K, but often the one that moved last, where most is possible."""
        by_age = sorted(self.book.coins, key=lambda each: self.book.coins[each].arrived_at)
        return by_age[-1] if pick % 2 else by_age[pick % len(by_age)]

    def picked_gift(self, pick, gift):
        number = self.picked(pick)
        gifts = self.book.coins[number].gifts
        return number, gifts[-1] if gift % 2 else gifts[gift % len(gifts)]

    # --- What is always true ---------------------------------------------------------------------

    def moves(self):
        return Move.objects.filter(giver__in=self.name_of_hand)

    @invariant()
    def the_ledger_is_what_the_book_says(self):
        """After every step there is no other move; now and then everything is compared."""
        assert self.moves().count() == len(self.life.written)
        self.steps += 1
        if self.steps % WHOLE_BOOK_EVERY == 0:
            self.the_whole_book_agrees()

    def the_whole_book_agrees(self):
        """Every K is in the one hand it should be in; one member's purse, in turns."""
        in_place = self.moves().in_place().values_list("k", "receiver")
        holders = [(number, self.name_of_hand[hand]) for number, hand in in_place]
        assert sorted(holders) == sorted(self.book.holders().items())
        name = NAMES[self.steps // WHOLE_BOOK_EVERY % len(NAMES)]
        if name in self.book.members:
            self.numbers_in_purse(name)

    def numbers_in_purse(self, name):
        purse = selectors.purse(self.member[name], self.life.now)
        assert purse.fresh == self.book.fresh(name, self.life.now)
        received = selectors.received(self.member[name], self.life.now, 1000)
        assert len(received) == purse.received_count
        numbers = [each.k_id for each in (*purse.returned, *received)]
        assert sorted(numbers) == sorted(self.book.in_hand(name, self.life.now))
        self.account_ends_with_the_purse(name, purse)
        return numbers

    def account_ends_with_the_purse(self, name, purse):
        lines = selectors.statement(self.member[name], self.life.now)
        balances = [line.balance for line in reversed(lines)]
        assert balances == list(accumulate(line.change for line in reversed(lines)))
        assert min(balances, default=0) >= 0
        assert lines[0].balance == purse.total
        assert selectors.k_to_give(self.member[name], self.life.now) == purse.total
        # Each K goes in and out by turns: none lapses before it is back.
        changes = {}
        for line in reversed(lines):
            if line.number is not None:
                changes.setdefault(line.number, []).append(line.change)
        for number, each in changes.items():
            assert all(one == -other for one, other in pairwise(each)), number

    def minted_is_held_and_lapsed_and_retired(self):
        held = [number for name in self.book.members for number in self.numbers_in_purse(name)]
        assert len(held) == len(set(held))
        retired = [k for k, name in self.book.holders().items() if name not in self.book.members]
        lapsed = [
            number
            for number, coin in self.book.coins.items()
            if coin.has_lapsed(self.life.now) and coin.holder in self.book.members
        ]
        minted = K.objects.filter(hand__in=self.name_of_hand).count()
        assert minted == len(held) + len(lapsed) + len(retired)

    def every_prefix_replays_to_what_was_then(self):
        state = {}
        moves = self.moves().order_by("id").select_related("k")
        for done, move in enumerate(moves, start=1):
            self.replay(state, move)
            names = {k: self.name_of_hand[path[-1]] for k, path in state.items()}
            assert names == self.after[done]
        assert Hand.objects.filter(pk__in=self.name_of_hand).count() == len(NAMES)

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


@pytest.mark.django_db(transaction=True)
def test_any_life_of_k():
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_IN_A_LIFE),
            stateful_step_count=STEPS_IN_A_LIFE,
            derandomize="K_STEPS" not in os.environ,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
