"""The picture beside a link: drawn once for what it shows, kept by that."""

from dataclasses import astuple
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from klout import showing
from klout.drawing import letters, preview
from klout.drawing.preview import Sight
from klout.showing import Shown
from scoring.selectors import PublicScore, public_score

KEPT_SECONDS = 24 * 60 * 60
# Changed with the drawing, so that nothing drawn the old way is found.
_DRAWING = "1"


def sight_at(what: str, now: datetime) -> Sight | None:
    """What the picture at `@name` or at a share link's address shows; at most two queries.

    None for what is private, unknown, revoked or over.
    """
    if what.startswith("@"):
        profile = showing.find_profile(what)
        if profile is None:
            return None
        name, member, shows_score = what.lower(), profile.member, profile.shows_score
    else:
        link = showing.find_link(what, now)
        if link is None:
            return None
        name, member, shows_score = "", link.member, link.shows_score
    return _sight(member.name, name, public_score(member, now) if shows_score else None)


def sight_of(shown: Shown) -> Sight:
    """The same for a page that is put together already."""
    return _sight(
        shown.member.name, f"@{shown.public_name}" if shown.public_name else "", shown.score
    )


def neutral() -> Sight:
    with translation.override(settings.LANGUAGE_CODE):
        return Sight(_("Klout"), lines=(_("How many people listen when you speak?"),))


def _sight(name: str, public_name: str, score: PublicScore | None) -> Sight:
    """A name in letters that our fonts do not have gives way to the address."""
    written = letters.writable(name)
    name, under = (written, public_name) if written else (public_name, "")
    with translation.override(settings.LANGUAGE_CODE):
        if score is None:
            return Sight(name, under)
        day = date_format(score.on, "j F Y")
        return Sight(
            name,
            under,
            score=str(score.whole),
            likely=_("likely %(low)d to %(high)d") % {"low": score.low, "high": score.high},
            lines=(
                _("How many people listen"),
                _("%(day)s, rule %(rule)s") % {"day": day, "rule": score.rule},
            ),
            foot=_("Given by its owner. Not for hiring, credit, housing, insurance or admission."),
        )


def key_of(sight: Sight) -> str:
    """Names the bytes: what shows the same is the same picture."""
    return sha256(repr((_DRAWING, astuple(sight))).encode()).hexdigest()[:32]


def png(sight: Sight) -> bytes:
    """Drawn, or as it was drawn before."""
    key = f"preview:{key_of(sight)}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = preview.draw(sight)
        cache.set(key, kept, KEPT_SECONDS)
    return kept
