"""Mastodon's JSON at the border: what is kept, what is dropped, what is set aside."""

from datetime import UTC, datetime, timedelta

import pytest

from networks.connectors.base import OutreachKind, ReactionKind
from networks.connectors.fields import Unreadable
from networks.connectors.mastodon.parsing import (
    Viewpoint,
    parse_followed,
    parse_identity,
    parse_notification,
    parse_own_status,
    parse_person,
)
from tests.connectors.fake_mastodon import ME, World, account, mention_of

HOST = "known.example"
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LONG_NAMES = ["a" * 65, "a@" + "b." * 100 + "example"]
GRACE = account(7, "grace@Other.Example", display_name="Grace")


@pytest.fixture
def world() -> World:
    return World(NOW)


@pytest.fixture
def view() -> Viewpoint:
    return Viewpoint(HOST, ME, NOW)


def notification(kind: str, person=GRACE, **fields):
    at = "2026-11-01T10:00:00.000Z"
    return {"id": "55", "type": kind, "created_at": at, "account": person} | fields


# --- People --------------------------------------------------------------------------------------


def test_a_person_has_one_key_seen_from_any_server(view):
    there = Viewpoint("other.example", "7", NOW)
    from_afar = parse_person(account(7, "Grace@other.example"), view)
    at_home = parse_person(account(1, "grace"), there)
    assert from_afar.key == at_home.key == "grace@other.example"
    assert (from_afar.handle, from_afar.host) == ("@Grace@other.example", "other.example")


def test_a_profile_is_taken_as_it_is_shown(view):
    person = parse_person(account(7, "grace@other.example", bot=True, display_name="Grace"), view)
    assert (person.followers, person.following, person.posts) == (120, 80, 900)
    assert (person.name, person.is_bot) == ("Grace", True)
    assert person.created_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_host_in_another_script_becomes_ascii(view):
    assert parse_person(account(7, "g@bücher.example"), view).key == "g@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "acct",
    [None, 7, "", "@", "a b", "a@b", "a@b@c.example", "a@127.0.0.1", "ä", "a\x00", *LONG_NAMES],
)
def test_somebody_without_a_proper_name_is_set_aside(view, acct):
    with pytest.raises(Unreadable):
        parse_person(account(7, "x") | {"acct": acct}, view)


@pytest.mark.parametrize(
    ("said", "kept"),
    [(10**18, 10**12), (0, 0), (-1, None), (True, None), ("12", None), (1.5, None), (None, None)],
)
def test_figures_are_bounded_or_missing(view, said, kept):
    person = parse_person(account(7, "g@other.example", followers_count=said), view)
    assert person.followers == kept


def test_a_name_keeps_its_script_and_loses_its_tricks(view):
    name = (
        "A\u0301da \u202eevil\u2066\u200b\x07\n  \u0645\u06cc\u200c\u062e "
        "\U0001f469\u200d\U0001f4bb\x00"
    )
    person = parse_person(account(7, "g@other.example", display_name=name), view)
    assert person.name == "\u00c1da evil \u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f4bb"


def test_a_name_has_an_end(view):
    person = parse_person(account(7, "g@other.example", display_name="x" * 10_000), view)
    assert len(person.name) == 100


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://other.example/@g",
        "https://user@other.example/",
        'https://other.example/"onclick=',
        "https://other.example/ space",
        "https://" + "a" * 500 + ".example/",
        "https://[::1",
        "https://",
        "data:text/html,x",
        "//other.example/",
        None,
        7,
        "https://other.example/\ud800",
    ],
)
def test_only_proper_https_links_are_kept(view, url):
    assert parse_person(account(7, "g@other.example", url=url), view).url == ""


def test_a_development_server_is_linked_to_without_https():
    view = Viewpoint("127.0.0.1:8001", ME, NOW, "127.0.0.1:8001")
    assert parse_person(account(7, "g", url="http://127.0.0.1:8001/@g"), view).url
    assert not parse_person(account(7, "g", url="http://127.0.0.1:8002/@g"), view).url


def test_the_member_is_told_with_id_and_counts(view, world):
    identity, counts = parse_identity(world.me, view)
    assert (identity.remote_id, identity.person.handle) == (ME, "@ada@known.example")
    assert (counts.followers, counts.posts) == (321, 45)


# --- What the member wrote ----------------------------------------------------------------------


def test_a_post_is_link_excerpt_tags_and_time(view, world):
    status = world.status(2, "Hello <b>sea</b> &amp; sky", tags=[{"name": "Sea"}, {"name": "sea"}])
    post = parse_own_status(status, view).post
    assert post is not None
    assert (post.excerpt, post.tags) == ("Hello sea & sky", ("sea",))
    assert post.url == status["url"]
    assert post.posted_at == NOW - timedelta(days=2)


def test_an_excerpt_is_what_a_reader_sees_cut_at_a_word(view, world):
    markup = (
        '<p>See <a href="https://x.example/long"><span class="invisible">https://</span>'
        '<span class="ellipsis">x.example/lo</span><span class="invisible">ng</span></a></p>'
        "<script>alert(1)</script><p>" + "word " * 100
    )
    post = parse_own_status(world.status(1) | {"content": markup}, view).post
    assert post is not None
    assert post.excerpt.startswith("See x.example/lo word word")
    assert post.excerpt.endswith("word…")
    assert len(post.excerpt) <= 280


@pytest.mark.parametrize("markup", ["<a " * 5000, "<![x y", "<" * 9000, None, 7, "<!--"])
def test_broken_markup_makes_no_trouble(view, world, markup):
    assert parse_own_status(world.status(1) | {"content": markup}, view).post is not None


def test_what_is_under_a_warning_shows_the_warning(view, world):
    post = parse_own_status(world.status(1, "Spoiler", spoiler_text="The end"), view).post
    assert post is not None
    assert post.excerpt == "The end"


def test_words_for_followers_alone_are_not_kept(view, world):
    status = world.status(1, "Between us", visibility="private", tags=[{"name": "us"}])
    post = parse_own_status(status, view).post
    assert post is not None
    assert (post.excerpt, post.tags) == ("", ())


def test_a_private_message_leaves_nothing(view, world):
    written = parse_own_status(
        world.status(1, visibility="direct", mentions=[mention_of(GRACE)]), view
    )
    assert (written.post, written.outreach) == (None, ())


def test_a_boost_is_outreach_and_no_post(view, world):
    original = world.status(9, account=GRACE, url="https://other.example/p/1")
    written = parse_own_status(world.status(1, reblog=original), view)
    assert written.post is None
    (act,) = written.outreach
    assert (act.kind, act.target.key, act.url) == (
        OutreachKind.RESHARE,
        "grace@other.example",
        "https://other.example/p/1",
    )
    assert act.happened_at == NOW - timedelta(days=1)


def test_a_boost_of_oneself_is_nothing(view, world):
    written = parse_own_status(world.status(1, reblog=world.status(2)), view)
    assert (written.post, written.outreach) == (None, ())


def test_an_answer_reaches_the_answered_and_the_mentioned(view, world):
    hedy = account(8, "hedy@other.example")
    status = world.status(
        1,
        in_reply_to_account_id="7",
        in_reply_to_id="3",
        mentions=[mention_of(GRACE), mention_of(hedy), mention_of(world.me)],
    )
    acts = {act.target.key: act.kind for act in parse_own_status(status, view).outreach}
    assert acts == {
        "grace@other.example": OutreachKind.REPLY,
        "hedy@other.example": OutreachKind.MENTION,
    }


def test_a_quote_reaches_the_quoted(view, world):
    quote = {"state": "accepted", "quoted_status": world.status(3, account=GRACE)}
    (act,) = parse_own_status(world.status(1, quote=quote), view).outreach
    assert (act.kind, act.target.key) == (OutreachKind.QUOTE, "grace@other.example")


@pytest.mark.parametrize(
    "quote",
    [
        {"state": "pending", "quoted_status": None},
        {"state": "accepted", "quoted_status_id": "5"},
        {"state": "accepted", "quoted_status": {"id": "5"}},
        "5",
    ],
)
def test_a_quote_that_shows_nobody_reaches_nobody(view, world, quote):
    written = parse_own_status(world.status(1, quote=quote), view)
    assert written.post is not None
    assert written.outreach == ()


def test_one_bad_mention_does_not_cost_the_post(view, world):
    status = world.status(1, mentions=[{"acct": 5}, None, mention_of(GRACE)])
    written = parse_own_status(status, view)
    assert written.post is not None
    assert len(written.outreach) == 1


def test_a_post_of_somebody_else_is_set_aside(view, world):
    with pytest.raises(Unreadable):
        parse_own_status(world.status(1, account=GRACE), view)


# --- What others did ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("favourite", ReactionKind.FAVOURITE),
        ("reblog", ReactionKind.RESHARE),
        ("pleroma:emoji_reaction", ReactionKind.FAVOURITE),
    ],
)
def test_a_reaction_to_a_post_points_to_it_and_brings_it(view, world, sent, kind):
    mine = world.status(300, "Old words")
    notified = parse_notification(notification(sent, status=mine), view)
    assert notified.reaction is not None
    assert notified.post is not None
    assert (notified.reaction.kind, notified.reaction.post_remote_id) == (kind, mine["id"])
    assert (notified.post.remote_id, notified.post.excerpt) == (mine["id"], "Old words")
    assert notified.reaction.happened_at == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_the_same_act_has_the_same_key(view, world):
    mine = world.status(3)
    again = notification("favourite", status=mine) | {"id": "99"}
    keys = {
        parse_notification(item, view).reaction.key
        for item in (notification("favourite", status=mine), again)
    }
    assert len(keys) == 1


def test_a_wrapped_boost_is_unwrapped(view, world):
    wrapper = world.status(1, account=GRACE, reblog=world.status(2))
    notified = parse_notification(notification("reblog", status=wrapper), view)
    assert notified.reaction is not None
    assert notified.reaction.post_remote_id == wrapper["reblog"]["id"]


def test_an_answer_is_a_reply_and_points_to_what_it_answers(view, world):
    theirs = world.status(1, account=GRACE, in_reply_to_account_id=ME, in_reply_to_id="42")
    reaction = parse_notification(notification("mention", status=theirs), view).reaction
    assert reaction is not None
    assert (reaction.kind, reaction.post_remote_id) == (ReactionKind.REPLY, "42")


@pytest.mark.parametrize("answered", ["8", None])
def test_a_mention_that_answers_somebody_else_is_a_mention(view, world, answered):
    theirs = world.status(1, account=GRACE, in_reply_to_account_id=answered, in_reply_to_id="42")
    reaction = parse_notification(notification("mention", status=theirs), view).reaction
    assert reaction is not None
    assert (reaction.kind, reaction.post_remote_id) == (ReactionKind.MENTION, None)


def test_a_quote_points_to_the_quoted(view, world):
    mine = world.status(4)
    theirs = world.status(1, account=GRACE, quote={"state": "accepted", "quoted_status": mine})
    notified = parse_notification(notification("quote", status=theirs), view)
    assert notified.reaction is not None
    assert notified.post is not None
    assert (notified.reaction.kind, notified.reaction.post_remote_id) == (
        ReactionKind.QUOTE,
        mine["id"],
    )


def test_a_shallow_quote_points_to_the_quoted_too(view, world):
    theirs = world.status(1, account=GRACE, quote={"quoted_status_id": "42"})
    notified = parse_notification(notification("quote", status=theirs), view)
    assert notified.reaction is not None
    assert (notified.reaction.post_remote_id, notified.post) == ("42", None)


def test_a_follow_is_a_reaction_to_no_post(view):
    reaction = parse_notification(notification("follow"), view).reaction
    assert reaction is not None
    assert (reaction.kind, reaction.post_remote_id) == (ReactionKind.FOLLOW, None)


def test_a_private_message_is_no_reaction(view, world):
    theirs = world.status(1, account=GRACE, visibility="direct")
    assert parse_notification(notification("mention", status=theirs), view).reaction is None


@pytest.mark.parametrize("kind", ["poll", "update", "admin.report", "follow_request", None, 5])
def test_other_notices_are_none_of_our_business(view, kind):
    assert parse_notification(notification(kind), view).reaction is None


def test_reacting_to_oneself_is_nothing(view, world):
    notified = parse_notification(notification("favourite", world.me, status=world.status(1)), view)
    assert notified.reaction is None


def test_a_favourite_of_somebody_elses_post_is_set_aside(view, world):
    with pytest.raises(Unreadable):
        parse_notification(notification("favourite", status=world.status(1, account=GRACE)), view)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2099-01-01T00:00:00Z", NOW),
        ("2026-11-02T11:59:59.999+00:00", NOW - timedelta(milliseconds=1)),
        ("2026-11-02T13:00:00+02:00", NOW - timedelta(hours=1)),
        ("2026-11-02T11:00:00", NOW - timedelta(hours=1)),
    ],
)
def test_times_are_utc_and_never_ahead(view, said, kept):
    reaction = parse_notification(notification("follow", created_at=said), view).reaction
    assert reaction is not None
    assert reaction.happened_at == kept


@pytest.mark.parametrize(
    "said", [None, 5, "", "yesterday", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z"]
)
def test_something_without_a_time_is_set_aside(view, said):
    with pytest.raises(Unreadable):
        parse_notification(notification("follow", created_at=said), view)


def test_whom_the_member_follows_is_outreach_from_now_on(view):
    account_id, act = parse_followed(GRACE, view)
    assert act is not None
    assert (account_id, act.kind, act.happened_at) == ("7", OutreachKind.FOLLOW, NOW)
