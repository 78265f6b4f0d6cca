"""The stop list: people who are no members, and ask that what they do is not counted here.

They show that a handle is theirs by a code that stands in their public profile for a moment, or on
their site. What stays is the keyed hash that stood for them in members' reactions: what is stored
under it is deleted, and nothing comes under it any more. Each change is first written into the
file STOP_LIST, where no backup of the database reaches it (see `accounts.erased`).
"""

import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from accounts import kept_lines
from networks.connectors.base import ConnectorError, Page, Permanent, Person
from networks.connectors.own_words import ShowsOwnWords
from networks.crypto import SealError, seal, unseal
from networks.hashing import person_hash
from networks.models import LinkedAccount, Outreach, Reaction, Webmention
from networks.registry import PLATFORMS
from networks.services.door import shower_of
from networks.stop_list_models import StopListed

logger = logging.getLogger(__name__)

# A site may have to be built anew before a code stands on it.
CODE_LASTS = timedelta(days=3)
# A poll may have read the list a moment before somebody came on it: looked for once more.
FORGET_AGAIN_AFTER = timedelta(minutes=20)
FORGOTTEN_AT_ONCE = 100
_PLACE = "stop-list"


class Wish(StrEnum):
    """What somebody asks for."""

    STOP = "stop"
    COUNT = "count"


class Outcome(StrEnum):
    """What came of looking for the code. The same `NOT_THERE` for whatever is not there."""

    DONE = "done"
    NOT_THERE = "not_there"
    NO_ANSWER = "no_answer"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True)
class Asking:
    """What somebody asked for and the code that is to stand in their profile; kept nowhere here."""

    platform: str
    named: str
    wish: Wish
    code: str
    until: datetime


def places() -> list[str]:
    """The platforms on which a handle can be shown to be somebody's."""
    return [platform.key for platform in PLATFORMS.values() if platform.code_place]


def ask(platform: str, typed: str, wish: Wish, now: datetime) -> str:
    """Make a code for one asking; returns it all as a sealed token, for the address of its page.

    Raises ValueError with a sentence where what was typed names nobody.
    """
    named = _shower(platform).named(typed)
    code = f"klout-{wish}-counting-me-{secrets.token_hex(8)}"
    asking = Asking(platform, named, wish, code, now + CODE_LASTS)
    fields = asdict(asking) | {"until": asking.until.isoformat()}
    return seal(json.dumps(fields), place=_PLACE)


def asking_of(token: str, now: datetime) -> Asking | None:
    """What a token holds; None where it is over, or was not made here."""
    try:
        fields = json.loads(unseal(token, place=_PLACE))
    except SealError:
        return None
    until = datetime.fromisoformat(fields["until"])
    if now > until:
        return None
    return Asking(**(fields | {"until": until, "wish": Wish(fields["wish"])}))


def look(asking: Asking, now: datetime) -> Outcome:
    """Look for the code, and do what was asked if it is there. Twice is the same as once."""
    try:
        shown = _shower(asking.platform).own_words(asking.named)
    except Permanent:
        return Outcome.NOT_THERE
    except ConnectorError as error:
        logger.info("stop list: no answer at %s: %s", asking.platform, error.code)
        return Outcome.NO_ANSWER
    if not shown.hold(asking.code):
        return Outcome.NOT_THERE
    try:
        heed(asking.platform, shown.person.key, asking.wish, now)
    except OSError:
        logger.exception("stop list: nothing could be written into STOP_LIST")
        return Outcome.NOT_WRITTEN
    return Outcome.DONE


def heed(platform: str, person_key: str, wish: Wish, now: datetime) -> None:
    """Put a person on the list, or take them off. Raises OSError, and then nothing is changed."""
    person = person_hash(platform, person_key)
    kept_lines.append(settings.STOP_LIST, f"{now:%Y-%m-%d} {wish} {person}")
    if wish is Wish.STOP:
        stop(person, now)
    else:
        StopListed.objects.filter(person_hash=person).delete()
    logger.info("stop list: somebody at %s asked to %s", platform, wish)


def stop(person: int, now: datetime) -> None:
    """From here on nothing comes under this hash; what is there goes by `forget_due`."""
    StopListed.objects.get_or_create(
        person_hash=person, defaults={"stopped_at": now, "forget_at": now}
    )


def forget_due(now: datetime) -> int:
    """Delete what is stored of people who came on the list; returns how many were done."""
    due = StopListed.objects.filter(forget_at__lte=now).order_by("forget_at")
    people = list(due[:FORGOTTEN_AT_ONCE])
    for person in people:
        _forget(person, now)
    return len(people)


@transaction.atomic
def _forget(person: StopListed, now: datetime) -> None:
    """Their reactions, and what members did to their words. Scores are computed anew.

    The accounts are locked in their order, as a poll does before it stores a page.
    """
    mine = Reaction.objects.filter(responder_hash=person.person_hash)
    theirs = Outreach.objects.filter(target_hash=person.person_hash)
    touched = {*mine.values_list("account", flat=True), *theirs.values_list("account", flat=True)}
    accounts = LinkedAccount.objects.filter(pk__in=touched).order_by("pk")
    locked = list(accounts.select_for_update().values_list("pk", flat=True))
    mine.delete()
    theirs.delete()
    Webmention.objects.filter(responder_hash=person.person_hash).delete()
    scored = LinkedAccount.objects.filter(pk__in=locked, first_read_done_at__isnull=False)
    scored.update(changed_at=now)
    again_at = person.stopped_at + FORGET_AGAIN_AFTER
    StopListed.objects.filter(pk=person.pk).update(forget_at=again_at if now < again_at else None)


def replay(now: datetime) -> int:
    """After a backup was restored: the list is as its file says; returns how many it changed."""
    last = {int(person): wish for _day, wish, person in kept_lines.words_of(settings.STOP_LIST, 3)}
    there = set(StopListed.objects.values_list("person_hash", flat=True))
    wanted = {person for person, wish in last.items() if wish == Wish.STOP}
    missing, over = wanted - there, (last.keys() - wanted) & there
    for person in sorted(missing):
        stop(person, now)
    StopListed.objects.filter(person_hash__in=over).delete()
    return len(missing) + len(over)


def without_stopped(platform: str, page: Page) -> Page:
    """The page without what was done by people on the list, or to their words; one query."""
    hashes = {key: person_hash(platform, key) for key in _people_of(page)}
    stopped = stopped_among(hashes.values())
    if not stopped:
        return page

    def stays(person: Person) -> bool:
        return hashes[person.key] not in stopped

    return replace(
        page,
        reactions=tuple(seen for seen in page.reactions if stays(seen.responder)),
        outreach=tuple(seen for seen in page.outreach if stays(seen.target)),
    )


def stopped_among(people: Iterable[int]) -> frozenset[int]:
    wanted = StopListed.objects.filter(person_hash__in=set(people))
    return frozenset(wanted.values_list("person_hash", flat=True))


def _people_of(page: Page) -> set[str]:
    reacted = {seen.responder.key for seen in page.reactions}
    return reacted | {seen.target.key for seen in page.outreach}


def _shower(platform: str) -> ShowsOwnWords:
    if not PLATFORMS[platform].code_place:
        raise ValueError(platform)
    return shower_of(platform)
