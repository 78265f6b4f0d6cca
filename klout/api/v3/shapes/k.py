"""K: what is in the purse, what was given and received, and the hands a K went through."""

from datetime import date, datetime

from gifting import selectors
from gifting.forms import GiftForm
from gifting.models import WORDS_MAX, Move
from gifting.periods import UNDO_WINDOW
from klout.api.v3.shapes.base import CURSOR, NEXT, Shape, told

K = "The address of a K: random, and known to those whose hands it went through."
ADDRESS = "Vq3bX0d1LkPz8sTn"
STEP = "Which giving of this K it was. Address and step together name a gift."
LINK = "https://example.org/@grace/42"
WORDS = "Thank you for the week you spent on my build."


class Held(Shape):
    """A K in the member's hand."""

    k: str = told(K, ADDRESS)
    number: int = told("Its number, for people.", 4711)
    from_name: str = told("Who it came from.", "Grace Oduya")
    since: datetime = told("Since when it is here.", "2026-11-01T18:00:00Z")
    lapses_at: datetime | None = told(
        "When it lapses; only a K that came back to the hand it was allotted to does.", None
    )

    @classmethod
    def of(cls, held: selectors.HeldK) -> "Held":
        return cls(
            k=held.address,
            number=held.number,
            from_name=held.from_name,
            since=held.since,
            lapses_at=held.lapses_at,
        )


class HeldPage(Shape):
    """K from others that can be passed on, the latest first."""

    items: list[Held] = told("The K.", [])
    next_cursor: str | None = told(NEXT, CURSOR)


class Purse(Shape):
    """What there is to give at this moment."""

    total: int = told("All that can be given.", 7)
    fresh: int = told("Of this period's allotment, not given yet.", 4)
    allotted: int = told("The allotment of this period.", 5)
    period_begins_on: date = told("The day (UTC).", "2026-11-02")
    period_ends_on: date = told("The day (UTC) on which the next allotment comes.", "2026-11-09")
    received: int = told("K from others that can be passed on; listed under `/k/held`.", 2)
    returned: list[Held] = told("Own K that came back and can be given once more.", [])

    @classmethod
    def of(cls, purse: selectors.Purse) -> "Purse":
        return cls(
            total=purse.total,
            fresh=purse.fresh,
            allotted=purse.allotted_size,
            period_begins_on=purse.period.begins_on,
            period_ends_on=purse.period.ends_on,
            received=purse.received_count,
            returned=[Held.of(held) for held in purse.returned],
        )


class Gift(Shape):
    """One giving of a K, as the member who asks sees it."""

    k: str = told(K, ADDRESS)
    step: int = told(STEP, 1)
    number: int = told("The number of the K, for people.", 4711)
    is_given: bool = told("Given by the member; else received.", True)
    name: str = told("Who is on the other side.", "Grace Oduya")
    handle: str = told("A handle of theirs, if people may find them by one.", "@grace@example.org")
    words: str = told("What the giver wrote; empty if nothing, or if it was taken back.", WORDS)
    link: str = told("What moved the giver; an https address or empty.", LINK)
    given_at: datetime = told("When it was given.", "2026-11-02T12:00:00Z")
    state: str = told("What became of it, in words.", "Given")
    is_return: bool = told("A K went the other way within 30 days before: counts nowhere.", False)
    can_undo: bool = told("Whether the giver can take it back now.", True)
    can_pass_on: bool = told("Whether it is in the member's hand and can be given on.", False)

    @classmethod
    def of(cls, entry: selectors.Entry) -> "Gift":
        return cls(
            k=entry.address,
            step=entry.step,
            number=entry.number,
            is_given=entry.is_given,
            name=entry.name,
            handle=entry.handle,
            words=entry.text,
            link=entry.link,
            given_at=entry.at,
            state=entry.state,
            is_return=entry.returns,
            can_undo=entry.can_take_back,
            can_pass_on=entry.can_pass_on,
        )


class Gifts(Shape):
    """Gifts, the newest first."""

    items: list[Gift] = told("The gifts.", [])
    next_cursor: str | None = told(NEXT, CURSOR)


class Stop(Shape):
    """A hand on the way of a K."""

    name: str = told("Whose it is, or “a member” where no more may be known.", "a member")
    is_you: bool = told("The member who asks.", False)
    did: str = told(
        "`gave first`, `passed on`, `holds`, `lapsed` (there) or `left` (the member did).",
        "passed on",
    )
    at: datetime | None = told("When.", "2026-11-01T18:00:00Z")
    words: str = told("What it wrote as it gave, if giver and receiver let the way see it.", "")
    link: str = told("The same of the link.", "")

    @classmethod
    def of(cls, stop: selectors.Stop) -> "Stop":
        return cls(
            name=stop.name,
            is_you=stop.is_you,
            did=stop.did,
            at=stop.at,
            words=stop.text,
            link=stop.link,
        )


class Journey(Shape):
    """The hands a K went through."""

    k: str = told(K, ADDRESS)
    number: int = told("Its number, for people.", 4711)
    is_held_by_you: bool = told("Whether it is in the member's hand now.", False)
    lapses_at: datetime | None = told("When it lapses, if it does.", None)
    has_lapsed: bool = told("Whether its time is over.", False)
    is_open: bool = told("Every hand on the way lets all members see it.", False)
    stops: list[Stop] = told("The hands, in order.", [])

    @classmethod
    def of(cls, journey: selectors.Journey) -> "Journey":
        return cls(
            k=journey.address,
            number=journey.number,
            is_held_by_you=journey.is_held_by_you,
            lapses_at=journey.lapses_at,
            has_lapsed=journey.has_lapsed,
            is_open=journey.is_open,
            stops=[Stop.of(stop) for stop in journey.stops],
        )


class ToGive(Shape):
    """Whom, and why."""

    to: str = told(
        "A handle by which people may find the receiver, such as `@grace@example.org`.",
        "@grace@example.org",
        min_length=1,
        max_length=300,
    )
    words: str = told("What moved you; plain text.", WORDS, default="", max_length=WORDS_MAX)
    link: str = told("Where it was; an https address.", LINK, default="", max_length=500)
    shares: bool = told(
        "Later holders may see your name and these words, if the receiver agrees.",
        False,
        default=False,
    )

    def as_form(self, key: object, k: str = "") -> GiftForm:
        """The same rules for words and links as on the page."""
        return GiftForm(self.model_dump() | {"key": str(key), "k": k})


class Given(Shape):
    """A gift that was made. It says nothing of the receiver but what you sent."""

    k: str = told(K, ADDRESS)
    step: int = told(STEP, 1)
    number: int = told("The number of the K, for people.", 4711)
    given_at: datetime = told("When it was given.", "2026-11-02T12:00:00Z")
    undo_until: datetime = told("It can be taken back until then.", "2026-11-02T12:10:00Z")

    @classmethod
    def of(cls, move: Move) -> "Given":
        return cls(
            k=move.k.address,
            step=move.step,
            number=move.k_id,
            given_at=move.made_at,
            undo_until=move.made_at + UNDO_WINDOW,
        )


class TakenBack(Shape):
    """A gift that was taken back."""

    k: str = told(K, ADDRESS)
    number: int = told("The number of the K, for people.", 4711)
    taken_back_at: datetime = told("When.", "2026-11-02T12:04:00Z")

    @classmethod
    def of(cls, move: Move) -> "TakenBack":
        return cls(k=move.k.address, number=move.k_id, taken_back_at=move.made_at)
