"""What gifting keeps of a member: for the export, and for leaving."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.exports.rows import CHUNK, Rows, rows_of
from accounts.models import Member
from accounts.personal_data_contract import InRows
from gifting import wishes_data
from gifting.brought_models import BroughtMove
from gifting.models import Allotment, Block, Decision, Hand, Move, Report, Words

BROUGHT = ("site", "k", "step", "direction", "other", "words", "link", "made_at")


class GiftingData(InRows):
    """The chain of moves stays when a member leaves; their hand in it becomes nobody's."""

    name = "gifting"

    def export_rows(self, member: Member) -> dict[str, object]:
        hand = Hand.objects.filter(member=member).first()
        elsewhere = {
            "brought": rows_of(
                BroughtMove.objects.filter(member=member).order_by("made_at", "pk"), *BROUGHT
            )
        }
        if hand is None:
            return dict(elsewhere)
        moves = (
            Move.objects.filter(Q(giver=hand) | Q(receiver=hand))
            .select_related("k", "giver__member", "receiver__member", "words")
            .order_by("made_at", "id")
        )
        return {
            "accepts_from": hand.accepts_from,
            "allotments": [
                {"period": str(allotment.period_id), "size": allotment.size}
                for allotment in Allotment.objects.filter(hand=hand).order_by("period")
            ],
            "moves": Rows(
                lambda: (_exported(move, hand) for move in moves.iterator(chunk_size=CHUNK))
            ),
            "blocks": [
                block.of.shown_name
                for block in hand.blocks.select_related("of__member").order_by("id")
            ],
            "reports": [
                {"k": report.move.k_id, "said": report.said, "at": report.reported_at.isoformat()}
                for report in hand.reports.select_related("move").order_by("id")
            ],
            "decisions": [
                {
                    "k": decision.move.k_id,
                    "outcome": decision.outcome,
                    "reason": decision.reason,
                    "at": decision.decided_at.isoformat(),
                }
                for decision in hand.decisions.select_related("move").order_by("id")
            ],
            **wishes_data.export(hand),
            **elsewhere,
        }

    def erase(self, member: Member, now: datetime) -> None:
        """Take my words, blocks and reports away and leave the chain without my name."""
        with transaction.atomic():
            BroughtMove.objects.filter(member=member).delete()
            hand = Hand.objects.select_for_update().filter(member=member).first()
            if hand is None:
                return
            Words.objects.filter(move__giver=hand).update(text="", link="", giver_shares=False)
            Words.objects.filter(move__receiver=hand).update(receiver_shares=False)
            Block.objects.filter(Q(by=hand) | Q(of=hand)).delete()
            Report.objects.filter(reporter=hand).delete()
            Decision.objects.filter(reporter=hand).update(reason="")
            wishes_data.erase(hand)
            hand.member = None
            hand.accepts_from = Hand.AcceptsFrom.NOBODY
            hand.save(update_fields=["member", "accepts_from"])


def _exported(move: Move, hand: Hand) -> dict[str, object]:
    is_mine = move.giver_id == hand.pk
    other = move.receiver if is_mine else move.giver
    words = getattr(move, "words", None)
    return {
        "k": move.k_id,
        "address": move.k.address,
        "step": move.step,
        "kind": move.kind,
        "declined": move.declined,
        "direction": "given" if is_mine else "received",
        "with": other.shown_name,
        "at": move.made_at.isoformat(),
        "words": words.text if words else "",
        "link": words.link if words else "",
        "shared_by_giver": words.giver_shares if words else False,
        "shared_by_receiver": words.receiver_shares if words else False,
    }


provider = GiftingData()
