"""What a member wished beside giving: for the export, and for leaving."""

from django.db.models import Q

from gifting.member_models import Choices, KeptInMind, OpenWay, ProfileWords
from gifting.models import Hand


def export(hand: Hand) -> dict[str, object]:
    choices = Choices.objects.filter(hand=hand).first() or Choices()
    kept = KeptInMind.objects.filter(keeper=hand).select_related("of__member").order_by("id")
    words = ProfileWords.objects.filter(Q(move__giver=hand) | Q(move__receiver=hand))
    return {
        "choices": {
            "found_by_name": choices.found_by_name,
            "shows_appreciation": choices.shows_appreciation,
            "wants_digest": choices.wants_digest,
        },
        "kept_in_mind": [_exported(each) for each in kept],
        "ways_opened": list(
            OpenWay.objects.filter(hand=hand).order_by("k").values_list("k", flat=True)
        ),
        "words_for_a_profile": [
            {
                "k": said.move.k_id,
                "step": said.move.step,
                "allowed_by_me": said.giver_allows
                if said.move.giver_id == hand.pk
                else said.receiver_shows,
            }
            for said in words.select_related("move").order_by("move")
        ],
    }


def _exported(kept: KeptInMind) -> dict[str, object]:
    return {
        "platform": kept.platform,
        "handle": kept.handle,
        "member": kept.of.shown_name if kept.of else "",
        "name": kept.name,
        "reason": kept.reason,
        "link": kept.link,
        "kept_at": kept.kept_at.isoformat(),
        "here_since": kept.here_since.isoformat() if kept.here_since else None,
    }


def erase(hand: Hand) -> None:
    """My notes, notes about me as a member here, and everything I let others see."""
    KeptInMind.objects.filter(Q(keeper=hand) | Q(of=hand)).delete()
    Choices.objects.filter(hand=hand).delete()
    OpenWay.objects.filter(hand=hand).delete()
    ProfileWords.objects.filter(Q(move__giver=hand) | Q(move__receiver=hand)).delete()
