"""What the privacy, terms and contact pages say, taken from the settings and the code's constants.

Nothing here is typed twice: where a page names a time or a cookie, it names the one the code uses.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Shortcoming
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit, leaving, public_names, services, sharing, side_by_side
from accounts.applications import grants
from accounts.exports import making as exports
from accounts.forms import LEAST_AGE
from accounts.imports import services as imports
from accounts.webhooks import data as webhooks
from gifting.limits import REPORTS_KEPT
from networks.services import revocations, webmentions
from scoring.rule import WINDOW_DAYS

# What an operator is asked for: the setting, and what it is called on the pages.
ASKED = {
    "OPERATOR_NAME": gettext_lazy("who runs this site"),
    "OPERATOR_ADDRESS": gettext_lazy("their postal address"),
    "OPERATOR_CONTACT": gettext_lazy("a mail address to write to"),
    "JURISDICTION": gettext_lazy("whose law applies, and which authority watches over it"),
    "HOSTING": gettext_lazy("where the machine stands, and who else can reach it"),
}


@dataclass(frozen=True)
class Kept:
    """One kind of data, and for how long it is here."""

    what: str
    how_long: str


@dataclass(frozen=True)
class Cookie:
    name: str
    what_for: str
    how_long: str


def contact_address() -> str:
    """Where people write to: what is set for it, or where reports go."""
    return str(settings.OPERATOR_CONTACT or settings.OPERATOR_EMAIL)


def missing() -> list[str]:
    """What the operator has not said, in words."""
    unset = [name for name in ASKED if not getattr(settings, name)]
    if contact_address():
        unset = [name for name in unset if name != "OPERATOR_CONTACT"]
    return [str(ASKED[name]) for name in unset]


def facts() -> dict[str, Any]:
    """Everything that the three pages take."""
    return {
        "operator": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS.replace("\\n", "\n"),
        "contact": contact_address(),
        "jurisdiction": settings.JURISDICTION,
        "hosting": settings.HOSTING,
        "missing": missing(),
        "kept": kept(),
        "cookies": cookies(),
        "least_age": LEAST_AGE,
        "undo": spelled(leaving.UNDO_FOR),
        "erased_within": spelled(leaving.ERASED_WITHIN),
        "backups": spelled(timedelta(days=settings.BACKUPS_KEPT_DAYS)),
        "window_days": WINDOW_DAYS,
        "backfill_days": settings.BACKFILL_DAYS,
        "mail_is_configured": settings.MAIL_IS_CONFIGURED,
    }


def kept() -> list[Kept]:
    """How long what is kept."""
    while_here = _("until you delete your account")
    unlink = _("until you unlink that network, or delete your account")
    return [
        Kept(
            _("A sign-up whose address nobody confirmed, and with which nobody signed in"),
            spelled(services.UNCONFIRMED_FOR),
        ),
        Kept(_("Your name, address, settings, and when you said how old you are"), while_here),
        Kept(
            _("The browsers you are signed in with, and the network address each came from"),
            _("until you sign out, at most %(time)s after the last sign-in there")
            % {"time": spelled(timedelta(seconds=settings.SESSION_COOKIE_AGE))},
        ),
        Kept(_("The audit trail of your account"), spelled(audit.KEPT)),
        Kept(_("In it: which browser, and from which coarse network"), spelled(audit.PLACE_KEPT)),
        Kept(_("Your consent to each network, also after you withdrew it"), while_here),
        Kept(
            _(
                "What was read from your networks: your posts in short, whom you reached out to, "
                "counts, and a keyed number for each person who reacted"
            ),
            unlink,
        ),
        Kept(_("The key to a network"), unlink),
        Kept(
            _("The key to a network whose server could not be told that you left"),
            spelled(revocations.TRIED_FOR),
        ),
        Kept(
            _("The address of a page that says it links to your site"),
            _("until it was looked at; refused ones leave a keyed number for %(time)s")
            % {"time": spelled(webmentions.REFUSED_STAY)},
        ),
        Kept(_("Your scores, and what you said about them"), while_here),
        Kept(
            _("That a K went from hand to hand; after you left, from “somebody who left”"),
            _("for as long as this site is there"),
        ),
        Kept(_("Words you wrote with a K, and notes about people you keep in mind"), while_here),
        Kept(_("Your picture on a network, made anew here"), unlink),
        Kept(
            _("A share link of yours, after it has ended"),
            spelled(sharing.ENDED_LINKS_SHOWN),
        ),
        Kept(
            _("Of a public name that you gave up: a keyed number, so that nobody inherits it"),
            spelled(public_names.KEPT_BACK),
        ),
        Kept(
            _("Of somebody who asked not to be counted: a keyed number, to pass over what comes"),
            _("until they take it off the list in the same way"),
        ),
        Kept(
            _("That you asked somebody to compare, without an answer"), spelled(side_by_side.WAITS)
        ),
        Kept(_("The fingerprint of an API key, and the last day it was used"), while_here),
        Kept(_("What you allowed an application; after it ended or ran out"), spelled(grants.KEPT)),
        Kept(_("The address of a webhook, and its secret, encrypted"), _("until you delete it")),
        Kept(_("That something was told at a webhook of yours"), spelled(webhooks.KEPT)),
        Kept(_("An export you asked for"), spelled(exports.KEPT_FOR)),
        Kept(_("An export of another site, before you take it over"), spelled(imports.WAITS_FOR)),
        Kept(_("Words of a K that somebody reported to the operator"), spelled(REPORTS_KEPT)),
        Kept(
            _(
                "After you left: one line that tells nobody who you were, by which a restored "
                "backup is kept from bringing you back"
            ),
            _("for as long as this site is there"),
        ),
        Kept(_("Backups of the database"), spelled(timedelta(days=settings.BACKUPS_KEPT_DAYS))),
    ]


def cookies() -> list[Cookie]:
    """All that this site puts into a browser. None of them follows anybody anywhere."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("keeps you signed in"),
            spelled(timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("shows that a form was sent from here"),
            spelled(timedelta(seconds=settings.CSRF_COOKIE_AGE)),
        ),
        Cookie("messages", _("carries one sentence to the next page"), _("until that page")),
    ]


def spelled(time: timedelta) -> str:
    """E.g. "15 minutes", "24 hours", "365 days": in the largest unit that leaves no rest."""
    seconds = int(time.total_seconds())
    if seconds % 86_400 == 0 and seconds > 86_400:
        days = seconds // 86_400
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if seconds % 3_600 == 0:
        hours = seconds // 3_600
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = seconds // 60
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def operator_is_named(**_kwargs: Any) -> list[CheckMessage]:
    """Members must know with whom they deal; the pages say as well what is missing."""
    unset = [name for name in ASKED if not getattr(settings, name)]
    if not unset:
        return []
    return [
        Shortcoming(
            f"The privacy, terms and contact pages lack: {', '.join(unset)}.",
            hint="Set them (docs/configuration.md); until then the pages say what is missing.",
            id="klout.W001",
        )
    ]
