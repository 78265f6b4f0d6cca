"""Keeping people in mind, and telling the keeper when one of them can be found here.

A note is the keeper's own. Writing it asks the same of everybody, here or not, and says the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from accounts.models import Member
from gifting import selectors
from gifting.handles import HANDLE_MAX, handle_key
from gifting.member_models import KeptInMind
from gifting.models import Hand, Move
from gifting.refusals import KEPT_ENOUGH, KEPT_YOURSELF, NotYours, Refusal
from gifting.services.hands import hand_for
from networks.models import LinkedAccount

# Nobody remembers more; beyond it a note would be a collection of people.
KEPT_MOST = 500
# Accounts that were introduced within this time are looked at every minute, all others nightly.
LOOKED_BACK = timedelta(hours=2)
AT_ONCE = 500


@dataclass(frozen=True)
class Remembered:
    """What a keeper writes about somebody. `platform` is "" for somewhere else."""

    platform: str = ""
    handle: str = ""
    name: str = ""
    reason: str = ""
    link: str = ""


def keep_handle(keeper: Member, note: Remembered, now: datetime) -> KeptInMind:
    """Keep whoever has this handle; again, it takes the place of the older note. Raises Refusal."""
    key = handle_key(note.handle)
    if _is_own(keeper, note.platform, key):
        raise Refusal(KEPT_YOURSELF)
    is_here = selectors.can_be_given_to(keeper, note.platform, note.handle)
    with transaction.atomic():
        hand = _room_in(keeper, platform=note.platform, handle_key=key, of=None)
        return KeptInMind.objects.update_or_create(
            keeper=hand,
            platform=note.platform,
            handle_key=key,
            of=None,
            defaults=_written(note) | {"handle": note.handle[:HANDLE_MAX]},
            # Who is here already is no news later on.
            create_defaults=_written(note)
            | {"handle": note.handle[:HANDLE_MAX], "kept_at": now}
            | ({"here_since": now, "noted_at": now} if is_here else {}),
        )[0]


def keep_other_side(
    keeper: Member, k_address: str, step: int, note: Remembered, now: datetime
) -> KeptInMind:
    """Keep the member on the other side of a gift. Raises NotYours, Refusal."""
    other = other_side(keeper, k_address, step)
    with transaction.atomic():
        hand = _room_in(keeper, of=other)
        return KeptInMind.objects.update_or_create(
            keeper=hand,
            of=other,
            defaults=_written(note),
            create_defaults=_written(note) | {"kept_at": now, "here_since": now, "noted_at": now},
        )[0]


def other_side(member: Member, k_address: str, step: int) -> Hand:
    """With whom the member exchanged this gift. Raises NotYours; also if they have left."""
    gift = (
        Move.objects.gifts()
        .filter(k__address=k_address, step=step)
        .select_related("giver__member", "receiver__member")
        .first()
    )
    if gift is None or member.pk not in (gift.giver.member_id, gift.receiver.member_id):
        raise NotYours
    other = gift.receiver if gift.giver.member_id == member.pk else gift.giver
    if other.member is None:
        raise NotYours
    return other


def forget(keeper: Member, kept_id: int) -> None:
    """Take somebody out of the notes. Raises NotYours."""
    gone, _ = KeptInMind.objects.filter(pk=kept_id, keeper__member=keeper).delete()
    if not gone:
        raise NotYours


def note_news(keeper: Member, kept_id: int, now: datetime) -> None:
    """The keeper has read that this one is here. A second time changes nothing. Raises NotYours."""
    mine = KeptInMind.objects.filter(pk=kept_id, keeper__member=keeper)
    if not mine.exists():
        raise NotYours
    mine.filter(noted_at=None).update(noted_at=now)


def _written(note: Remembered) -> dict[str, str]:
    return {"name": note.name, "reason": note.reason, "link": note.link}


def _room_in(keeper: Member, **same: object) -> Hand:
    """The keeper's hand, locked, with room for one more (or for the same one again)."""
    hand = hand_for(keeper)
    hand = Hand.objects.select_for_update(no_key=True).get(pk=hand.pk)
    kept = KeptInMind.objects.filter(keeper=hand)
    if not kept.filter(**same).exists() and kept.count() >= KEPT_MOST:
        raise Refusal(KEPT_ENOUGH)
    return hand


def _is_own(keeper: Member, platform: str, key: str) -> bool:
    own = LinkedAccount.objects.filter(member=keeper).values_list("platform", "handle")
    return (platform, key) in {(where, handle_key(handle)) for where, handle in own}


def meet(now: datetime, *, everybody: bool = False) -> int:
    """See which people kept in mind can be found here by now; returns how many notes changed.

    Looks at accounts introduced lately, or at all of them. A note says so once, so any run may
    be repeated, late, or killed.
    """
    accounts = LinkedAccount.objects.filter(
        findable=True, state=LinkedAccount.State.ACTIVE, member__takes_part=True
    )
    if not everybody:
        accounts = accounts.filter(introduced_at__gt=now - LOOKED_BACK)
    rows = accounts.order_by("pk").values_list("platform", "handle").iterator(AT_ONCE)
    return sum(_meet(keys, now) for keys in _batches(rows))


def _batches(rows: Iterable[tuple[str, str]]) -> Iterator[dict[str, list[str]]]:
    """Keys of handles by platform, a few hundred at once."""
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        keys: dict[str, list[str]] = {}
        for platform, handle in some:
            keys.setdefault(platform, []).append(handle_key(handle))
        yield keys


def _meet(keys: dict[str, list[str]], now: datetime) -> int:
    met = 0
    for platform, some in keys.items():
        waiting = KeptInMind.objects.filter(
            platform=platform, handle_key__in=some, here_since=None, of=None
        ).select_related("keeper__member")
        met += sum(_tell(kept, now) for kept in waiting)
    return met


def _tell(kept: KeptInMind, now: datetime) -> bool:
    """Unless whoever it is takes K from nobody, or none from this keeper."""
    keeper = kept.keeper.member
    if keeper is None or not selectors.can_be_given_to(keeper, kept.platform, kept.handle):
        return False
    told = KeptInMind.objects.filter(pk=kept.pk, here_since=None).update(here_since=now)
    return bool(told)
