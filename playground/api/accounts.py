"""https://docs.joinmastodon.org/methods/accounts/"""

from typing import Any

from playground import here
from playground.api.answers import NOT_FOUND, ApiError, Call, api
from playground.life import Status
from playground.models import HandDeed
from playground.paging import page
from playground.people import Person
from playground.snowflake import read_id
from playground.world import Ties
from playground.writing import tags_in, words

Json = dict[str, Any]


def _person(call: Call, account_id: str) -> Person:
    number = read_id(account_id)
    found = call.world.population.by_id(number) if number else None
    if not found:
        raise ApiError(404, NOT_FOUND)
    return found


@api("profile", "read", "read:accounts")
def verify_credentials(call: Call) -> Json:
    return call.entities.own_account(call.me)


@api("read", "read:accounts", token=False)
def lookup(call: Call) -> Json:
    acct = call.params.get("acct", "").removeprefix("@")
    host = call.entities.base_url.partition("//")[2]
    found = call.world.population.by_acct(acct.removesuffix(f"@{host}"))
    if not found:
        raise ApiError(404, NOT_FOUND)
    return call.entities.account(found)


@api("read", "read:accounts", token=False)
def show(call: Call, account_id: str) -> Json:
    return call.entities.account(_person(call, account_id))


@api("read", "read:statuses", token=False)
def statuses(call: Call, account_id: str) -> list[Json]:
    person = _person(call, account_id)
    if call.flag("pinned") or call.flag("only_media"):
        return []
    window = call.window(default=20, most=40)
    items = call.world.statuses_of(person.number)
    found = page(items, window, call.entities.horizon, lambda status: _is_wanted(call, status))
    call.link([status.id for status in found], window)
    return [call.entities.status(status) for status in found]


def _is_wanted(call: Call, status: Status) -> bool:
    parent = status.reply_to
    # A thread with oneself is no reply to another account.
    if call.flag("exclude_replies") and parent and parent.author != status.author:
        return False
    if call.flag("exclude_reblogs") and status.boost_of:
        return False
    tag = call.params.get("tagged", "").lower()
    if tag and tag not in tags_in(words(status, call.world.population)):
        return False
    is_own = call.person is not None and call.person.number == status.author
    return status.is_public or is_own


def _people(call: Call, ties: Ties) -> list[Json]:
    window = call.window(default=40, most=80)
    found = page(ties, window, 1 << 80)
    call.link([tie.id for tie in found], window, back="since_id")
    return [call.entities.account(call.world.population.person(tie.person)) for tie in found]


@api("read", "read:accounts", token=False)
def following(call: Call, account_id: str) -> list[Json]:
    person = _person(call, account_id)
    return _people(call, call.world.followed_by(person, call.entities.horizon))


@api("read", "read:accounts", token=False)
def followers(call: Call, account_id: str) -> list[Json]:
    person = _person(call, account_id)
    return _people(call, call.world.followers_of(person, call.entities.horizon))


@api("read", "read:follows")
def relationships(call: Call) -> list[Json]:
    me, population = call.me, call.world.population
    asked = call.params.getlist("id[]") or call.params.getlist("id")
    people = (population.by_id(number) for each in asked[:80] if (number := read_id(each)))
    return [call.entities.relationship(me, person) for person in people if person]


def _turn(call: Call, account_id: str, kind: HandDeed.Kind) -> Json:
    me, person = call.me, _person(call, account_id)
    if person == me:
        raise ApiError(403, "This action is not allowed")
    follows = call.world.is_following(me.number, person.number, call.entities.horizon)
    if follows != (kind is HandDeed.Kind.FOLLOW):
        here.do(me, kind, person.number, call.now)
    return call.entities.relationship(me, person)


@api("write", "write:follows", "follow")
def follow(call: Call, account_id: str) -> Json:
    return _turn(call, account_id, HandDeed.Kind.FOLLOW)


@api("write", "write:follows", "follow")
def unfollow(call: Call, account_id: str) -> Json:
    return _turn(call, account_id, HandDeed.Kind.UNFOLLOW)


@api("profile")
def userinfo(call: Call) -> Json:
    """OpenID Connect's claims, as far as Mastodon gives them."""
    me, base = call.me, call.entities.base_url
    return {
        "iss": f"{base}/",
        "sub": f"{base}/users/{me.username}",
        "name": me.name,
        "preferred_username": me.username,
        "profile": call.entities.url(me),
        "picture": call.entities.account(me)["avatar"],
    }
