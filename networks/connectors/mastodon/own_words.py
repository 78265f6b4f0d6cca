"""What a profile on a Mastodon server says, as everybody sees it."""

import re
from collections.abc import Mapping

from language import gettext as _
from networks.connectors.fields import items

_TYPED = re.compile(r"(?:acct:)?@?(?P<user>[A-Za-z0-9_.~-]{1,64})@(?P<host>[^@/\s]+)")
_PAGE = re.compile(r"https?://(?P<host>[^/\s]+)/(?:@|users/)(?P<user>[A-Za-z0-9_.~-]{1,64})/?")


def user_and_host(typed: str) -> tuple[str, str]:
    """Of `@ada@example.org` or the address of a profile. Raises ValueError with a sentence."""
    found = _PAGE.fullmatch(typed) or _TYPED.fullmatch(typed)
    if found is None:
        raise ValueError(
            _("Type your whole handle with its server, for example @ada@mastodon.social.")
        )
    return found["user"].lower(), found["host"]


def words_of(account: Mapping[str, object]) -> tuple[str, ...]:
    """The name, the note and the lines beside it, which only the owner writes."""
    lines = [line for line in items(account.get("fields"), 10) if isinstance(line, dict)]
    said = [account.get("display_name"), account.get("note")]
    said += [line.get(part) for line in lines for part in ("name", "value")]
    return tuple(text for text in said if isinstance(text, str))
