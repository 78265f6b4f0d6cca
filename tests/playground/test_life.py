"""The people and their days: the same from the same seed, and never ahead of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from playground.characters import CHARACTERS
from playground.life import DAYS_BEFORE, Favourite, Life, Status
from playground.people import REMOTE_HOSTS, Kind
from playground.settling import populate
from playground.snowflake import horizon, milliseconds, moment_of, snowflake
from playground.vocabulary import TOPICS
from playground.world import World, count_before
from playground.writing import accts_in, tags_in, to_html, words

SEED = "harbour"
START = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    world = World(SEED, START)
    world.advance(NOON)
    return world


def _told(world: World, username: str, now: datetime) -> list[tuple[int, str, int, str]]:
    notices = world.notices_of(world.population.named(username).number)
    return [
        (
            notice.id,
            notice.type,
            notice.actor,
            words(notice.status, world.population) if notice.status else "",
        )
        for notice in notices
        if notice.id < horizon(now)
    ]


def _day(life: Life, day: int) -> list[tuple[str, int, int]]:
    return [
        (type(event).__name__, event.id, event.author if isinstance(event, Status) else event.actor)
        for event in life.events_on(day)
    ]


def test_the_same_seed_and_start_day_give_the_same_days():
    one, other = (Life(populate(SEED, START), SEED, START) for _ in range(2))
    for day in (-DAYS_BEFORE, -100, 0, 400):
        assert _day(one, day) == _day(other, day)


def test_a_day_is_the_same_whichever_days_were_asked_for_before():
    one, other = (Life(populate(SEED, START), SEED, START) for _ in range(2))
    for day in (-90, 3, -20):
        one.events_on(day)
    assert _day(one, 0) == _day(other, 0)


def test_another_seed_is_another_network():
    other = Life(populate("elsewhere", START), "elsewhere", START)
    assert _day(Life(populate(SEED, START), SEED, START), 0) != _day(other, 0)


def test_a_later_clock_only_adds(world):
    later = World(SEED, START)
    later.advance(NOON + timedelta(days=9))
    for username in ("ada", "grace", "noor"):
        then = _told(world, username, NOON)
        assert _told(later, username, NOON) == then
        assert _told(later, username, NOON + timedelta(days=9))[: len(then)] == then


def test_every_id_is_used_once_and_lies_on_its_day():
    life = Life(populate(SEED, START), SEED, START)
    ids = set()
    for day in range(-40, 5):
        for event in life.events_on(day):
            assert moment_of(event.id).date() == START + timedelta(days=day)
            assert event.id not in ids
            ids.add(event.id)


def test_nothing_answers_what_has_not_been_said_yet():
    life = Life(populate(SEED, START), SEED, START)
    for day in range(-30, 3):
        for event in life.events_on(day):
            if isinstance(event, Favourite):
                assert event.status.id < event.id
            elif isinstance(event, Status):
                parents = (event.reply_to, event.boost_of, event.quote_of)
                assert all(parent.id < event.id for parent in parents if parent)


def test_there_are_180_days_behind_the_first(world):
    first = moment_of(world.notices_of(world.population.named("ada").number)[0].id)
    assert NOON - first > timedelta(days=200)


def test_lena_has_been_silent_for_more_than_three_weeks(world):
    lena = world.population.named("lena")
    latest = moment_of(world.statuses_of(lena.number)[-1].id)
    assert timedelta(days=22) < NOON - latest < timedelta(days=28)


def test_noor_is_new(world):
    noor = world.population.named("noor")
    assert NOON - noor.joined_at < timedelta(days=50)
    assert moment_of(world.statuses_of(noor.number)[0].id) > noor.joined_at


def test_nobody_acts_before_joining_or_after_leaving(world):
    for person in world.population.people:
        written = world.statuses_of(person.number)
        assert not written or moment_of(written[0].id).date() >= person.joined_at.date()


@pytest.mark.parametrize(
    ("actor", "target"),
    [
        ("ada", "grace"),
        ("grace", "ada"),
        ("grace", "noor"),
        ("grace", "tomas"),
        ("ada", "noor"),
        ("ada", "tomas"),
        ("noor", "ada"),
        ("grace", "mallory"),
    ],
)
def test_the_friends_answer_each_other_within_the_last_month(world, actor, target):
    population = world.population
    actor_number, target_number = population.named(actor).number, population.named(target).number
    month = horizon(NOON - timedelta(days=31))
    replies = [
        status
        for status in world.statuses_of(actor_number)
        if month < status.id < horizon(NOON)
        and status.reply_to
        and status.reply_to.author == target_number
    ]
    assert replies


def test_mallory_is_liked_by_the_farm_and_answered_by_few(world):
    mallory = world.population.named("mallory")
    notices = world.notices_of(mallory.number)
    likes = [notice for notice in notices if notice.type == "favourite"]
    kinds = [world.population.person(notice.actor).kind for notice in likes]
    assert kinds.count(Kind.FARMED) > 0.9 * len(kinds)
    assert len({notice.actor for notice in notices if notice.type == "mention"}) < 10
    assert world.count_followers(mallory, horizon(NOON)) > 25_000


def test_there_are_a_few_hundred_people_and_some_live_elsewhere(world):
    people = world.population.people
    assert 300 < len(people) < 600
    assert {person.host for person in people} == {"", *REMOTE_HOSTS}
    assert len({person.acct for person in people}) == len(people)
    assert len({person.id for person in people}) == len(people)
    assert world.population.by_acct("ines@tidepool.example")


def test_strangers_in_the_crowd_are_found_again_by_id_and_name(world):
    population = world.population
    ada = population.named("ada")
    for index in (0, 1, 5_000, ada.followers_before - 1):
        stranger = population.person(population.stranger_who_follows(ada, index))
        assert population.by_id(stranger.id) == stranger
        assert population.by_acct(stranger.acct) == stranger
    assert population.by_acct("nobody_zzzzzzzzz") is None
    assert population.by_id(1) is None


def test_counts_are_the_counts_of_what_is_listed(world):
    until = horizon(NOON)
    for username in ("ada", "mallory", "noor"):
        person = world.population.named(username)
        assert world.count_followers(person, until) == len(world.followers_of(person, until))
        assert world.count_followed(person, until) == len(world.followed_by(person, until))
        ids = [tie.id for tie in world.followers_of(person, until)]
        assert ids == sorted(set(ids))


def test_what_people_write_has_no_holes_and_fits(world):
    for person in world.population.people:
        for status in world.statuses_of(person.number)[-5:]:
            text = words(status, world.population)
            assert "{" not in text
            assert len(text) <= 500
            assert bool(text) != bool(status.boost_of)


def test_every_topic_can_be_written_about():
    for topic in TOPICS.values():
        assert len(topic.tags) >= 2
        assert all("{" not in sentence.replace("{thing}", "") for sentence in topic.sentences)
    for who in CHARACTERS:
        assert set(who.topics) <= set(TOPICS)


def test_tags_and_names_are_found_in_a_text():
    text = "@ada and @ines@tidepool.example: #Bridges, #bridges; a@b.example, x#y, #1"
    assert accts_in(text) == ["ada", "ines@tidepool.example"]
    assert tags_in(text) == ["bridges"]


def test_what_somebody_writes_cannot_become_markup():
    html = to_html(
        '<script>x</script> & "quoted" https://e.example/?a="><b>',
        "http://h.example",
        lambda acct: None,
        lambda person: "",
    )
    assert "<script" not in html
    assert "<b>" not in html


def test_a_status_counts_only_what_has_happened(world):
    ada = world.population.named("ada")
    status = next(s for s in world.statuses_of(ada.number) if len(world.favourites_of(s)) > 3)
    favourites = world.favourites_of(status)
    assert count_before(favourites, favourites[2].id) == 2


def _yet_to_favourite(world: World) -> Favourite:
    """A favourite of today that has not happened at noon."""
    return next(
        event
        for event in world.life.events_on(0)
        if isinstance(event, Favourite)
        and event.id > horizon(NOON) > event.status.id
        and not world.has_favourited(event.actor, event.status, horizon(NOON))
    )


def test_a_favourite_by_hand_comes_before_the_one_that_was_still_to_happen():
    world = World(SEED, START)
    world.advance(NOON)
    later = _yet_to_favourite(world)
    at = snowflake(milliseconds(NOON), 0)
    world.add([Favourite(at, later.actor, later.status)])
    own = [f.id for f in world.favourites_of(later.status) if f.actor == later.actor]
    assert own == [at]
    told = [n for n in world.notices_of(later.status.author) if n.id in (at, later.id)]
    assert [notice.id for notice in told] == ([at] if told else [])


def test_taking_a_favourite_back_leaves_no_trace_and_the_future_alone():
    world = World(SEED, START)
    world.advance(NOON)
    later = _yet_to_favourite(world)
    world.take_back_favourite(later.actor, later.status, horizon(NOON))
    assert later.id in [f.id for f in world.favourites_of(later.status)]
    world.take_back_favourite(later.actor, later.status, later.id + 1)
    assert later.id not in [f.id for f in world.favourites_of(later.status)]
    assert later.id not in [n.id for n in world.notices_of(later.status.author)]


def test_who_boosts_twice_has_boosted_once():
    world = World(SEED, START)
    world.advance(NOON)
    ada = world.population.named("ada")
    status = world.statuses_of(ada.number)[0]
    for low in (3, 1, 2):
        boost_id = snowflake(milliseconds(NOON), low)
        world.add([Status(boost_id, 400, status.topic, low, boost_of=status)])
    own = [boost.id for boost in world.boosts_of(status) if boost.author == 400]
    assert own == [snowflake(milliseconds(NOON), 1)]
    assert [s.id for s in world.statuses_of(400) if s.boost_of is status] == own
