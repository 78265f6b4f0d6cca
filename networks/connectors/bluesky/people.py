"""Who the people behind DIDs are, asked of the AppView in batches; once per run for each."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from networks.connectors.base import Permanent, Person, Transient
from networks.connectors.bluesky.parsing import not_shown, parse_person
from networks.connectors.fields import Unreadable, each, items, mapping
from networks.http import Answer, Door

# As many as the AppView takes at once.
BATCH = 25


def answered(answer: Answer) -> Mapping[str, object]:
    """The object in an answer to a public question. Raises Transient."""
    if answer.status >= 300:
        raise Transient(f"answered {answer.status}", code="server_error")
    try:
        return mapping(answer.json())
    except Unreadable as error:
        raise Transient(str(error), code="garbage") from error


class People:
    """Profiles as one AppView shows them, by DID."""

    def __init__(self, door: Door, appview: str, now: datetime) -> None:
        self._door = door
        self._url = f"{appview}/xrpc/app.bsky.actor.getProfiles"
        self._now = now
        self._found: dict[str, Person] = {}

    def shown(self, who: str) -> Person | None:
        """Somebody's profile; None where the AppView does not show them."""
        self._ask([who])
        return self._found.get(who)

    def profile(self, who: str) -> tuple[Person, tuple[str, ...]]:
        """Somebody's profile and what its owner wrote in it.

        Raises Permanent (no_such_profile) where the AppView does not show them.
        """
        said = answered(self._door.get(self._url, params={"actors": [who]}))
        for profile in items(said.get("profiles"), BATCH):
            if isinstance(profile, dict) and profile.get("did") == who:
                written = (profile.get("displayName"), profile.get("description"))
                words = tuple(text for text in written if isinstance(text, str))
                return parse_person(profile, self._now), words
        raise Permanent(f"{who} is not shown", code="no_such_profile")

    def all_of(self, dids: Iterable[str]) -> dict[str, Person]:
        """Everybody's profile; of those who are not shown, one that speaks for nothing."""
        wanted = dict.fromkeys(dids)
        unknown = [who for who in wanted if who not in self._found]
        for begin in range(0, len(unknown), BATCH):
            self._ask(unknown[begin : begin + BATCH])
        return {who: self._found.get(who) or not_shown(who) for who in wanted}

    def _ask(self, dids: list[str]) -> None:
        said = answered(self._door.get(self._url, params={"actors": dids}))
        people, _ = each(
            items(said.get("profiles"), BATCH), lambda item: parse_person(item, self._now)
        )
        self._found |= {person.key: person for person in people if person.key in dids}
