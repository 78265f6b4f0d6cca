"""Pictures come through the door when they are due, are made anew, and one's own choice stands."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Member
from networks.models import LinkedAccount
from networks.picture_models import AccountPicture, PictureChoice
from networks.services import pictures, unlink
from networks.tasks import fetch_picture, fetch_pictures_due
from tests.factories import make_account
from tests.networks.edge.servers import reply

pytestmark = pytest.mark.django_db


def picture(
    colour: str = "#8a5a44", kind: str = "PNG", size: tuple[int, int] = (400, 300)
) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def account(ada, now) -> LinkedAccount:
    return make_account(ada, now)


@pytest.fixture
def host(serve, settings):
    """A server that gives what `host.body` is, and counts who asks."""
    bodies = [picture()]

    def say(connection, request):
        reply(bodies[-1], content_type="image/png")(connection, request)

    server = serve(say)
    settings.DEVELOPMENT_HOSTS = [server.authority]
    server.give = bodies.append
    return server


def noted(account, host, now, path="/ada.png") -> AccountPicture:
    pictures.note_address(account, host.url(path), now)
    return AccountPicture.objects.get(account=account)


def test_what_is_due_is_fetched_made_anew_and_due_again_in_a_week(account, host, now):
    noted(account, host, now)
    assert pictures.claim_due(now) == [account.pk]
    pictures.fetch(account.pk, now)
    found = AccountPicture.objects.get()

    for side, body in ((192, found.large), (72, found.small)):
        made = Image.open(BytesIO(bytes(body)))
        assert (made.format, made.size) == ("WEBP", (side, side))
    assert found.due_at == now + pictures.LOOK_AGAIN
    assert b"image/webp" in host.requests[0]
    assert b"authorization" not in host.requests[0].lower()


def test_the_task_fetches_all_that_is_due(account, grace, host, now, monkeypatch):
    monkeypatch.setattr(fetch_picture, "delay", fetch_picture)
    for one in (account, make_account(grace, now)):
        noted(one, host, now)
    fetch_pictures_due()

    assert AccountPicture.objects.exclude(digest="").count() == 2
    assert host.hits == 2


def test_what_was_claimed_is_not_claimed_again_at_once(account, host, now):
    noted(account, host, now)
    pictures.claim_due(now)

    assert pictures.claim_due(now) == []
    assert pictures.claim_due(now + timedelta(minutes=5)) == [account.pk]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ],
)
def test_what_is_no_picture_leaves_what_was_there_and_is_tried_a_few_times(
    account, host, now, body
):
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    before = AccountPicture.objects.get()
    host.give(body)
    at = before.due_at
    for _ in range(pictures.TRIES + 2):
        for claimed in pictures.claim_due(at):
            pictures.fetch(claimed, at)
        at += timedelta(days=2)
    found = AccountPicture.objects.get()

    assert (found.digest, bytes(found.large)) == (before.digest, bytes(before.large))
    assert found.due_at is None
    assert host.hits == 1 + pictures.TRIES


@pytest.mark.parametrize("status", ["404 Gone", "500 No", "429 Wait"])
def test_a_server_that_gives_none_is_no_error(account, serve, settings, now, status):
    server = serve(reply(b"no", status=status))
    settings.DEVELOPMENT_HOSTS = [server.authority]
    noted(account, server, now)
    pictures.fetch(account.pk, now)

    assert AccountPicture.objects.get().digest == ""


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/a.png", "https://127.0.0.1/a.png", "https://[::1]/a.png"]
)
def test_addresses_inside_are_never_asked(account, now, address):
    pictures.note_address(account, address, now)
    pictures.fetch(account.pk, now)

    assert AccountPicture.objects.get().digest == ""


def test_a_new_address_is_fetched_soon_and_the_same_one_is_not(account, host, now):
    noted(account, host, now)
    pictures.claim_due(now)
    pictures.fetch(account.pk, now)
    assert noted(account, host, now).due_at == now + pictures.LOOK_AGAIN
    assert noted(account, host, now, "/other.png").due_at == now


def test_a_read_that_names_no_picture_keeps_the_known_one(account, host, now):
    noted(account, host, now)
    pictures.note_address(account, "", now)
    pictures.note_address(account, "javascript:alert(1)", now)

    assert AccountPicture.objects.get().address == host.url("/ada.png")


def test_what_was_fetched_from_an_address_that_changed_meanwhile_does_not_count(
    account, host, now, monkeypatch
):
    noted(account, host, now)
    remade = pictures.remade

    def change_meanwhile(body):
        pictures.note_address(account, host.url("/new.png"), now)
        return remade(body)

    monkeypatch.setattr(pictures, "remade", change_meanwhile)
    pictures.fetch(account.pk, now)

    assert AccountPicture.objects.get().digest == ""


# --- Which one stands for the member ------------------------------------------------------------


def test_nothing_stands_for_a_member_before_they_chose(account, ada, host, now):
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    ada.refresh_from_db()

    assert ada.picture == ""


def test_the_choice_follows_the_picture_and_ends_with_the_account(account, ada, host, now):
    pictures.choose(ada, account.pk)
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    ada.refresh_from_db()
    first = ada.picture
    assert first == AccountPicture.objects.get().digest
    host.give(picture("#44708a"))
    pictures.fetch(account.pk, now)
    ada.refresh_from_db()
    assert ada.picture not in ("", first)

    unlink(account, now)
    ada.refresh_from_db()
    assert ada.picture == ""
    assert not AccountPicture.objects.exists()


def test_initials_stand_again_when_none_is_chosen(account, ada, host, now):
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    pictures.choose(ada, account.pk)
    pictures.choose(ada, None)
    ada.refresh_from_db()

    assert ada.picture == ""
    assert not PictureChoice.objects.exists()


def test_somebody_elses_picture_cannot_be_chosen(client, account, ada, mallory):
    assert not pictures.choose(mallory, account.pk)
    client.force_login(mallory)
    for value in (str(account.pk), "x", "9" * 30):
        answer = client.post("/settings/sharing/picture/", {"account": value})
        assert answer.status_code == 404
    assert not PictureChoice.objects.exists()


def test_the_same_picture_has_another_address_for_everybody(account, grace, host, now):
    other = make_account(grace, now)
    for one in (account, other):
        noted(one, host, now)
        pictures.fetch(one.pk, now)
    digests = AccountPicture.objects.values_list("digest", flat=True)

    assert len(set(digests)) == 2


def test_it_is_served_from_here_for_ever(client, account, mallory, host, now):
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    found = AccountPicture.objects.get()
    client.force_login(mallory)
    answer = client.get(f"/pictures/{found.digest}-small.webp")

    assert answer.content == bytes(found.small)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Vary" not in answer
    again = client.get(
        f"/pictures/{found.digest}-small.webp", headers={"If-None-Match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name", [f"{'0' * 32}-small.webp", "x-small.webp", f"{'0' * 32}-huge.webp"]
)
def test_what_is_not_there_is_not_found(client, db, name):
    assert client.get(f"/pictures/{name}").status_code == 404


def test_the_masthead_shows_it(client, account, ada, host, now):
    client.force_login(ada)
    assert ">AL</span>" in client.get("/networks/").content.decode()
    noted(account, host, now)
    pictures.fetch(account.pk, now)
    pictures.choose(ada, account.pk)
    digest = Member.objects.get(pk=ada.pk).picture

    assert f"/pictures/{digest}-small.webp" in client.get("/networks/").content.decode()
