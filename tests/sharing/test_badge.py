"""The badge: opt-in, cached, and never an error; unknown, private and revoked are the same."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from accounts.sharing_models import Badge
from klout import badges
from klout.drawing import letters
from klout.embedded.for_tests import Servers
from klout.last_good import GOOD_FOR, LastGood
from scoring.badge import LOOKS, SIZES, Words, draw
from scoring.selectors import PublicScore
from tests.free_ports import two_free_ports
from tests.sharing.conftest import badge_of

SVG = "{http://www.w3.org/2000/svg}"
NEUTRAL = f"/badge/{'x' * 22}.svg"


def texts(svg: bytes | str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_it_is_a_picture_with_the_score_its_range_and_what_it_must_not_be_used_for(
    client, ada, scored, now
):
    answer = client.get(f"/badge/{badge_of(ada, now)}.svg")
    tree = ElementTree.fromstring(answer.content)

    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert [text.text for text in texts(answer.content)] == ["Klout", "31", "29–33"]
    title = tree.find(f"{SVG}title").text
    assert "likely 29 to 33" in title
    assert "not for hiring" in title
    assert str(now.year) in title


def test_what_it_promises_to_browsers_and_caches(client, ada, scored, now):
    good = client.get(f"/badge/{badge_of(ada, now)}.svg")
    neutral = client.get(NEUTRAL)

    for answer in (good, neutral):
        assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies
        assert "Vary" not in answer
    assert good["Cache-Control"].startswith("public, max-age=3600")
    assert neutral["Cache-Control"] == "public, max-age=300"
    assert b">31<" not in neutral.content


def test_what_has_not_changed_is_not_sent_again(client, ada, scored, now):
    path = f"/badge/{badge_of(ada, now)}.svg"
    etag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    ada.scores.update(hundredths=3250)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_one_query_and_no_session_whoever_asks(client, ada, mallory, scored, now):
    path = f"/badge/{badge_of(ada, now)}.svg"
    client.force_login(mallory)
    for asked in (path, NEUTRAL):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(asked)
        assert len(captured) == 1
        assert "session" not in captured.captured_queries[0]["sql"]


def test_it_takes_no_posts(client, db):
    assert client.post(NEUTRAL).status_code == 405


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
def test_every_look_is_drawn(client, ada, scored, now, look, size):
    svg = client.get(f"/badge/{badge_of(ada, now)}.svg?look={look}&size={size}").content

    assert int(ElementTree.fromstring(svg).get("height")) == {"regular": 32, "small": 20}[size]
    assert ("29–33" in svg.decode().split("</title>")[1]) is (size == "regular")


def test_a_look_that_is_not_there_is_the_first_one(client, db):
    assert client.get(f"{NEUTRAL}?look=<svg>&size=9").content == client.get(NEUTRAL).content


@given(st.text(), st.text(max_size=12), st.text(max_size=12), st.sampled_from(LOOKS))
def test_no_text_gets_out_of_its_place(title, score, likely, look):
    allowed = "".join(sign for sign in title + score + likely if sign.isprintable())
    svg = draw(Words(allowed, allowed or "1", allowed), look, "regular", lambda *_: 10.0)

    kinds = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}
    assert kinds <= {"svg", "title", "rect", "path", "g", "circle", "text"}


@pytest.mark.parametrize(("whole", "low", "high"), [(1, 1, 6), (100, 95, 100), (44, 40, 49)])
def test_texts_have_the_width_of_our_own_letters_and_do_not_meet(whole, low, high):
    words = badges.words_of(PublicScore(whole, low, high, date(2026, 11, 2), "2026.1", 90, None))
    for size in SIZES:
        svg = draw(words, "light", size, letters.width)
        ends = 0.0
        for text in texts(svg):
            weight, font_size = int(text.get("font-weight")), float(text.get("font-size"))
            width = float(text.get("textLength"))
            assert width == pytest.approx(letters.width(text.text, font_size, weight), abs=0.01)
            assert float(text.get("x")) > ends
            ends = float(text.get("x")) + width
        assert ends < float(ElementTree.fromstring(svg).get("width"))


def test_made_moved_and_taken_away_on_the_page(client, ada, scored):
    visitor = Client()
    client.force_login(ada)
    assert "You have no badge" in client.get("/settings/sharing/badge/").content.decode()
    client.post("/settings/sharing/badge/", {"badge": "make"})
    first = Badge.objects.get().address
    assert first in client.get("/settings/sharing/badge/").content.decode()
    client.post("/settings/sharing/badge/", {"badge": "make"})
    second = Badge.objects.get().address
    assert first != second
    assert b">31<" not in visitor.get(f"/badge/{first}.svg").content
    assert b">31<" in visitor.get(f"/badge/{second}.svg").content
    client.post("/settings/sharing/badge/", {"badge": "end"})
    assert b">31<" not in visitor.get(f"/badge/{second}.svg").content
    assert not Badge.objects.exists()


def test_it_does_not_say_whether_the_profile_is_public(client, ada, scored, now):
    assert b">31<" in client.get(f"/badge/{badge_of(ada, now)}.svg").content
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert b">31<" not in client.get(f"/badge/{Badge.objects.get().address}.svg").content


# --- While something of ours is broken ---------------------------------------------------------


@pytest.fixture
def away(monkeypatch, tmp_path):
    """The database, from now on, is where nobody answers."""

    def leave():
        connections["default"].close()
        monkeypatch.setitem(connections["default"].settings_dict, "HOST", str(tmp_path))
        monkeypatch.setitem(connections["default"].settings_dict, "PORT", "5432")

    yield leave
    monkeypatch.undo()
    connections["default"].close()


@pytest.mark.django_db(transaction=True)
def test_the_last_good_one_is_shown_in_every_look_while_the_database_is_away(
    client, ada, scored, now, away
):
    path = f"/badge/{badge_of(ada, now)}.svg"
    before = client.get(path)
    dark = client.get(f"{path}?look=dark").content
    neutral = client.get(NEUTRAL).content
    client.force_login(ada)
    away()
    after = client.get(path)

    assert after.status_code == 200
    assert after.content == before.content
    assert after["Cache-Control"] == "public, max-age=300"
    assert client.get(f"{path}?look=dark").content == dark
    assert client.get(NEUTRAL).content == neutral
    assert client.get(path, headers={"If-None-Match": before["ETag"]}).status_code == 304


@pytest.mark.django_db(transaction=True)
def test_one_that_was_revoked_is_not_shown_while_the_database_is_away(
    client, ada, scored, now, away
):
    path = f"/badge/{badge_of(ada, now)}.svg"
    client.get(path)
    client.force_login(ada)
    client.post("/settings/sharing/badge/", {"badge": "end"})
    away()

    assert b">31<" not in client.get(path).content


def test_the_last_good_one_is_good_for_a_day(tmp_path, now):
    kept, words = LastGood(tmp_path), Words("t", "31", "29–33")
    kept.keep("a", words, now)

    assert kept.words("a", now + GOOD_FOR - timedelta(minutes=1)) == words
    assert kept.words("a", now + GOOD_FOR) is None
    assert kept.words("b", now) is None


def test_what_is_still_true_is_not_written_again_at_once(tmp_path, now):
    kept, words = LastGood(tmp_path), Words("t", "31", "29–33")
    kept.keep("a", words, now)
    (file,) = tmp_path.glob("*.json")
    os.utime(file, (0, 0))
    kept.keep("a", words, now + timedelta(minutes=59))
    assert file.stat().st_mtime == 0

    kept.keep("a", Words("t", "32", "29–33"), now + timedelta(minutes=59))
    assert kept.words("a", now).score == "32"


def test_files_of_yesterday_are_swept(tmp_path, now):
    kept = LastGood(tmp_path)
    kept.keep("a", Words("t", "1"), now)
    (old,) = tmp_path.glob("*.json")
    os.utime(old, (0, 0))
    kept.keep("b", Words("t", "2"), now + timedelta(hours=2))

    assert not old.exists()
    assert kept.words("b", now).score == "2"


def test_a_disk_that_takes_nothing_breaks_nothing(client, ada, scored, now, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    settings.DATA_DIR = tmp_path / "file"

    assert b">31<" in client.get(f"/badge/{badge_of(ada, now)}.svg").content


def test_what_cannot_be_read_on_disk_is_nothing(tmp_path, now):
    kept = LastGood(tmp_path)
    kept.keep("a", Words("t", "1"), now)
    (file,) = tmp_path.glob("*.json")
    for text in ("", "{}", '{"at": 1, "words": 2}', '{"at": "x", "words": {"no": 1}}', "\ufffe"):
        file.write_text(text)
        assert kept.words("a", now) is None


# --- With a real PostgreSQL that really stops, and no Redis at all -----------------------------

MAKE_ADA = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_account, make_score
from accounts.models import Member
from accounts.sharing_models import Badge
now = timezone.now()
ada = Member.objects.create_user("ada@example.com", "correct horse", name="Ada Lind")
make_score(ada, now, [make_account(ada, now)])
print("badge", Badge.objects.create(member=ada, made_at=now).address)
"""


@pytest.fixture
def site(tmp_path) -> Iterator[tuple[str, str, Servers]]:
    """(address, badge, its database): a web server and a PostgreSQL of their own."""
    servers, port = Servers(), two_free_ports()
    environment = {
        **os.environ,
        "DATABASE_URL": servers.start_postgres(),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
        "DATA_DIR": str(tmp_path),
        "BASE_URL": f"http://localhost:{port}",
    }
    python = [sys.executable, "manage.py"]
    how = {"cwd": django_settings.BASE_DIR, "env": environment}
    subprocess.run([*python, "migrate", "--noinput", "-v0"], check=True, **how)
    made = subprocess.run(
        [*python, "shell", "-v0", "-c", MAKE_ADA], check=True, capture_output=True, text=True, **how
    )
    badge = made.stdout.split("badge ")[1].strip()
    command = [sys.executable, "-m", "gunicorn", "klout.wsgi", "-b", f"127.0.0.1:{port}"]
    web = subprocess.Popen([*command, "--no-control-socket"], **how)
    yield f"http://localhost:{port}", badge, servers
    web.terminate()
    web.wait(20)
    servers.stop()


def fetched(address: str) -> tuple[int, bytes]:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.status, answer.read()
        except ConnectionRefusedError:
            time.sleep(0.1)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError("the web server did not begin")


def test_a_database_that_really_stops_leaves_the_last_good_badge(site):
    address, badge, servers = site
    status, before = fetched(f"{address}/badge/{badge}.svg")
    assert (status, b">31<" in before) == (200, True)
    servers.stop()

    assert fetched(f"{address}/badge/{badge}.svg") == (200, before)
    assert fetched(f"{address}/badge/{badge}.svg?look=dark")[0] == 200
    assert b">31<" not in fetched(f"{address}{NEUTRAL}")[1]
    assert Path(servers.folder).exists() is False
