"""K, words and people kept in mind in an export of another site."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.imports.archive import Archive
from accounts.imports.contract import Found
from accounts.imports.fields import Row
from accounts.models import Member
from gifting.brought_models import WORDS_MAX, BroughtMove
from gifting.handles import HANDLE_MAX, handle_key
from gifting.links import is_plain_https
from gifting.member_models import REASON_MAX, KeptInMind
from gifting.refusals import Refusal
from gifting.services.keeping import KEPT_MOST, Remembered, keep_handle
from networks.registry import PLATFORMS

MOVES, KEPT = "csv/gifting.moves.csv", "csv/gifting.kept_in_mind.csv"
MOVES_MOST = 20_000
AT_ONCE = 1000
NAME_MAX, LINK_MAX = 80, 500
_KINDS = ("first", "on", "back")


class GiftingImporter:
    """K of another site are history: they are in no purse here, and in no chain."""

    name = "gifting"

    def look(self, archive: Archive) -> Found:
        moves = sum(1 for _move in _gifts(archive, None))
        kept = list(_kept(archive))
        with_handle = sum(bool(note.handle) for note in kept)
        taken = []
        if moves:
            told = ngettext(
                "%(n)d K given or received there, with its words, to read",
                "%(n)d K given or received there, with their words, to read",
                moves,
            )
            taken.append(told % {"n": moves})
        if with_handle:
            told = ngettext(
                "%(n)d person kept in mind; a note that you have here already stays as it is",
                "%(n)d people kept in mind; notes that you have here already stay as they are",
                with_handle,
            )
            taken.append(told % {"n": with_handle})
        left = [
            _("K of the other site: they stay there. Here they are history, and in no purse."),
            _("Blocks, and who may find you or give to you: that is about people here."),
        ]
        if without := len(kept) - with_handle:
            told = ngettext(
                "%(n)d member of the other site whom you kept in mind without a handle",
                "%(n)d members of the other site whom you kept in mind without a handle",
                without,
            )
            left.append(told % {"n": without})
        return Found(tuple(taken), tuple(left))

    def take_over(self, member: Member, archive: Archive, now: datetime) -> int:
        mine = BroughtMove.objects.filter(member=member)
        before = mine.count()
        moves = _gifts(archive, member)
        while batch := list(islice(moves, AT_ONCE)):
            BroughtMove.objects.bulk_create(batch, ignore_conflicts=True)
        return mine.count() - before + _keep(member, archive, now)


def _gifts(archive: Archive, member: Member | None) -> Iterator[BroughtMove]:
    for row in archive.rows(MOVES, MOVES_MOST):
        if row.one_of("kind", _KINDS) == "back":
            continue
        yield BroughtMove(
            member=member,
            site=archive.site,
            k=row.count("k"),
            step=min(row.count("step"), 2**31 - 1),
            direction=row.one_of("direction", ("given", "received")),
            other=row.text("with", NAME_MAX),
            words=row.text("words", WORDS_MAX),
            link=_link(row),
            made_at=row.moment("at"),
        )


def _kept(archive: Archive) -> Iterator[Remembered]:
    for row in archive.rows(KEPT, KEPT_MOST):
        yield Remembered(
            platform=row.one_of("platform", ("", *PLATFORMS)),
            handle=row.text("handle", HANDLE_MAX).replace("\n", ""),
            name=row.text("name", NAME_MAX),
            reason=row.text("reason", REASON_MAX),
            link=_link(row),
        )


def _link(row: Row) -> str:
    link = row.https_link("link", LINK_MAX)
    return link if is_plain_https(link) else ""


def _keep(member: Member, archive: Archive, now: datetime) -> int:
    """Notes about whom there is none yet; beyond what one may keep the rest is left."""
    there = KeptInMind.objects.filter(keeper__member=member)
    known = set(there.values_list("platform", "handle_key"))
    kept = 0
    for note in _kept(archive):
        if not handle_key(note.handle) or (note.platform, handle_key(note.handle)) in known:
            continue
        try:
            keep_handle(member, note, now)
            kept += 1
        except Refusal:
            continue
    return kept


importer = GiftingImporter()
