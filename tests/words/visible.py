"""What a person sees or hears of a page, without what is nobody's text to translate."""

import re
from html.parser import HTMLParser

ATTRIBUTES = {"alt", "title", "aria-label", "placeholder"}
# Names, handles, addresses, codes and what people wrote stand as they are.
AS_THEY_ARE = {"bdi", "code", "pre", "blockquote", "script", "style", "textarea", "math", "kbd"}
CLASSES = {"handle", "name", "wordmark", "avatar", "prose-english", "code"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SVG = {"path", "circle", "rect", "line"}
OPEN, CLOSE = "⟦", "⟧"


class Seen(HTMLParser):
    """Collects pieces of text that stand outside of a translated message."""

    def __init__(self, skipped: set[str]) -> None:
        super().__init__()
        self._classes = CLASSES | skipped
        self.outside: list[str] = []
        self._depth = 0
        self._skipping: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_skipped = (
            tag in AS_THEY_ARE
            or bool(self._classes & set(given.get("class", "").split()))
            or given.get("dir") == "auto"
            or given.get("translate") == "no"
            or ("lang" in given and tag != "html")
        )
        is_skipped = is_skipped or bool(self._skipping and self._skipping[-1])
        if not is_skipped:
            for name in ATTRIBUTES & given.keys():
                self.outside += untranslated(given[name])
        if tag not in VOID and tag not in SVG:
            self._skipping.append(is_skipped)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and tag not in SVG and self._skipping:
            self._skipping.pop()

    def handle_data(self, data: str) -> None:
        if self._skipping and self._skipping[-1]:
            return
        kept = ""
        for letter in data:
            if letter == OPEN:
                self._depth += 1
            elif letter == CLOSE:
                self._depth -= 1
            elif not self._depth:
                kept += letter
        self.outside.append(kept)


def untranslated(text: str) -> list[str]:
    """The pieces of a plain text that are outside of all brackets."""
    depth, kept = 0, ""
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        kept += letter if not depth and letter != CLOSE else " "
    return [kept]


def outside(html: str, allowed: re.Pattern[str], skipped: set[str]) -> list[str]:
    """Words of a page that no translation reaches; elements of the `skipped` classes left out."""
    seen = Seen(skipped)
    seen.feed(html)
    left = (" ".join(allowed.sub(" ", piece).split()) for piece in seen.outside)
    return [piece for piece in left if re.search(r"[^\W\d_]{2}", piece)]
