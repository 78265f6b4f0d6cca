"""Reading single fields of what a platform sent, for every connector. Pure, and never surprised.

`Unreadable` means: set this item aside. Fields that an item can do without have a reader that
answers "" or None instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, TypeVar
from urllib.parse import urlsplit

MAX_COUNT = 10**12
EXCERPT_LENGTH = 280
MAX_LINK_LENGTH = 500
# Enough for any excerpt; what comes after it is not even parsed.
_MAX_MARKUP = 8_000
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[\x21-\x7e]{1,4096}")
_UNSAFE_IN_LINK = re.compile('[\x00-\x20\x7f-\x9f\\\\<>"\ud800-\udfff]')
_JOINERS = "\u200c\u200d"  # Needed by Persian, Indic scripts and emoji.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")


class Unreadable(ValueError):
    """An item that does not parse."""


def mapping(value: object) -> Mapping[str, Any]:
    """An object, or Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def items(value: object, limit: int) -> list[Any]:
    """At most `limit` items of a list; none where there is no list."""
    return value[:limit] if isinstance(value, list) else []


def identifier(value: object) -> str:
    """An id, also where a server sends it as a number; or Unreadable."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20
    text = str(value) if is_number else value
    if not isinstance(text, str) or not _IDENTIFIER.fullmatch(text):
        raise Unreadable("not an id")
    return text


def secret(value: object) -> str:
    """A key or a token, which can stand in a header; or Unreadable."""
    if not isinstance(value, str) or not _SECRET.fullmatch(value):
        raise Unreadable("not a key")
    return value


def count(value: object) -> int | None:
    """A figure from 0 to 10^12; None where it is missing or absurd below."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return min(value, MAX_COUNT)


def moment(value: object, now: datetime) -> datetime:
    """A time in UTC, never after `now`; or Unreadable."""
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable("not a time")
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("not a time") from error
    if found < _EARLIEST:
        raise Unreadable("before there was a web")
    return min(found, now)


def epoch(value: object, now: datetime) -> datetime:
    """Seconds since 1970, whole or with a fraction, as a time in UTC never after `now`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 10**11:  # type: ignore[operator]
        raise Unreadable("not a time")
    return moment(datetime.fromtimestamp(float(value), UTC).isoformat(), now)  # type: ignore[arg-type]


def optional_moment(value: object, now: datetime) -> datetime | None:
    try:
        return moment(value, now)
    except Unreadable:
        return None


def line(value: object, limit: int) -> str:
    """One line of text in NFC: no control or direction characters, no runs of spaces."""
    if not isinstance(value, str):
        return ""
    kept = "".join(map(_shown, unicodedata.normalize("NFC", value[: 4 * limit])))
    return " ".join(kept.split())[:limit].rstrip()


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " " if character != "\x00" else ""
    if category in ("Cf", "Cs") and character not in _JOINERS:
        return ""
    return character


def link(value: object, development_host: str = "") -> str:
    """An https link of at most 500 characters (http to the development host), else ""."""
    if not isinstance(value, str) or len(value) > MAX_LINK_LENGTH or _UNSAFE_IN_LINK.search(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    if not parts.netloc or "@" in parts.netloc:
        return ""
    is_development = parts.scheme == "http" and parts.netloc == development_host
    return value if parts.scheme == "https" or is_development else ""


def excerpt(markup: object) -> str:
    """The text of some HTML as a reader sees it, at most 280 characters, whole words."""
    if not isinstance(markup, str):
        return ""
    markup = markup[:_MAX_MARKUP]
    if markup.count("<") > markup.count(">") + 1:
        # No server's cleaned HTML; the standard parser takes seconds over open tags in a row.
        return ""
    reader = _TextReader()
    try:
        reader.feed(markup)
        reader.close()
    except AssertionError:
        # The standard parser asserts on broken declarations; what came before them is good.
        pass
    return shortened("".join(reader.parts))


def shortened(text: object) -> str:
    """Plain text on one line, at most 280 characters, whole words."""
    text = line(text, 2 * EXCERPT_LENGTH)
    if len(text) <= EXCERPT_LENGTH:
        return text
    cut = text[: EXCERPT_LENGTH - 1]
    whole_words = cut.rpartition(" ")[0]
    return (whole_words if len(whole_words) > EXCERPT_LENGTH // 2 else cut) + "…"


class _TextReader(HTMLParser):
    """Gathers text; blocks and line breaks become spaces, scripts and styles nothing.

    Mastodon shortens the links it shows with `invisible` spans.
    """

    _SPACED = frozenset({"p", "br", "div", "li", "blockquote", "pre", "h1", "h2", "h3"})
    _SILENT = frozenset({"script", "style", "template"})
    _NEVER_CLOSED = frozenset({"br", "img", "hr", "wbr", "input"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        # For each open tag inside something hidden; empty while text is shown.
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SPACED:
            self.parts.append(" ")
        if tag in self._NEVER_CLOSED:
            return
        classes = (dict(attrs).get("class") or "").split()
        if self._hidden or tag in self._SILENT or "invisible" in classes:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
        elif tag in self._SPACED:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def each(values: Iterable[object], parse: Callable[[object], Item]) -> tuple[list[Item], int]:
    """What parses, and how many items did not."""
    parsed: list[Item] = []
    set_aside = 0
    for value in values:
        try:
            parsed.append(parse(value))
        except Unreadable:
            set_aside += 1
    return parsed, set_aside


def opaque(value: object, most: int) -> str:
    """A text that is only handed back to the platform, such as its cursor; "" for an odd one.

    Nothing but printable ASCII can be sent and stored unchanged.
    """
    is_good = isinstance(value, str) and value.isascii() and value.isprintable()
    return str(value) if is_good and len(str(value)) <= most else ""
