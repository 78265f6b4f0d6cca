"""OAuth scopes: https://docs.joinmastodon.org/api/oauth-scopes/"""

_READ = (
    "accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses"
)
_WRITE = (
    "accounts blocks bookmarks conversations favourites filters follows lists media mutes "
    "notifications reports statuses"
)

# What each scope lets a client do, as the consent page says it.
MEANING: dict[str, str] = {
    "profile": "See who you are, and nothing else",
    "read": "Read everything of your account",
    "write": "Do anything in your name",
    "follow": "Change whom you follow",
    "push": "Receive push notifications",
    **{f"read:{what}": f"Read your {what}" for what in _READ.split()},
    **{f"write:{what}": f"Change your {what}" for what in _WRITE.split()},
    "read:accounts": "See account details",
    "read:search": "Search in your name",
    "read:statuses": "See your posts",
    "read:notifications": "See your notifications: who answered, boosted, favourited, followed",
    "read:follows": "See whom you follow",
    "write:statuses": "Post in your name",
}


def are_known(scopes: str) -> bool:
    return bool(scopes.split()) and all(scope in MEANING for scope in scopes.split())


def are_within(scopes: str, granted: str) -> bool:
    return set(scopes.split()) <= set(granted.split())
