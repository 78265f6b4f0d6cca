"""The words of a status, and how they become the HTML that Mastodon sends.

Pure: the words come out of the number of the status alone, so nothing is stored.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from random import Random

from playground.life import Status
from playground.people import Person, Population
from playground.vocabulary import ANSWERS, FRAMES, MENTIONS, QUOTES, REPLIES, TOPICS

_TOKEN = re.compile(
    r"(?P<mention>(?<![\w/])@(?P<user>\w+)(?:@(?P<host>[\w.-]+(?::\d+)?\w))?)"
    r"|(?P<tag>(?<![\w&/])#(?P<word>\w*[^\W\d_]\w*))"
    r"|(?P<link>https?://[^\s<>\"]+)"
)


@lru_cache(maxsize=8192)
def words(status: Status, population: Population) -> str:
    """The plain text, with `@name` and `#tag` in it; a boost has none of its own."""
    if status.boost_of or status.text:
        return status.text
    rng = Random(status.seed)
    topic = TOPICS[status.topic]
    thing = _thing(status)
    tags = rng.sample(topic.tags, 2)
    named = " ".join(f"@{population.person(number).acct}" for number in status.mentions)
    text = rng.choice(_frames(status)).format(
        sentence=rng.choice(topic.sentences).replace("{thing}", thing),
        thing=thing,
        tag=f"#{tags[0]}",
        tag2=f"#{tags[1]}",
        town=population.person(status.author).town or "here",
        mention=named,
    )
    return f"{named} {_capital(text)}" if status.reply_to else _capital(text)


def _thing(status: Status) -> str:
    """What it is about; an answer stays with it, so that a thread has one subject."""
    while parent := status.reply_to or status.quote_of:
        status = parent
    return Random(f"thing:{status.seed}").choice(TOPICS[status.topic].things)


def _frames(status: Status) -> tuple[str, ...]:
    if status.reply_to:
        return ANSWERS if status.reply_to.reply_to else REPLIES
    if status.quote_of:
        return QUOTES
    return MENTIONS if status.mentions else FRAMES


def _capital(text: str) -> str:
    """A capital at the start, and after each full stop followed by a lower-case thing."""
    text = re.sub(r"([.!?]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)
    return text[:1].upper() + text[1:]


def tags_in(text: str) -> list[str]:
    """The hashtags of a text in lower case, each once, in order."""
    found = (match["word"] for match in _TOKEN.finditer(text) if match["tag"])
    return list(dict.fromkeys(word.lower() for word in found))


def accts_in(text: str) -> list[str]:
    """The accounts named in a text: `ada`, `ines@tidepool.example`."""
    return [
        match["user"] + (f"@{match['host']}" if match["host"] else "")
        for match in _TOKEN.finditer(text)
        if match["mention"]
    ]


def to_html(
    text: str, base_url: str, who: Callable[[str], Person | None], url: Callable[[Person], str]
) -> str:
    """Paragraphs with links in the classes that Mastodon uses."""

    def link(match: re.Match[str]) -> str:
        if match["tag"]:
            return (
                f'<a href="{base_url}/tags/{match["word"].lower()}" class="mention hashtag" '
                f'rel="tag">#<span>{match["word"]}</span></a>'
            )
        if match["link"]:
            return (
                f'<a href="{match["link"]}" target="_blank" rel="nofollow noopener" '
                f'translate="no">{match["link"]}</a>'
            )
        acct = match["user"] + (f"@{match['host']}" if match["host"] else "")
        person = who(acct)
        if not person:
            return match[0]
        return (
            f'<span class="h-card" translate="no"><a href="{escape(url(person))}" '
            f'class="u-url mention">@<span>{person.username}</span></a></span>'
        )

    paragraphs = re.split(r"\n{2,}", escape(text, quote=False).strip())
    linked = (_TOKEN.sub(link, paragraph).replace("\n", "<br />") for paragraph in paragraphs)
    return "".join(f"<p>{paragraph}</p>" for paragraph in linked if paragraph)
