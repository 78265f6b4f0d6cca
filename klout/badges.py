"""The bytes of a badge: of one that exists, the neutral one, or the last good one."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from klout.drawing import letters
from klout.last_good import LastGood
from scoring import badge
from scoring.selectors import PublicScore, badge_score

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """`keeps`: whether caches may hold it for long; what is neutral may soon be a number."""

    svg: bytes
    keeps: bool


def last_good() -> LastGood:
    return LastGood(settings.DATA_DIR / "badges")


def badge_at(address: str, look: str, size: str, now: datetime) -> Drawn:
    """Unknown, private and revoked: the neutral one. Anything of ours broken: the last good one."""
    try:
        score = badge_score(address, now)
    # Whatever it is that does not work: a badge on somebody's page is never an error.
    except Exception as error:
        logger.warning("badge: shown as it was last (%s)", type(error).__name__)
        words = last_good().words(address, now) or neutral_words()
        return Drawn(_drawn(words, look, size), keeps=False)
    if score is None:
        last_good().forget(address)
        return Drawn(_drawn(neutral_words(), look, size), keeps=False)
    words = words_of(score)
    last_good().keep(address, words, now)
    return Drawn(_drawn(words, look, size), keeps=True)


@lru_cache(maxsize=2048)
def _drawn(words: badge.Words, look: str, size: str) -> bytes:
    return badge.draw(words, look, size, letters.width).encode()


def words_of(score: PublicScore) -> badge.Words:
    """In the language of the site: who reads it is not known."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _(
            "Klout: %(score)d, likely %(low)d to %(high)d, on %(day)s by rule %(rule)s. How many "
            "people listen. Given by its owner; not for hiring, credit, housing, insurance or "
            "admission."
        ) % {
            "score": score.whole,
            "low": score.low,
            "high": score.high,
            "day": date_format(score.on, "j F Y"),
            "rule": score.rule,
        }
    return badge.Words(title, str(score.whole), f"{score.low}–{score.high}")


def neutral_words() -> badge.Words:
    with translation.override(settings.LANGUAGE_CODE):
        return badge.Words(_("Klout: nothing is shown here."))
