"""What a member's public profile may show of the K they received, if its owner wants it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from accounts.models import Member
from gifting import periods
from gifting.groups import groups
from gifting.member_models import Choices, ProfileWords
from gifting.models import Block, Move, MoveQuerySet

WITHIN = timedelta(days=365)
WORDS_SHOWN = 12


@dataclass(frozen=True)
class ShownWords:
    text: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Appreciation:
    """`givers`: distinct members who gave within a year and have nothing to do with each other.

    A giver counts if none of their K met one the other way within 30 days. Givers who gave K to
    one another within the year count as one.
    """

    givers: int
    words: tuple[ShownWords, ...]


def shown_appreciation(owner: Member, now: datetime) -> Appreciation | None:
    """For the public profile: None unless its owner chose to show it."""
    wants = Choices.objects.filter(hand__member=owner, shows_appreciation=True).exists()
    return appreciation(owner, now) if wants else None


def appreciation(owner: Member, now: datetime) -> Appreciation:
    """What would be shown; three queries."""
    since = now - WITHIN
    givers = set(_counted(owner, since).values_list("giver_id", flat=True))
    between = (
        Move.objects.gifts()
        .kept()
        .filter(giver__in=givers, receiver__in=givers, made_at__gt=since)
        .values_list("giver_id", "receiver_id")
        .distinct()
    )
    return Appreciation(givers=groups(givers, between), words=_words(owner))


def _counted(owner: Member, since: datetime) -> MoveQuerySet:
    other_way = (
        Move.objects.gifts()
        .kept()
        .filter(
            giver=OuterRef("receiver"),
            receiver=OuterRef("giver"),
            made_at__gte=OuterRef("made_at") - periods.RETURNED_WITHIN,
            made_at__lte=OuterRef("made_at") + periods.RETURNED_WITHIN,
        )
    )
    pair = (
        Move.objects.gifts()
        .kept()
        .filter(Exists(other_way), giver=OuterRef("giver"), receiver=OuterRef("receiver"))
    )
    return (
        Move.objects.gifts()
        .kept()
        .filter(
            ~Exists(pair.filter(made_at__gt=since)),
            ~Exists(Block.objects.filter(by=OuterRef("receiver"), of=OuterRef("giver"))),
            receiver__member=owner,
            giver__member__isnull=False,
            made_at__gt=since,
        )
    )


def _words(owner: Member) -> tuple[ShownWords, ...]:
    """The words that giver and receiver both allowed here, the newest first."""
    kept = Move.objects.gifts().kept().filter(receiver__member=owner, giver__member__isnull=False)
    shown = (
        kept.filter(profile_words__giver_allows=True, profile_words__receiver_shows=True)
        .exclude(words__text="")
        .order_by("-made_at", "-id")
        .values_list("words__text", "giver__member__name", "made_at")[:WORDS_SHOWN]
    )
    return tuple(ShownWords(text, name, at) for text, name, at in shown)


@dataclass(frozen=True)
class ProfileChoice:
    """What the viewer said about the words of one gift, and whether the other side agrees."""

    is_giver: bool
    mine: bool
    is_shown: bool


def profile_choice(member: Member, k_address: str, step: int) -> ProfileChoice | None:
    """For the giver or the receiver of a gift with words; None for everybody else."""
    move = (
        Move.objects.gifts()
        .filter(k__address=k_address, step=step)
        .exclude(words__text="")
        .annotate(by=F("giver__member"), to=F("receiver__member"))
        .values_list("pk", "by", "to")
        .first()
    )
    if move is None or member.pk not in move[1:]:
        return None
    said = ProfileWords.objects.filter(pk=move[0]).first() or ProfileWords()
    is_giver = move[1] == member.pk
    return ProfileChoice(
        is_giver=is_giver,
        mine=said.giver_allows if is_giver else said.receiver_shows,
        is_shown=said.giver_allows and said.receiver_shows,
    )
