"""What is read from YouTube, as what, at what price, and what becomes of odd things."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from networks.connectors.base import (
    AccessRevoked,
    ConnectorError,
    Credentials,
    OutreachKind,
    Page,
    Permanent,
    RateLimited,
    ReactionKind,
    Setup,
    Transient,
)
from networks.connectors.youtube import YouTubeConnector
from networks.http import Door
from networks.standing import standing
from tests.connectors.contract import ask, link, trade
from tests.connectors.fake_youtube import API, FakeYouTube
from tests.connectors.test_youtube_contract import LivelyYouTube, options_of


class Reader:
    """ada's channel, read as the polls do."""

    def __init__(self, fake: FakeYouTube, **options: str) -> None:
        self.fake, self.world = fake, fake.world
        self.cursor: object = {}
        setup = Setup(options=options_of(fake) | options)
        self.connector = YouTubeConnector(Door(frozenset({fake.host})), setup)
        token = "ya29.good"
        fake.tokens.add(token)
        self.credentials = Credentials(token)

    def read(self) -> list[Page]:
        pages: list[Page] = []
        now = self.world.now
        while not pages or pages[-1].more:
            pages += self.connector.read(
                "youtube.com",
                self.credentials,
                self.cursor,
                since=now - timedelta(days=180),
                now=now,
            )
            self.cursor = json.loads(json.dumps(pages[-1].cursor))
        return pages

    def reactions(self):
        return [reaction for page in self.read() for reaction in page.reactions]


@pytest.fixture
def reader(youtube: FakeYouTube) -> Reader:
    return Reader(youtube)


def test_subscribers_are_the_audience_and_hidden_ones_are_not_none_of_them(reader):
    assert reader.read()[0].counts.followers == 4_200
    statistics = reader.world.channels[reader.world.ada]["statistics"]
    statistics["hiddenSubscriberCount"] = True
    assert reader.read()[0].counts.followers is None


def test_comments_and_replies_of_others_are_answers_to_the_video(reader):
    world = reader.world
    grace, heidi = world.channel("grace"), world.channel("heidi")
    video_id = world.upload(9)
    thread = world.comment(grace, video_id, 8)
    world.reply(heidi, thread, 7)
    reactions = reader.reactions()
    assert [r.responder.handle for r in reactions] == ["@grace@youtube.com", "@heidi@youtube.com"]
    assert {(r.kind, r.post_remote_id) for r in reactions} == {(ReactionKind.REPLY, video_id)}


def test_a_comment_on_the_channel_itself_is_a_mention(reader):
    world = reader.world
    world.comment(world.channel("grace"), "", 1)
    (reaction,) = reader.reactions()
    assert (reaction.kind, reaction.post_remote_id) == (ReactionKind.MENTION, None)


def test_own_replies_and_subscriptions_are_outreach(reader):
    world = reader.world
    grace, heidi = world.channel("grace"), world.channel("heidi")
    thread = world.comment(grace, world.upload(9), 8)
    world.reply(world.ada, thread, 7)
    world.subscribe(heidi, 40)
    acts = [act for page in reader.read() for act in page.outreach]
    assert {(act.kind, act.target.key) for act in acts} == {
        (OutreachKind.REPLY, grace.lower()),
        (OutreachKind.FOLLOW, heidi.lower()),
    }
    assert all(act.target.url.startswith("https://www.youtube.com/channel/UC") for act in acts)


def test_of_people_who_comment_the_age_of_the_channel_is_what_counts(reader):
    """Nearly all have no videos and so no subscribers: that says nothing of them."""
    world = reader.world
    video_id = world.upload(3)
    world.comment(world.channel("old", days_ago=900, subscribers=0), video_id, 2)
    world.comment(world.channel("new", days_ago=9, subscribers=90_000), video_id, 2)
    stands = {
        r.responder.handle: standing(r.responder, "youtube", world.now) for r in reader.reactions()
    }
    assert stands == {"@old@youtube.com": 500, "@new@youtube.com": 50}


def test_channels_of_fifty_people_are_asked_for_at_once(reader):
    world = reader.world
    video_id = world.upload(3)
    for number in range(80):
        world.comment(world.channel(f"p{number}"), video_id, 2)
    assert len(reader.reactions()) == 80
    asked = [a for a in reader.fake.asked if a.path == f"{API}channels" and "id" in a.query]
    assert [len(a.query["id"].split(",")) for a in asked] == [50, 30]


def test_a_quiet_day_costs_four_units(reader):
    world = reader.world
    world.comment(world.channel("grace"), world.upload(3), 2)
    world.subscribe(world.channel("heidi"), 9)
    reader.read()
    before = reader.fake.units
    reader.read()
    assert before - reader.fake.units == 4


def test_a_late_reply_is_found_up_to_two_weeks_down(reader):
    world = reader.world
    grace, video_id = world.channel("grace"), world.upload(20)
    fresh, old = world.comment(grace, video_id, 10), world.comment(grace, video_id, 17)
    reader.fake.most_a_page = 1
    for days_ago in (0.5, 16):
        world.comment(grace, video_id, days_ago)
    assert len(reader.reactions()) == 4
    world.reply(world.channel("heidi"), fresh, 0.2)
    world.reply(world.channel("ivan"), old, 0.1)
    assert [r.responder.handle for r in reader.reactions()] == ["@heidi@youtube.com"]


def test_videos_that_are_not_public_are_nobody_elses_business(reader):
    world = reader.world
    public = world.upload(3)
    world.upload(2, privacy="private")
    world.upload(1, privacy="unlisted")
    assert [post.remote_id for page in reader.read() for post in page.posts] == [public]


def test_what_everybody_can_see_is_asked_for_without_the_members_token(reader):
    world = reader.world
    world.comment(world.channel("grace"), world.upload(3), 2)
    reader.read()
    for asked in reader.fake.asked:
        assert ("Authorization" in asked.headers) == ("mine" in asked.query)
        assert "key" not in asked.query


def test_comments_that_are_switched_off_do_not_stop_the_rest(reader):
    reader.world.upload(3)
    reader.world.subscribe(reader.world.channel("heidi"), 9)
    reader.fake.comments_disabled = True
    pages = reader.read()
    assert sum(len(page.posts) + len(page.outreach) for page in pages) == 2


def test_lists_without_end_end(reader):
    world = reader.world
    world.subscribe(world.channel("heidi"), 9)
    world.comment(world.channel("grace"), world.upload(3), 2)
    tokens = iter(range(10_000))

    def answer(asked, real=reader.fake.answer):
        asked.query.pop("pageToken", None)
        status, value, headers = real(asked)
        return status, {**value, "nextPageToken": f"more-{next(tokens)}"}, headers

    reader.fake.answer = answer
    pages = reader.read()
    assert not pages[-1].more
    assert len(reader.fake.asked) < 700


def test_a_place_that_is_too_old_begins_the_list_again(reader):
    world = reader.world
    world.comment(world.channel("grace"), world.upload(3), 2)
    reader.cursor = {"comments": {"following": "at-999", "pages": 4}}
    assert len(reader.reactions()) == 1


def test_an_account_without_a_channel_is_told_so(reader):
    reader.fake.bend = lambda path, value: {**value, "items": []}
    with pytest.raises(Permanent) as caught:
        reader.connector.identify("youtube.com", reader.credentials)
    assert caught.value.code == "no_channel"


@pytest.mark.parametrize("reason", ["accessNotConfigured", "keyInvalid"])
def test_keys_that_google_refuses_are_the_operators_business(reader, reason):
    refusal = {"error": {"code": 403, "errors": [{"reason": reason}]}}
    answer = (403, {"Content-Type": "application/json"}, json.dumps(refusal).encode())
    reader.fake.answers[f"{API}playlistItems"] = answer
    with pytest.raises(ConnectorError) as caught:
        reader.read()
    assert caught.value.code == "key_refused"


# --- Quota ------------------------------------------------------------------------------------


def test_a_day_that_google_says_is_used_up_is_over_for_everybody(youtube):
    door = Door(frozenset({youtube.host}))
    one, other = Reader(youtube), Reader(youtube)
    one.connector = other.connector = YouTubeConnector(door, Setup(options=options_of(youtube)))
    youtube.units = 0
    for reader in (one, other):
        with pytest.raises(RateLimited) as caught:
            reader.read()
        assert caught.value.code == "quota_used_up"
    assert len(youtube.asked) == 1


def test_no_more_is_asked_for_than_the_hour_lets_out(youtube):
    reader = Reader(youtube, quota="0")
    with pytest.raises(RateLimited) as caught:
        reader.read()
    assert caught.value.code == "quota_used_up"
    assert youtube.asked == []


# --- Tokens -----------------------------------------------------------------------------------


def test_a_token_ends_and_is_renewed_with_the_same_refresh_token(youtube, now):
    network = LivelyYouTube(youtube, now)
    app, credentials = link(network)
    assert credentials.expires_at == now + timedelta(seconds=3599)
    youtube.tokens.clear()
    with pytest.raises(AccessRevoked):
        network.connector.identify(network.host, credentials)
    renewed = network.connector.refresh(network.host, app, credentials, now)
    assert renewed.refresh_token == credentials.refresh_token
    assert network.connector.identify(network.host, renewed).person.handle == "@ada@youtube.com"
    assert renewed.access_token not in repr(renewed)


def test_a_refresh_token_that_is_not_taken_asks_for_consent_again(youtube, now):
    network = LivelyYouTube(youtube, now)
    app, credentials = link(network)
    youtube.refresh_tokens.clear()
    with pytest.raises(AccessRevoked):
        network.connector.refresh(network.host, app, credentials, now)
    with pytest.raises(AccessRevoked):
        network.connector.refresh(network.host, app, replace(credentials, refresh_token=""), now)


def test_a_client_that_google_does_not_know_costs_nobody_the_consent(youtube, now):
    network = LivelyYouTube(youtube, now)
    app, credentials = link(network)
    wrong = replace(app, client_secret="old")
    with pytest.raises(Transient) as caught:
        network.connector.refresh(network.host, wrong, credentials, now)
    assert caught.value.code == "key_refused"


def test_a_box_that_was_not_ticked_is_too_little_access(youtube, now):
    network = LivelyYouTube(youtube, now)
    youtube.granted = "openid"
    with pytest.raises(Permanent) as caught:
        link(network)
    assert caught.value.code == "too_little_access"


def test_the_answer_must_come_from_google(youtube, now):
    network = LivelyYouTube(youtube, now)
    app = network.connector.register(network.host, network.redirect_uri)
    assert ask(network, app).issuer == youtube.host
    real = YouTubeConnector(Door(), Setup(options={"client_id": "a", "client_secret": "b"}))
    consent = real.ask_consent(real.find(""), app, network.redirect_uri, "state", "challenge")
    assert consent.issuer == "accounts.google.com"
    assert consent.url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")


def test_an_answer_without_a_refresh_token_is_no_link(youtube, now):
    network = LivelyYouTube(youtube, now)
    app = network.connector.register(network.host, network.redirect_uri)
    code = network.consent(ask(network, app).url)
    youtube.bend = lambda path, value: {k: v for k, v in value.items() if k != "refresh_token"}
    with pytest.raises(Transient):
        trade(network, app, code)
