"""What people are called on platforms, and how an address of theirs is read. Pure."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

# Hosts of platforms that live in one place; every other host may be a server of the fediverse.
_HOSTS = {
    "github.com": "github",
    "bsky.app": "bluesky",
    "x.com": "x",
    "twitter.com": "x",
    "youtube.com": "youtube",
}
# First parts of a path there that name no person.
_NOT_PEOPLE = {
    "about", "explore", "features", "hashtag", "home", "i", "intent", "login", "marketplace",
    "notifications", "orgs", "playlist", "pricing", "search", "settings", "share", "shorts",
    "signup", "topics", "trending", "watch",
}  # fmt: skip
HANDLE_MAX = 255


@dataclass(frozen=True)
class Known:
    """A person as an address tells them: a platform ("" for somewhere else) and a handle."""

    platform: str
    handle: str


def handle_key(handle: str) -> str:
    """What two handles are compared by: upper case, without the first @."""
    return handle.strip().removeprefix("@").upper()


def keys_of(handle_key: str) -> list[str]:
    """How a linked account's handle may be written, in upper case, to be this one."""
    return [handle_key, f"@{handle_key}"]


def from_url(url: str) -> Known | None:
    """Whom the address of a profile or a post belongs to; None if it does not say."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    for variant in ("www.", "m.", "mobile."):
        host = host.removeprefix(variant)
    path = [unquote(part) for part in parts.path.split("/") if part]
    if parts.scheme not in ("http", "https") or not host or not path:
        return None
    if host in _HOSTS:
        return _on_a_platform(_HOSTS[host], path)
    return _on_a_server(host, path)


def _on_a_platform(platform: str, path: list[str]) -> Known | None:
    if platform == "bluesky":
        is_profile = path[0] == "profile" and len(path) > 1 and not path[1].startswith("did:")
        return _known(platform, path[1]) if is_profile else None
    if platform == "youtube" and not path[0].startswith("@"):
        return None
    return None if path[0].lower() in _NOT_PEOPLE else _known(platform, path[0])


def _on_a_server(host: str, path: list[str]) -> Known | None:
    """`/@grace`, `/@grace@elsewhere.example` and `/users/grace`, as servers of Mastodon have."""
    name = path[1] if path[0] == "users" and len(path) > 1 else path[0]
    if path[0] != "users" and not name.startswith("@"):
        return None
    name = name.removeprefix("@")
    if not name:
        return None
    return _known("mastodon", name if "@" in name else f"{name}@{host}")


def _known(platform: str, name: str) -> Known | None:
    handle = f"@{name.removeprefix('@')}"
    is_sound = 1 < len(handle) <= HANDLE_MAX and handle.isprintable() and " " not in handle
    return Known(platform, handle) if is_sound else None
