"""The picture beside a link: what stands on the page, drawn once, and nothing private."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Member
from klout import previews
from klout.drawing import letters, preview
from tests.sharing.conftest import publish
from tests.sharing.test_share_links import made

NEUTRAL = "/preview/@nobody-here.png"


def opened(answer) -> Image.Image:
    return Image.open(BytesIO(answer.content))


def drawn_words(monkeypatch) -> list[str]:
    """Every text that is drawn from now on."""
    words: list[str] = []
    write = letters.write

    def noted(draw, at, text, *args, **kwargs):
        words.append(text)
        return write(draw, at, text, *args, **kwargs)

    monkeypatch.setattr(letters, "write", noted)
    return words


def test_it_is_as_large_as_sites_ask_for_and_has_nothing_but_pixels(client, ada, scored, now):
    publish(ada, now)
    answer = client.get("/preview/@ada.png")
    picture = opened(answer)

    assert answer["Content-Type"] == "image/png"
    assert (picture.format, picture.size, picture.info) == ("PNG", (1200, 630), {})
    assert len(answer.content) < 100_000
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert not answer.cookies


def test_it_shows_what_is_on_the_page_and_no_more(client, ada, scored, now, monkeypatch):
    words = drawn_words(monkeypatch)
    publish(ada, now, about="Builds lighthouses.")
    client.get("/preview/@ada.png")

    assert {"Klout", "Ada Lind", "@ada", "31", "likely 29 to 33"} <= set(words)
    assert any("Not for hiring" in text for text in words)
    assert not any("known.example" in text or "lighthouses" in text for text in words)


def test_a_score_that_is_not_shown_is_not_drawn(client, ada, scored, now, monkeypatch):
    words = drawn_words(monkeypatch)
    publish(ada, now, shows_score=False)
    link = made(ada, now, shows_networks=True)
    for what in ("@ada", link.address):
        client.get(f"/preview/{what}.png")

    assert "31" not in words
    assert "Ada Lind" in words


def test_the_page_names_the_picture_of_a_link_with_what_it_shows(client, ada, scored, now):
    publish(ada, now)
    for path in ("/@ada/", f"/shared/{made(ada, now, shows_score=True).address}/"):
        page = client.get(path).content.decode()
        tags = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))
        assert tags["og:title"] == "Ada Lind"
        assert tags["og:image"] == tags["twitter:image"]
        assert tags["twitter:card"] == "summary_large_image"
        assert "31, likely 29 to 33" in tags["og:description"]
        assert "not for judging people" in tags["og:description"]
        image = tags["og:image"].removeprefix("http://localhost:8000")
        assert opened(client.get(image)).size == (1200, 630)


def test_it_is_drawn_once_for_a_score(client, ada, scored, now, monkeypatch):
    publish(ada, now)
    first = client.get("/preview/@ada.png")
    monkeypatch.setattr(preview, "draw", None)
    assert client.get("/preview/@ada.png").content == first.content
    again = client.get("/preview/@ada.png", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304

    monkeypatch.undo()
    ada.scores.update(hundredths=3250)
    assert client.get("/preview/@ada.png").content != first.content


def test_the_same_sight_is_drawn_to_the_same_bytes():
    sight = previews.neutral()

    assert preview.draw(sight) == preview.draw(sight)


def test_a_cache_that_was_emptied_is_no_loss(client, ada, scored, now):
    publish(ada, now)
    first = client.get("/preview/@ada.png").content
    cache.clear()

    assert client.get("/preview/@ada.png").content == first


def test_two_queries_at_most_and_no_session(client, ada, mallory, scored, now):
    publish(ada, now)
    client.force_login(mallory)
    for what, most in (("@ada", 2), ("@nobody-here", 1)):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/preview/{what}.png")
        assert len(captured) <= most


def test_a_database_that_is_away_gives_the_neutral_one(client, ada, scored, now, monkeypatch):
    publish(ada, now)
    neutral = client.get(NEUTRAL).content
    monkeypatch.setattr(previews, "sight_at", None)

    assert client.get("/preview/@ada.png").content == neutral


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Ada Lind", "Ada Lind"),
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("A\u0308da", "Äda"),
        ("🌊 Ada 🦑", "Ada"),
        ("Ada\u202e Lind", "Ada Lind"),
        ("🌊", ""),
        ("مريم", ""),
        ("Жанна", ""),
        ("山田", ""),
        ("Ada 山田", ""),
    ],
)
def test_names_are_drawn_where_our_letters_suffice(name, drawn):
    assert letters.writable(name) == drawn


@pytest.mark.parametrize("name", ["مريم بنت ياسر", "🌊", "山田"])
def test_other_names_give_way_to_the_address(client, ada, scored, now, monkeypatch, name):
    words = drawn_words(monkeypatch)
    Member.objects.filter(pk=ada.pk).update(name=name)
    publish(ada, now)
    client.get("/preview/@ada.png")

    assert words.count("@ada") == 1
    assert name not in words


@pytest.mark.parametrize("name", ["Featherstonehaugh " * 4, "Ada" * 26, "W" * 80, "i" * 80])
def test_a_long_name_stays_in_its_room(name, monkeypatch):
    for line in letters.lines(name.strip(), 42, 600, 560, 2):
        assert letters.width(line, 42, 600) <= 560


def test_a_shared_link_has_no_picture_once_it_is_over(client, ada, scored, now):
    link = made(ada, now, shows_score=True)
    neutral = client.get(f"/preview/{'x' * 22}.png").content
    assert client.get(f"/preview/{link.address}.png").content != neutral

    type(link).objects.filter(pk=link.pk).update(
        made_at=now - timedelta(days=2), ends_at=now - timedelta(days=1)
    )
    assert client.get(f"/preview/{link.address}.png").content == neutral
