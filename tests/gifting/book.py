"""K kept a second way, in plain Python: what the ledger must agree with after every step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

WEEK = timedelta(days=7)


def week_of(now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


@dataclass
class Gift:
    giver: str
    receiver: str
    at: datetime
    step: int
    is_undone: bool = False


@dataclass
class Coin:
    """`path` are the hands it went through, without what was returned; the last one holds it.

    `home_since` says, for each hand on the path, since when it counts as home there.
    """

    home: str
    week: datetime
    arrived_at: datetime
    path: list[str]
    home_since: list[datetime | None] = field(default_factory=lambda: [None])
    gifts: list[Gift] = field(default_factory=list)
    steps: int = 0
    came_back: bool = False

    @property
    def holder(self) -> str:
        return self.path[-1]

    @property
    def source(self) -> str | None:
        return self.path[-2] if len(self.path) > 1 else None

    def lapses_at(self) -> datetime | None:
        if self.holder != self.home or not self.steps:
            return None
        return max(self.week + WEEK, self.home_since[-1] + WEEK)

    def has_lapsed(self, now: datetime) -> bool:
        end = self.lapses_at()
        return end is not None and end <= now


class Book:
    """The rules of K. Every method says whether the act is allowed, and writes it down if so."""

    def __init__(self, members: list[str], allotment: int) -> None:
        self.members = set(members)
        self.allotment = allotment
        self.coins: dict[int, Coin] = {}
        self.blocks: set[tuple[str, str]] = set()

    def may_give(self, giver: str, receiver: str, now: datetime) -> bool:
        return (
            giver != receiver
            and (receiver, giver) not in self.blocks
            and not any(
                gift.giver == giver
                and gift.receiver == receiver
                and gift.at >= week_of(now)
                and not gift.is_undone
                for coin in self.coins.values()
                for gift in coin.gifts
            )
        )

    def fresh(self, giver: str, now: datetime) -> int:
        minted = sum(
            coin.home == giver and coin.week == week_of(now) for coin in self.coins.values()
        )
        return self.allotment - minted

    def own_returned(self, giver: str, now: datetime) -> list[int]:
        """Own ones that are back, the one that lapses soonest first."""
        back = [
            number
            for number, coin in self.coins.items()
            if coin.path == [giver] and not coin.has_lapsed(now)
        ]
        return sorted(back, key=lambda number: (self.coins[number].lapses_at(), number))

    def in_hand(self, member: str, now: datetime) -> list[int]:
        return [
            number
            for number, coin in self.coins.items()
            if coin.holder == member and not coin.has_lapsed(now)
        ]

    def may_pass_on(self, number: int, giver: str, receiver: str, now: datetime) -> bool:
        coin = self.coins[number]
        return (
            coin.holder == giver
            and not coin.has_lapsed(now)
            and coin.source != receiver
            and self.may_give(giver, receiver, now)
        )

    def mint(self, number: int, giver: str, now: datetime) -> None:
        self.coins[number] = Coin(giver, week_of(now), now, [giver])

    def move(self, number: int, receiver: str, now: datetime) -> None:
        coin = self.coins[number]
        coin.steps += 1
        coin.gifts.append(Gift(coin.holder, receiver, now, coin.steps))
        coin.path.append(receiver)
        coin.home_since.append(now if receiver == coin.home else None)
        coin.arrived_at, coin.came_back = now, False

    def is_last(self, number: int, gift: Gift) -> bool:
        coin = self.coins[number]
        return not coin.came_back and gift.step == coin.steps

    def may_undo(self, number: int, gift: Gift, now: datetime) -> bool:
        return self.is_last(number, gift) and now < gift.at + timedelta(minutes=10)

    def may_decline(self, number: int, gift: Gift, now: datetime) -> bool:
        return self.is_last(number, gift) and not self.coins[number].has_lapsed(now)

    def undo(self, number: int, gift: Gift, now: datetime) -> None:
        gift.is_undone = True
        self.back(number, now)

    def back(self, number: int, now: datetime) -> None:
        coin = self.coins[number]
        coin.path.pop()
        coin.home_since.pop()
        if coin.holder == coin.home:
            # Given from home and back again, it never left as far as its lapse is concerned.
            coin.home_since[-1] = coin.home_since[-1] or now
        coin.steps += 1
        coin.arrived_at, coin.came_back = now, True

    def holders(self) -> dict[int, str]:
        return {number: coin.holder for number, coin in self.coins.items()}
