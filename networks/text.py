"""What strangers' servers call things, made to fit our rows."""

from urllib.parse import urlsplit

URL_MAX = 500


def clip(text: str, most: int) -> str:
    """At most `most` characters, and none that a database refuses."""
    return text.replace("\x00", "")[:most]


def safe_url(url: str) -> str:
    """`url` if it may stand behind a link, else nothing: half an address leads nowhere."""
    if len(url) > URL_MAX or "\x00" in url:
        return ""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in ("http", "https") else ""
