"""The scores in an export of another site: kept apart, shown as such, used for nothing."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.imports.archive import Archive
from accounts.imports.contract import Found
from accounts.imports.fields import NotAnExport
from accounts.models import Member
from scoring.brought_models import BroughtScore
from scoring.rule import HIGHEST, LOWEST

SCORES = "csv/scores.scores.csv"
# By two rules a day, more than 25 years.
MOST = 20_000
AT_ONCE = 1000


class ScoresImporter:
    name = "scores"

    def look(self, archive: Archive) -> Found:
        days = sum(1 for _score in _scores(archive, None))
        left = (_("What these scores were computed from: it stays in the file, to check them."),)
        if not days:
            return Found(left=(_("Scores: there are none in it."),))
        told = ngettext(
            "%(n)d score, marked “from %(site)s, not computed here”",
            "%(n)d scores, marked “from %(site)s, not computed here”",
            days,
        )
        return Found((told % {"n": days, "site": archive.site},), left)

    def take_over(self, member: Member, archive: Archive, now: datetime) -> int:  # noqa: ARG002
        mine = BroughtScore.objects.filter(member=member)
        before = mine.count()
        scores = _scores(archive, member)
        while batch := list(islice(scores, AT_ONCE)):
            BroughtScore.objects.bulk_create(batch, ignore_conflicts=True)
        return mine.count() - before


def _scores(archive: Archive, member: Member | None) -> Iterator[BroughtScore]:
    for row in archive.rows(SCORES, MOST):
        score = BroughtScore(
            member=member,
            site=archive.site,
            on=row.day("on"),
            rule=row.text("rule", 20),
            hundredths=row.hundredths("score"),
            low_hundredths=row.hundredths("likely_from"),
            high_hundredths=row.hundredths("likely_to"),
        )
        is_sound = LOWEST <= score.low_hundredths <= score.hundredths <= score.high_hundredths
        if not is_sound or score.high_hundredths > HIGHEST:
            raise NotAnExport(_("The score of %s is outside of its own range.") % score.on)
        yield score


importer = ScoresImporter()
