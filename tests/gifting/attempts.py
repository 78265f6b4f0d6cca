"""What a member may try with K: what the book says of it, the request, and its line in the book."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Member
from gifting import services
from gifting.models import Move
from tests.gifting import book


@dataclass
class Life:
    """A few members, the book of their K, and the moment in which they are.

    `written` are the ids of the moves that stand in the book.
    """

    book: book.Book
    member: dict[str, Member]
    now: datetime
    address: dict[int, str] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)


@dataclass
class Attempt:
    """`people` have to be members still for it to be sent at all."""

    life: Life

    @property
    def people(self) -> set[str]:
        raise NotImplementedError

    def is_allowed(self) -> bool:
        """By the book, as it stands now."""
        raise NotImplementedError

    def send(self) -> Move:
        """Raises Refusal, NotYours."""
        raise NotImplementedError

    def write(self, move: Move) -> None:
        """Write the move that was made into the book."""
        self.life.written.add(move.pk)
        self.write_more(move)

    def write_more(self, move: Move) -> None:
        raise NotImplementedError


@dataclass
class Give(Attempt):
    giver: str
    receiver: str
    key: UUID = field(default_factory=uuid4)

    @property
    def people(self) -> set[str]:
        return {self.giver, self.receiver}

    def is_allowed(self) -> bool:
        life = self.life
        has_one = bool(self._returned() or life.book.fresh(self.giver, life.now) > 0)
        return has_one and life.book.may_give(self.giver, self.receiver, life.now)

    def send(self) -> Move:
        members = self.life.member[self.giver], self.life.member[self.receiver]
        return services.give_k(*members, self.life.now, key=self.key)

    def write_more(self, move: Move) -> None:
        life, returned = self.life, self._returned()
        if returned:
            assert move.k_id == returned[0]
        else:
            assert move.k_id not in life.book.coins
            life.book.mint(move.k_id, self.giver, life.now)
            life.address[move.k_id] = move.k.address
        life.book.move(move.k_id, self.receiver, life.now)

    def _returned(self) -> list[int]:
        return self.life.book.own_returned(self.giver, self.life.now)


@dataclass
class PassOn(Attempt):
    number: int
    giver: str
    receiver: str
    key: UUID = field(default_factory=uuid4)

    @property
    def people(self) -> set[str]:
        return {self.giver, self.receiver}

    def is_allowed(self) -> bool:
        life = self.life
        return life.book.may_pass_on(self.number, self.giver, self.receiver, life.now)

    def send(self) -> Move:
        members = self.life.member[self.giver], self.life.member[self.receiver]
        address = self.life.address[self.number]
        return services.pass_on(*members, address, self.life.now, key=self.key)

    def write_more(self, move: Move) -> None:
        assert move.k_id == self.number
        self.life.book.move(self.number, self.receiver, self.life.now)


@dataclass
class TakeBack(Attempt):
    number: int
    gift: book.Gift

    @property
    def people(self) -> set[str]:
        return {self.gift.giver}

    def is_allowed(self) -> bool:
        return self.life.book.may_undo(self.number, self.gift, self.life.now)

    def send(self) -> Move:
        giver, address = self.life.member[self.gift.giver], self.life.address[self.number]
        return services.take_back(giver, address, self.gift.step, self.life.now)

    def write_more(self, move: Move) -> None:
        self.life.book.undo(self.number, self.gift, self.life.now)


@dataclass
class Decline(Attempt):
    number: int
    gift: book.Gift

    @property
    def people(self) -> set[str]:
        return {self.gift.receiver}

    def is_allowed(self) -> bool:
        return self.life.book.may_decline(self.number, self.gift, self.life.now)

    def send(self) -> Move:
        receiver, address = self.life.member[self.gift.receiver], self.life.address[self.number]
        return services.decline(receiver, address, self.gift.step, self.life.now)

    def write_more(self, move: Move) -> None:
        self.life.book.back(self.number, self.life.now)
