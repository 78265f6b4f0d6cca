"""Mastodon's entities as JSON: https://docs.joinmastodon.org/entities/"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Any

from playground.life import Status
from playground.people import Kind, Person
from playground.snowflake import horizon, moment_of
from playground.world import Notice, World, count_before
from playground.writing import tags_in, to_html, words

Json = dict[str, Any]


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class Entities:
    """Makes entities for one request: of one world, at one moment, for one viewer."""

    world: World
    base_url: str
    now: datetime
    viewer: Person | None = None
    _accounts: dict[int, Json] = field(default_factory=dict)

    @cached_property
    def horizon(self) -> int:
        return horizon(self.now)

    def url(self, person: Person) -> str:
        home = f"https://{person.host}" if person.host else self.base_url
        return f"{home}/@{person.username}"

    def status_url(self, status: Status) -> str:
        return f"{self.url(self.world.population.person(status.author))}/{status.id}"

    def account(self, person: Person) -> Json:
        """The account; made once, since a page names the same people many times."""
        if person.number not in self._accounts:
            self._accounts[person.number] = self._account(person)
        return self._accounts[person.number]

    def _account(self, person: Person) -> Json:
        home = f"https://{person.host}" if person.host else self.base_url
        joined_at = person.joined_at.replace(hour=0, minute=0, second=0, microsecond=0)
        written = self.world.statuses_of(person.number)
        count = count_before(written, self.horizon)
        avatar = f"{self.base_url}/avatars/{person.id}.png"
        header = f"{self.base_url}/headers/{person.id}.svg"
        return {
            "id": str(person.id),
            "username": person.username,
            "acct": person.acct,
            "display_name": person.name,
            "locked": False,
            "bot": person.is_bot,
            "discoverable": True,
            "indexable": person.kind is not Kind.FARMED,
            "group": False,
            "created_at": iso(joined_at),
            "note": f"<p>{escape(person.note, quote=False)}</p>" if person.note else "",
            "url": self.url(person),
            "uri": f"{home}/users/{person.username}",
            "avatar": avatar,
            "avatar_static": avatar,
            "header": header,
            "header_static": header,
            "followers_count": self.world.count_followers(person, self.horizon),
            "following_count": self.world.count_followed(person, self.horizon),
            "statuses_count": person.statuses_before + count,
            "last_status_at": moment_of(written[count - 1].id).date().isoformat()
            if count
            else None,
            "hide_collections": None,
            "noindex": False,
            "emojis": [],
            "roles": [],
            "fields": self._fields(person),
        }

    def own_account(self, person: Person) -> Json:
        """CredentialAccount: what only the owner sees."""
        return self.account(person) | {
            "source": {
                "privacy": "public",
                "sensitive": False,
                "language": "en",
                "note": person.note,
                "fields": self._fields(person),
                "follow_requests_count": 0,
                "hide_collections": None,
                "discoverable": True,
                "indexable": person.kind is not Kind.FARMED,
                "attribution_domains": [],
                "quote_policy": "public",
            },
            "role": {
                "id": "-99",
                "name": "",
                "permissions": "65536",
                "color": "",
                "highlighted": False,
            },
        }

    def _fields(self, person: Person) -> list[Json]:
        return [
            {"name": name, "value": escape(value, quote=False), "verified_at": None}
            for name, value in person.fields
        ]

    def status(self, status: Status, depth: int = 0) -> Json:
        world, horizon = self.world, self.horizon
        author = world.population.person(status.author)
        home = f"https://{author.host}" if author.host else self.base_url
        shown = status.boost_of or status
        text = words(status, world.population)
        local = f"{home}/users/{author.username}/statuses/{status.id}"
        boosted = status.boost_of
        return {
            "id": str(status.id),
            "created_at": iso(moment_of(status.id)),
            "in_reply_to_id": str(status.reply_to.id) if status.reply_to else None,
            "in_reply_to_account_id": self._account_id(status.reply_to),
            "sensitive": False,
            "spoiler_text": "",
            "visibility": status.visibility,
            "language": "en",
            "uri": f"{local}/activity" if boosted else local,
            "url": f"{local}/activity" if boosted else self.status_url(status),
            "replies_count": count_before(world.replies_to(status), horizon),
            "reblogs_count": count_before(world.boosts_of(status), horizon),
            "favourites_count": count_before(world.favourites_of(status), horizon),
            "quotes_count": count_before(world.quotes_of(status), horizon),
            "edited_at": None,
            "content": self.html(text),
            "reblog": self.status(boosted, depth) if boosted else None,
            "application": None,
            "account": self.account(author),
            "media_attachments": [],
            "mentions": [self._mention(number) for number in status.mentions],
            "tags": [{"name": tag, "url": f"{self.base_url}/tags/{tag}"} for tag in tags_in(text)],
            "emojis": [],
            "card": None,
            "poll": None,
            "quote": self._quote(status, depth),
            "quote_approval": {
                "automatic": ["public"],
                "manual": [],
                "current_user": "automatic",
            },
            **self._own_marks(shown),
        }

    def _own_marks(self, status: Status) -> Json:
        if not self.viewer:
            return {}
        number = self.viewer.number
        return {
            "favourited": self.world.has_favourited(number, status, self.horizon),
            "reblogged": self.world.has_boosted(number, status, self.horizon),
            "muted": False,
            "bookmarked": False,
            "filtered": [],
        } | ({"pinned": False} if status.author == number else {})

    def _quote(self, status: Status, depth: int) -> Json | None:
        if not status.quote_of:
            return None
        if depth:
            return {"state": "accepted", "quoted_status_id": str(status.quote_of.id)}
        return {"state": "accepted", "quoted_status": self.status(status.quote_of, depth + 1)}

    def _account_id(self, status: Status | None) -> str | None:
        return str(self.world.population.person(status.author).id) if status else None

    def _mention(self, number: int) -> Json:
        person = self.world.population.person(number)
        return {
            "id": str(person.id),
            "username": person.username,
            "url": self.url(person),
            "acct": person.acct,
        }

    def html(self, text: str) -> str:
        return to_html(text, self.base_url, self.world.population.by_acct, self.url)

    def notification(self, notice: Notice) -> Json:
        kind = notice.type
        status_id = notice.status.id if notice.status else None
        is_grouped = kind in ("favourite", "reblog")
        made: Json = {
            "id": str(notice.id),
            "type": kind,
            "created_at": iso(moment_of(notice.id)),
            "group_key": f"{kind}-{status_id}" if is_grouped else f"ungrouped-{notice.id}",
            "account": self.account(self.world.population.person(notice.actor)),
        }
        if notice.status:
            made["status"] = self.status(notice.status)
        return made

    def relationship(self, actor: Person, other: Person) -> Json:
        follows = self.world.is_following(actor.number, other.number, self.horizon)
        return {
            "id": str(other.id),
            "following": follows,
            "showing_reblogs": follows,
            "notifying": False,
            "languages": None,
            "followed_by": self.world.is_following(other.number, actor.number, self.horizon),
            "blocking": False,
            "blocked_by": False,
            "muting": False,
            "muting_notifications": False,
            "muting_expires_at": None,
            "requested": False,
            "requested_by": False,
            "domain_blocking": False,
            "endorsed": False,
            "note": "",
        }
