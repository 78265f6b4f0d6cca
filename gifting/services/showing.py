"""What members let others see: the way of a K, words on a profile, and their other choices."""

from datetime import datetime

from django.db import transaction

from accounts.models import Member
from gifting import periods, selectors
from gifting.member_models import Choices, OpenWay, ProfileWords
from gifting.models import K, Move
from gifting.refusals import NotYours
from gifting.services.hands import hand_for


def open_way(member: Member, k_address: str, now: datetime, *, opens: bool) -> None:
    """Say, for one's own part, whether every member may see the way of this K. Raises NotYours."""
    way = selectors.journey(k_address, member, now)
    if way is None or not way.is_yours:
        raise NotYours
    hand, k = hand_for(member), K.objects.get(address=k_address)
    if opens:
        OpenWay.objects.get_or_create(k=k, hand=hand)
    else:
        OpenWay.objects.filter(k=k, hand=hand).delete()


def allow_on_profile(member: Member, k_address: str, step: int, *, allows: bool) -> None:
    """Say, for one's own side of a gift, whether its words may stand on the receiver's profile.

    Raises NotYours.
    """
    choice = selectors.profile_choice(member, k_address, step)
    if choice is None:
        raise NotYours
    gift = Move.objects.get(k__address=k_address, step=step)
    mine = "giver_allows" if choice.is_giver else "receiver_shows"
    ProfileWords.objects.update_or_create(move=gift, defaults={mine: allows})


def show_appreciation(member: Member, *, shows: bool) -> None:
    """Whether the public profile says how many gave, with the words that both sides allowed."""
    _choose(member, shows_appreciation=shows)


def be_found_by_name(member: Member, *, found: bool) -> None:
    """Whether members find this one by name; handles still decide who may be found at all."""
    _choose(member, found_by_name=found)


def want_digest(member: Member, now: datetime, *, wants: bool) -> None:
    """Begin or stop the daily mail. It begins with what comes from now on.

    Stopping and beginning again does not bring a second mail on the same day.
    """
    hand = hand_for(member)
    with transaction.atomic():
        Choices.objects.get_or_create(hand=hand)
        choices = Choices.objects.select_for_update().get(hand=hand)
        if wants and not choices.wants_digest:
            choices.digest_told_until = now - periods.UNDO_WINDOW
            choices.digest_not_before = max(choices.digest_not_before or now, now)
        choices.wants_digest = wants
        choices.save()


def _choose(member: Member, **chosen: bool) -> None:
    Choices.objects.update_or_create(hand=hand_for(member), defaults=chosen)
