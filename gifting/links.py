"""Links in words: https only, nothing hidden in them, shown as plain text. Pure."""

from urllib.parse import urlsplit

LONGEST_SHOWN = 90


def link_text(url: str) -> str:
    """The link as it is shown: its host first, so that nobody is sent elsewhere unseen."""
    text = url.removeprefix("https://").rstrip("/")
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def is_plain_https(url: str) -> bool:
    """Whether the host that a reader sees in the link is the host that a browser goes to.

    No user name before the host, no backslash (browsers take it for a slash), ASCII only in the
    host (no look-alike letters; real names in other scripts have an xn-- form).
    """
    parts = urlsplit(url)
    return (
        parts.scheme == "https"
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and "\\" not in url
        and parts.netloc.isascii()
    )
