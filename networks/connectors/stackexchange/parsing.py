"""Stack Exchange's JSON as the values of the contract. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from networks.address_guard import server_name
from networks.connectors.base import (
    OutreachKind,
    Person,
    ReactionKind,
    SeenOutreach,
    SeenPost,
    SeenReaction,
)
from networks.connectors.fields import (
    Unreadable,
    epoch,
    excerpt,
    identifier,
    items,
    line,
    link,
    mapping,
)
from networks.connectors.tags import MAX_TAGS, tags

_MAX_NAME = 100
# What an account leaves behind when it is deleted.
_GONE = "does_not_exist"


@dataclass(frozen=True)
class View:
    """From where items are seen: the host that people sign in at, the site, the present.

    `member_id` is the member's account on the whole network.
    """

    host: str
    site: str
    now: datetime
    member_id: str = ""


@dataclass(frozen=True)
class Membership:
    """One site on which the member has an account."""

    site: str
    account_id: str
    written: int


@dataclass(frozen=True)
class Item:
    """One thing somebody wrote. `owner` is None where the account is gone.

    `post_id` is what a comment is on, or the question of an answer; `to` whom a comment answers;
    `user_id` the owner's number on this one site.
    """

    id: str
    at: datetime
    owner: Person | None
    title: str
    url: str
    excerpt: str
    tags: tuple[str, ...]
    post_id: str = ""
    to: Person | None = None
    user_id: str = ""


def parse_membership(value: object) -> Membership:
    found = mapping(value)
    try:
        host = server_name(urlsplit(str(found.get("site_url"))).netloc.lower())
    except ValueError as error:
        raise Unreadable("not a site") from error
    written = sum(
        count
        for count in (found.get("question_count"), found.get("answer_count"))
        if isinstance(count, int) and 0 <= count < 10**9
    )
    return Membership(host, identifier(found.get("account_id")), written)


def parse_person(value: object, view: View) -> Person:
    """Somebody by the account on the whole network, which never changes hands.

    Reputation is left where it is: it is nobody's audience.
    """
    user = mapping(value)
    if user.get("user_type") == _GONE:
        raise Unreadable("gone")
    account_id = identifier(user.get("account_id"))
    name = line(user.get("display_name"), _MAX_NAME)
    created = user.get("creation_date")
    return Person(
        key=account_id.lower(),
        handle=name or f"account {account_id}",
        host=view.host,
        name=name,
        url=link(user.get("link")),
        created_at=None if created is None else epoch(created, view.now),
        picture=link(user.get("profile_image")),
    )


def parse_question(value: object, view: View) -> Item:
    return _item(value, view, "question_id", "q")


def parse_answer(value: object, view: View) -> Item:
    return _item(value, view, "answer_id", "a", on="question_id")


def parse_comment(value: object, view: View) -> Item:
    return _item(value, view, "comment_id", "posts/comments", on="post_id")


def parse_joined(value: object, view: View) -> tuple[str, datetime]:
    """The account on the network, and since when it is on this site."""
    user = mapping(value)
    return identifier(user.get("account_id")).lower(), epoch(user.get("creation_date"), view.now)


def _item(value: object, view: View, name: str, path: str, on: str = "") -> Item:
    found = mapping(value)
    title = line(excerpt(found.get("title")), 280)
    remote_id = identifier(found.get(name))
    owner = found.get("owner")
    return Item(
        id=remote_id,
        at=epoch(found.get("creation_date"), view.now),
        owner=_optional_person(owner, view),
        title=title,
        # Only questions come with their address.
        url=link(found.get("link")) or link(f"https://{view.site}/{path}/{remote_id}"),
        excerpt=excerpt(found.get("body")) or title,
        tags=tags(items(found.get("tags"), MAX_TAGS)),
        post_id=identifier(found.get(on)) if on else "",
        to=_optional_person(found.get("reply_to_user"), view),
        user_id=_user_id(owner),
    )


def _user_id(owner: object) -> str:
    try:
        return identifier(mapping(owner).get("user_id"))
    except Unreadable:
        return ""


def _optional_person(value: object, view: View) -> Person | None:
    try:
        return parse_person(value, view)
    except Unreadable:
        return None


# --- From items to what is kept -------------------------------------------------------------------


def own_post(item: Item, view: View) -> SeenPost:
    return SeenPost(f"{view.site}:{item.id}", item.url, item.excerpt, item.tags, item.at)


def reaction(item: Item, view: View) -> SeenReaction | None:
    """Somebody else's answer to a question, or comment on a post, of the member."""
    if item.owner is None or item.owner.key == view.member_id:
        return None
    return SeenReaction(
        key=f"reply:{view.site}:{item.id}",
        kind=ReactionKind.REPLY,
        responder=item.owner,
        happened_at=item.at,
        post_remote_id=f"{view.site}:{item.post_id}",
    )


def outreach(item: Item, target: Person | None, view: View) -> SeenOutreach | None:
    """The member's answer or comment, to somebody else."""
    if target is None or target.key == view.member_id:
        return None
    key = f"reply:{view.site}:{item.id}"
    return SeenOutreach(key, OutreachKind.REPLY, target, item.at, item.url)
