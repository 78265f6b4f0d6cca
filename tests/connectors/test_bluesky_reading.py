"""What is made of what a small AT Protocol sends, and what of one that lies."""

import itertools
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from networks.connectors.base import Credentials, Page, Permanent, RateLimited, Setup, Transient
from networks.connectors.bluesky import BlueskyConnector
from networks.http import Door
from networks.standing import standing
from tests.connectors.contract import CHALLENGE, STATE, VERIFIER, assert_storable, keys
from tests.connectors.fake_bluesky import (
    FOLLOW,
    LIKE,
    NOTIFICATIONS,
    POST,
    REPOST,
    FakeBluesky,
    did_of,
    said,
)

REDIRECT = "http://localhost:8000/networks/callback/bluesky/bsky.app/"
ADA = did_of("ada")


class Reader:
    def __init__(self, bluesky: FakeBluesky, now: datetime) -> None:
        setup = Setup("http://localhost:8000", bluesky.options)
        self.bluesky, self.now = bluesky, now
        self.connector = BlueskyConnector(Door(bluesky.names), setup)
        self.credentials = self._link()

    def _link(self) -> Credentials:
        app = self.connector.register("bsky.app", REDIRECT)
        destination = self.connector.find("ada.example")
        consent = self.connector.ask_consent(destination, app, REDIRECT, STATE, CHALLENGE)
        code = self.bluesky.consent(consent.url)
        return self.connector.exchange(
            "bsky.app", app, REDIRECT, code, VERIFIER, consent.kept, self.now
        )

    def __call__(self, cursor: Any = None) -> list[Page]:
        """All pages there are, run after run; cursors go through JSON."""
        pages: list[Page] = []
        for _ in range(50):
            pages += self.lazily(cursor)
            cursor = json.loads(json.dumps(pages[-1].cursor))
            if not pages[-1].more:
                break
        for page in pages:
            assert_storable(page, self.now)
        return pages

    def lazily(self, cursor: Any = None) -> Iterator[Page]:
        since = self.now - timedelta(days=180)
        return self.connector.read(
            "bsky.app", self.credentials, cursor or {}, since=since, now=self.now
        )


@pytest.fixture
def read(bluesky, now) -> Reader:
    return Reader(bluesky, now)


@pytest.fixture
def grace(bluesky) -> str:
    return bluesky.world.joins("grace", followersCount=15, followsCount=10, postsCount=50)


def reactions(pages: list[Page]) -> list[Any]:
    return [reaction for page in pages for reaction in page.reactions]


def outreach(pages: list[Page]) -> list[Any]:
    return [act for page in pages for act in page.outreach]


def posts(pages: list[Page]) -> list[Any]:
    return [post for page in pages for post in page.posts]


def about(uri: str) -> dict[str, Any]:
    return {"subject": {"uri": uri}}


def test_the_profile_is_the_one_that_the_appview_shows(read):
    page = read()[0]
    assert page.identity
    assert page.counts
    assert (page.counts.followers, page.counts.posts) == (321, 45)
    assert page.identity.person.host == "bsky.app"
    assert page.identity.served_by == ""


def test_the_six_kinds_of_reaction_with_what_they_are_about(bluesky, read, grace):
    mine = bluesky.world.write(ADA, POST, 3, text="Hello")
    for number, reason in enumerate(("like", "repost", "reply", "quote")):
        bluesky.world.notify(grace, reason, 2 - number / 10, mine)
    bluesky.world.notify(grace, "mention", 1)
    bluesky.world.notify(grace, "follow", 0.5)
    found = reactions(read())
    assert {reaction.kind: reaction.post_remote_id for reaction in found} == {
        "favourite": mine,
        "reshare": mine,
        "reply": mine,
        "quote": mine,
        "mention": None,
        "follow": None,
    }
    assert {reaction.responder.key for reaction in found} == {grace}
    assert {reaction.responder.handle for reaction in found} == {"@grace.example"}
    assert {standing(reaction.responder, "bluesky", read.now) for reaction in found} == {500}


def test_the_server_of_the_account_cannot_invent_reactions(bluesky, read, grace):
    """They come from the AppView, with a pass; the account's server is asked for none."""
    bluesky.world.notify(grace, "follow", 1)
    bluesky.asked.clear()
    read()
    asked_at = {host for host, path in bluesky.asked_at if "Notifications" in path}
    assert asked_at == {bluesky.appview.host}
    passes = [query for path, query in bluesky.asked if path.endswith("getServiceAuth")]
    assert {query["lxm"][0] for query in passes} == {NOTIFICATIONS}


@pytest.mark.parametrize(
    "reason", ["like-via-repost", "starterpack-joined", "subscribed-post", "verified", "", None, 4]
)
def test_other_notifications_are_none_of_our_business(bluesky, read, grace, reason):
    bluesky.world.notify(grace, reason, 1, "3kaaaaaaaaaaa")
    bluesky.bend = lambda path, value: (
        {"notifications": bluesky.world.notifications} if path == NOTIFICATIONS else value
    )
    pages = read()
    assert not reactions(pages)
    assert not sum(page.set_aside for page in pages)


def test_an_answer_to_somebody_else_in_the_thread_is_no_reaction(bluesky, read, grace):
    mine = bluesky.world.write(ADA, POST, 3, text="Hello")
    other = {"parent": {"uri": f"at://{did_of('mallory')}/{POST}/{mine}"}}
    bluesky.world.notify(grace, "reply", 1, mine, record={"reply": other})
    assert not reactions(read())


def test_what_the_member_does_to_their_own_is_nothing(bluesky, read):
    mine = bluesky.world.write(ADA, POST, 3, text="Hello")
    bluesky.world.write(ADA, LIKE, 2, **about(f"at://{ADA}/{POST}/{mine}"))
    bluesky.world.write(ADA, POST, 1, text="And", reply={"parent": about(f"at://{ADA}/{POST}/a")})
    bluesky.world.notify(ADA, "like", 1, mine)
    pages = read()
    assert not reactions(pages)
    assert not outreach(pages)


def test_whom_the_member_reached_out_to(bluesky, read, grace):
    world, theirs = bluesky.world, f"at://{grace}/{POST}/3kaaaaaaaaaaa"
    world.write(ADA, LIKE, 9, **about(theirs))
    world.write(ADA, REPOST, 8, **about(theirs))
    world.write(ADA, FOLLOW, 7, subject=grace)
    world.write(ADA, POST, 6, text="Yes", reply={"parent": {"uri": theirs}})
    quote = {"$type": "app.bsky.embed.record", "record": {"uri": theirs}}
    world.write(ADA, POST, 5, text="This", embed=quote)
    with_picture = {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"record": {"uri": theirs}},
    }
    world.write(ADA, POST, 4, text="This", embed=with_picture)
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": grace}
    world.write(ADA, POST, 3, text="Hi", facets=[{"features": [feature]}])
    found = outreach(read())
    assert sorted(act.kind for act in found) == sorted(
        ["favourite", "reshare", "follow", "reply", "quote", "quote", "mention"]
    )
    assert {act.target.key for act in found} == {grace}
    assert {act.target.name for act in found} == {"Grace"}
    followed = next(act for act in found if act.kind == "follow")
    assert followed.happened_at == bluesky.world.at(7)


def test_posts_are_kept_with_tags_and_nothing_from_under_a_warning(bluesky, read):
    tag = {"$type": "app.bsky.richtext.facet#tag", "tag": "Sea"}
    bluesky.world.write(
        ADA, POST, 3, text="Hello\n#Sea", facets=[{"features": [tag]}], tags=["Sun"]
    )
    bluesky.world.write(ADA, POST, 2, text="Hush", labels={"values": [{"val": "nudity"}]})
    hushed, open_one = posts(read())
    assert (open_one.excerpt, open_one.tags) == ("Hello #Sea", ("sea", "sun"))
    assert open_one.url.startswith(f"https://bsky.app/profile/{ADA}/post/")
    assert (hushed.excerpt, hushed.tags) == ("", ())


def test_somebody_who_is_not_shown_is_kept_and_weighs_nothing(bluesky, read, grace):
    bluesky.world.notify(grace, "follow", 1)
    bluesky.world.hidden.add(grace)
    (reaction,) = reactions(read())
    assert standing(reaction.responder, "bluesky", read.now) == 0


def test_who_says_to_be_a_bot_is_taken_at_their_word_alone(bluesky, read, grace):
    bluesky.world.people[grace]["labels"] = [{"val": "bot", "src": did_of("labeller")}]
    bluesky.world.notify(grace, "follow", 1)
    assert not reactions(read())[0].responder.is_bot
    bluesky.world.people[grace]["labels"] = [{"val": "bot", "src": grace}]
    assert reactions(read())[0].responder.is_bot


def test_people_are_asked_for_in_batches_and_once(bluesky, read):
    people = [bluesky.world.joins("p" + letter * 3) for letter in "abcdefghijklmnopqrstuvwxyz"]
    people += [bluesky.world.joins("q" + letter * 3) for letter in "abcdefghijklmnopqrstuvwxyz"]
    for number, person in enumerate(people):
        bluesky.world.notify(person, "follow", 10 - number / 100)
        bluesky.world.write(ADA, FOLLOW, 20, subject=person)
    bluesky.asked.clear()
    assert len(reactions(read())) == 52
    batches = [query["actors"] for path, query in bluesky.asked if path.endswith("getProfiles")]
    assert [len(batch) for batch in batches] == [1, 25, 25, 2]


def test_an_account_that_is_not_shown_is_said_to_be_so(bluesky, read):
    bluesky.world.hidden.add(ADA)
    with pytest.raises(Permanent) as caught:
        read()
    assert caught.value.code == "not_shown"


def test_a_late_reaction_is_read_and_none_is_read_twice(bluesky, read, grace):
    mine = bluesky.world.write(ADA, POST, 3, text="Hello")
    bluesky.world.notify(grace, "like", 1, mine)
    pages = read()
    late = bluesky.world.joins("late")
    # Its clock is half an hour behind, or the news took that long.
    bluesky.world.notify(late, "like", 1 + 1 / 48, mine)
    (reaction,) = reactions(read(pages[-1].cursor))
    assert reaction.responder.key == late


def test_a_record_from_the_future_hides_nothing(bluesky, read):
    bluesky.world.write(ADA, POST, -900, text="From a clock that is wrong")
    pages = read()
    bluesky.world.write(ADA, POST, 0.01, text="Now")
    (now_one,) = [post for post in posts(read(pages[-1].cursor)) if post.excerpt == "Now"]
    assert now_one.posted_at < read.now
    assert all(post.posted_at <= read.now for post in posts(pages))


def test_what_is_older_than_wanted_is_left_alone(bluesky, read, grace):
    bluesky.world.write(ADA, POST, 181, text="Old")
    bluesky.world.notify(grace, "follow", 200)
    assert not any(keys(read()).values())


def test_a_bad_item_is_set_aside_and_the_others_are_read(bluesky, read, grace):
    bluesky.world.write(ADA, POST, 2, text="Good")
    bluesky.world.notify(grace, "follow", 1)
    bad: list[Any] = [None, {}, {"uri": f"at://{grace}/{POST}/3kaaaaaaaaaaa", "value": {}}]

    def with_bad_ones(path: str, value: Any) -> Any:
        name = {POST: "records", NOTIFICATIONS: "notifications"}.get(path)
        return value | {name: [*bad, *value[name]]} if name and value[name] else value

    bluesky.bend = with_bad_ones
    pages = read()
    assert sum(page.set_aside for page in pages) == 6
    assert len(posts(pages)) == len(reactions(pages)) == 1


def test_a_list_that_never_ends_ends_here(bluesky, read):
    """The same page again and again, under another cursor each time."""
    number = itertools.count()
    bluesky.world.write(ADA, POST, 2, text="Good")

    def endless(path: str, value: Any) -> Any:
        return value | {"cursor": f"c{next(number)}"} if path == POST else value

    bluesky.bend = endless
    pages = read()
    assert len(pages) > 100
    assert pages[-1].more or len(pages) < 1000


def test_where_a_page_is_too_large_fewer_are_asked_for(bluesky, read, grace):
    for number in range(30):
        bluesky.world.write(ADA, POST, number + 1, text="Long", padding="x" * 40_000)
    assert len(posts(read())) == 30


@pytest.mark.parametrize("reset", ["ratelimit-reset", "retry-after"])
def test_being_asked_to_wait_keeps_what_was_read(bluesky, read, reset):
    bluesky.answers[f"/xrpc/{NOTIFICATIONS}"] = said(
        {"error": "RateLimitExceeded"}, 429, **{reset: "60"}
    )
    bluesky.world.write(ADA, POST, 2, text="Good")
    pages = read.lazily()
    assert len(posts([next(pages), next(pages)])) == 1
    with pytest.raises(RateLimited):
        list(pages)


def test_the_appview_refusing_a_pass_is_no_lost_consent(bluesky, read):
    bluesky.answers[f"/xrpc/{NOTIFICATIONS}"] = said({"error": "BadJwt"}, 401)
    with pytest.raises(Transient):
        read()
