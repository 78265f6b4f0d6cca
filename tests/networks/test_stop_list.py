"""People who are no members show that a handle is theirs, and are counted no more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.management import call_command

from networks.connectors.base import Page, Person, ReactionKind, SeenOutreach, SeenReaction
from networks.hashing import person_hash
from networks.models import LinkedAccount, Outreach, Reaction, StopListed, Webmention
from networks.services import stop_list, webmentions
from networks.services.pages import store_rows
from tests.connectors import test_github_contract
from tests.connectors.conftest import github
from tests.connectors.fake_blog import FakeBlog
from tests.connectors.fake_bluesky import FakeBluesky
from tests.factories import make_account, make_outreach, make_reaction
from tests.playground_server import Playground

__all__ = ["github"]


@dataclass
class Place:
    """A network in a box, where somebody has a profile: `write` puts words into it."""

    platform: str
    typed: str
    key: str
    write: Callable[[str], object]


@pytest.fixture(autouse=True)
def list_outside(settings, tmp_path, db):
    settings.STOP_LIST = tmp_path / "kept/stopped.txt"
    cache.clear()
    return settings.STOP_LIST


@pytest.fixture
def on_mastodon(playground: Playground, settings, monkeypatch) -> Place:
    """The playground's own people write what they like; here somebody writes a code."""
    settings.DEVELOPMENT_HOSTS = [playground.host]
    words = []
    from networks.connectors.mastodon import connector

    shown = connector.words_of
    monkeypatch.setattr(connector, "words_of", lambda account: (*shown(account), *words))
    host = playground.host
    return Place("mastodon", f"@ada@{host}", f"ada@{host}", words.append)


@pytest.fixture
def on_bluesky(now, settings) -> Iterator[Place]:
    fake = FakeBluesky(now)
    settings.DEVELOPMENT_HOSTS = sorted(fake.names)
    settings.PLATFORM_OPTIONS = {"bluesky": fake.options}
    person = fake.world.people[fake.ada]
    yield Place("bluesky", "@ada.example", fake.ada, lambda words: person.update(description=words))
    fake.close()


@pytest.fixture
def on_github(github, settings) -> Place:
    settings.DEVELOPMENT_HOSTS = [github.host]
    settings.PLATFORM_OPTIONS = {"github": test_github_contract.options_of(github)}
    ada = github.world.ada
    return Place("github", "@Ada", str(ada["id"]), lambda words: ada.update(bio=words))


@pytest.fixture
def on_a_site(now, settings) -> Iterator[Place]:
    fake = FakeBlog(now)
    settings.DEVELOPMENT_HOSTS = [fake.host]
    yield Place(
        "blog",
        fake.host,
        fake.host,
        lambda words: fake.put("/.well-known/klout-proof.txt", words, "text/plain"),
    )
    fake.close()


@pytest.fixture(params=["on_mastodon", "on_bluesky", "on_github", "on_a_site"])
def place(request) -> Place:
    return request.getfixturevalue(request.param)


def seen(key: str, now) -> Page:
    """A page on which somebody reacts, and the member answers them."""
    person = Person(key, f"@{key}", "known.example")
    return Page(
        {},
        reactions=(SeenReaction(f"reply:{key}", ReactionKind.REPLY, person, now),),
        outreach=(SeenOutreach(f"out:{key}", "reply", person, now),),
    )


def rows() -> tuple[int, int]:
    return Reaction.objects.count(), Outreach.objects.count()


def code_on(client, place: Place, wish: str = "stop") -> tuple[str, str]:
    """The address of the page with the code, and the code, as a browser gets them."""
    form = {"typed": place.typed, "wish": wish}
    answer = client.post(f"/stop-counting-me/on/{place.platform}/", form)
    assert answer.status_code == 302, answer.content
    page = client.get(answer.url)
    return answer.url, page.context["asking"].code


def test_somebody_is_counted_no_more_and_then_again(place, client, grace, now):
    """The whole way through pages and over real HTTP, on each network."""
    account = make_account(grace, now, platform=place.platform)
    store_rows(account, seen(place.key, now), frozenset(), now)
    store_rows(account, seen("somebody-else", now), frozenset(), now)
    assert rows() == (2, 2)

    url, code = code_on(client, place)
    assert "code does not stand there" in client.post(url).content.decode()
    assert not StopListed.objects.exists()
    place.write(f"Hello. {code}")
    assert "You are counted no more" in client.post(url).content.decode()
    assert "You are counted no more" in client.post(url).content.decode()

    (listed,) = StopListed.objects.all()
    assert listed.person_hash == person_hash(place.platform, place.key)
    stop_list.forget_due(listed.stopped_at)
    assert rows() == (1, 1)
    assert store_rows(account, seen(place.key, now), frozenset(), now).reactions == 0
    assert rows() == (1, 1)

    url, code = code_on(client, place, "count")
    assert "code does not stand there" in client.post(url).content.decode()
    place.write(code)
    assert "You are off the list" in client.post(url).content.decode()
    assert not StopListed.objects.exists()
    store_rows(account, seen(place.key, now), frozenset(), now)
    assert rows() == (2, 2)


def test_the_same_is_said_of_whoever_is_not_there(on_github, client):
    said = []
    for typed in ("ada", "nobody-of-that-name"):
        url, code = code_on(client, Place("github", typed, "", print))
        text = client.post(url).content.decode()
        said.append(text.replace(typed, "").replace(code, "").count("does not stand there"))
    assert said == [1, 1]
    assert not StopListed.objects.exists()


def test_the_code_of_one_is_worth_nothing_for_another(on_github, github, client):
    mallory = github.world.person("mallory")
    url, code = code_on(client, Place("github", "ada", "", print))
    mallory["bio"] = code
    assert "does not stand there" in client.post(url).content.decode()
    other, _code = code_on(client, Place("github", "mallory", "", print))
    assert "does not stand there" in client.post(other).content.decode()


def test_a_page_of_a_site_does_not_speak_for_its_domain(settings, client):
    settings.DEVELOPMENT_HOSTS = []
    answer = client.post(
        "/stop-counting-me/on/blog/", {"typed": "mallory.example.org", "wish": "stop"}
    )
    assert "Please type example.org" in answer.content.decode()


def test_nothing_is_kept_of_the_handle(on_github, client, list_outside, caplog):
    url, code = code_on(client, on_github)
    on_github.write(code)
    caplog.set_level("INFO")
    client.post(url)
    kept = f"{list(StopListed.objects.values())} {list_outside.read_text()} {url}"
    assert "ada" not in kept.lower()
    assert "583231" not in kept
    assert not [line for line in caplog.messages if "ada" in line.lower()]


def test_an_old_or_made_up_code_leads_to_a_way_on(client, now):
    token = stop_list.ask("github", "ada", stop_list.Wish.STOP, now - timedelta(days=4))
    for address in (token, "made-up"):
        answer = client.get(f"/stop-counting-me/code/{address}/")
        assert answer.status_code == 404
        assert "make a new one" in answer.content.decode()
    assert stop_list.asking_of(token, now) is None


def test_looking_is_limited(on_github, client, monkeypatch):
    url, _code = code_on(client, on_github)
    monkeypatch.setattr("networks.stop_views.LOOKS_AT_ONE_PROFILE", 2)
    assert [client.post(url).status_code for _ in range(3)] == [200, 200, 429]


def test_where_it_cannot_be_written_down_nothing_is_promised(on_github, client, settings, tmp_path):
    (tmp_path / "a-file").write_text("")
    settings.STOP_LIST = tmp_path / "a-file/stopped.txt"
    url, code = code_on(client, on_github)
    on_github.write(code)
    assert "could not write your wish down" in client.post(url).content.decode()
    assert not StopListed.objects.exists()


def test_everything_goes_within_the_hour_also_what_a_poll_stored_meanwhile(grace, now):
    account = make_account(grace, now)
    LinkedAccount.objects.update(changed_at=None, first_read_done_at=now)
    person = person_hash("mastodon", "ada@known.example")
    make_reaction(account, now, responder_hash=person)
    make_outreach(account, now, target_hash=person)
    Webmention.objects.create(
        account=account, mention_hash=1, responder_hash=person, received_at=now
    )
    stop_list.heed("mastodon", "ada@known.example", stop_list.Wish.STOP, now)
    assert stop_list.forget_due(now) == 1
    assert (rows(), Webmention.objects.count()) == ((0, 0), 0)
    account.refresh_from_db()
    assert account.changed_at == now
    # A poll that had read the list a moment before.
    make_reaction(account, now, responder_hash=person)
    later = now + timedelta(minutes=20)
    assert [stop_list.forget_due(later), stop_list.forget_due(later)] == [1, 0]
    assert rows() == (0, 0)


def test_a_webmention_of_theirs_is_answered_like_any_other_and_kept_nowhere(
    grace, now, settings, monkeypatch
):
    site = SimpleNamespace(
        account=make_account(grace, now, platform="blog", host="b.example", remote_id="b.example")
    )
    monkeypatch.setattr(webmentions, "_open_site", lambda endpoint: site)
    stop_list.heed("blog", "ada.example", stop_list.Wish.STOP, now)
    webmentions.receive("e", "https://ada.example/post", "https://b.example/tea", now)
    assert not Webmention.objects.exists()


def test_a_restored_backup_counts_nobody_again(grace, now, capsys):
    """The table is what the backup had; the file is newer."""
    person = person_hash("mastodon", "ada@known.example")
    stop_list.heed("mastodon", "ada@known.example", stop_list.Wish.STOP, now)
    stop_list.heed("mastodon", "grace@known.example", stop_list.Wish.STOP, now)
    stop_list.heed("mastodon", "grace@known.example", stop_list.Wish.COUNT, now)
    back = person_hash("mastodon", "grace@known.example")
    StopListed.objects.all().delete()
    StopListed.objects.create(person_hash=back, stopped_at=now)
    make_reaction(make_account(grace, now), now, responder_hash=person)
    call_command("replay_stop_list")
    assert "2 on the stop list put right" in capsys.readouterr().out
    assert set(StopListed.objects.values_list("person_hash", flat=True)) == {person}
    assert stop_list.forget_due(StopListed.objects.get().stopped_at) == 1
    assert rows() == (0, 0)
    assert stop_list.replay(now) == 0


def test_the_operator_puts_somebody_on_by_hand(capsys):
    call_command("stop_counting", "x", "1234")
    assert StopListed.objects.get().person_hash == person_hash("x", "1234")
    call_command("stop_counting", "x", "1234", "--count-again")
    assert not StopListed.objects.exists()
