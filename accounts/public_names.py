"""What a public name may be, and what stands for one that was given up. Pure but for its key."""

import re
from datetime import timedelta

from django.utils.crypto import salted_hmac

from accounts.sharing_models import NAME_PATTERN

# Links to a name that was given up lead to nobody for so long.
KEPT_BACK = timedelta(days=730)
# Names that would pass for whoever runs the site, or for no person at all.
# fmt: off
RESERVED = frozenset({
    "abuse", "account", "accounts", "admin", "administrator", "anonymous", "api", "badge",
    "billing", "contact", "everybody", "everyone", "help", "hostmaster", "info", "klout", "legal",
    "mail", "member", "members", "moderator", "mods", "news", "nobody", "null", "official",
    "operator", "owner", "playground", "postmaster", "press", "privacy", "root", "score",
    "security", "settings", "site", "somebody", "staff", "status", "support", "system", "team",
    "terms", "undefined", "unknown", "webmaster", "www", "you",
})
# fmt: on
_NAME = re.compile(NAME_PATTERN)


def folded(name: str) -> str:
    """As it is kept and compared: upper and lower case are the same."""
    return name.strip().removeprefix("@").lower()


def is_plain(name: str) -> bool:
    """Three to thirty of a-z, 0-9, _ and -, so that no two names look alike."""
    return _NAME.fullmatch(name) is not None


def name_hash(name: str) -> str:
    """What stays of a name: whoever has it can be compared, but nobody reads it."""
    return salted_hmac("accounts.public_names", name, algorithm="sha256").hexdigest()
