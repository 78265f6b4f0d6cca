"""Rules announce themselves: from the versions that are listed to what members read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import announcing
from accounts.announcing import Notice
from accounts.operator_models import Announcement
from scoring import versions

# A rule is announced as soon as it is listed, and for so long after it counts.
SHOWN_AFTER = timedelta(days=30)


def announce_rules(now: datetime) -> int:
    """Announce the rules that count from a day to come; returns how many were new."""
    today = now.astimezone(UTC).date()
    later: Sequence[versions.Version] = versions.VERSIONS[1:]
    return sum(
        announcing.announce_rule(version.name, _until(version.in_force_from), now)
        for version in later
        if version.in_force_from >= today
    )


def _until(in_force_from: date) -> datetime:
    return datetime.combine(in_force_from, time(), UTC) + SHOWN_AFTER


def notice(announcement: Announcement) -> Notice:
    """An announcement in the words of the language that is active."""
    if not announcement.rule:
        return Notice(announcement.pk, announcement.title, announcement.text)
    found = {version.name: version for version in versions.VERSIONS}.get(announcement.rule)
    name = announcement.rule
    if found is None:
        text = _("There is a new version of the rule.")
    else:
        text = _(
            "From %(day)s on, pages show your score by rule %(rule)s. Scores that were computed "
            "stay as they are, and both rules stand side by side for all of history, so that "
            "you see what the change alone does."
        ) % {"day": date_format(found.in_force_from, "j F Y"), "rule": name}
    links = (
        (_("What the rule says"), reverse("how")),
        (_("Both side by side"), reverse("score_history")),
    )
    return Notice(announcement.pk, _("Rule %s is coming") % name, text, links)


def notices(request: HttpRequest) -> list[Notice]:
    """What this member has not closed yet."""
    if not request.user.is_authenticated:
        return []
    return [notice(one) for one in announcing.news_of(request.user)]
