"""What a text without tags is about: phrases by YAKE, which needs no model, only statistics. Pure.

R. Campos and others, "YAKE! Keyword extraction from single documents using multiple local
features", Information Sciences 509 (2020), https://doi.org/10.1016/j.ins.2019.09.013.
"""

import re
from functools import cache

from yake_rust import Yake

from networks.connectors.tags import tags

MOST_PHRASES = 4
# The lower, the better; a word that merely stands in a sentence has about 0.16.
_WORST_SCORE = 0.16
# Addresses say nothing, and names of accounts are people.
_NOT_WORDS = re.compile(r"https?://\S+|@[\w.-]+(?:@[\w.-]+)?", re.IGNORECASE)
# Which language a text is in is not known: what is a stop word in any of them is none of a topic.
_LANGUAGES = (
    *("ar", "bg", "br", "cz", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "hi", "hr"),
    *("hu", "hy", "id", "it", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv"),
    *("tr", "uk"),
)


def phrases(text: str) -> tuple[str, ...]:
    """At most four phrases of one or two words, spelled as tags are, the best first."""
    try:
        found = _extractor().get_n_best(_NOT_WORDS.sub(" ", text), n=MOST_PHRASES)
    except BaseException as error:
        # A panic of the library is no Exception, and one odd text must not end a night.
        if type(error).__name__ != "PanicException":
            raise
        return ()
    return tags(phrase for phrase, score in found if score < _WORST_SCORE)


@cache
def _extractor() -> Yake:
    stop_words: set[str] = set()
    for language in _LANGUAGES:
        stop_words |= Yake(language=language).stopwords
    return Yake(stopwords=stop_words, ngrams=2, minimum_chars=4, only_alphanumeric_and_hyphen=True)
