"""Whatever a member types and whatever answers: a clear sentence, and nothing is lost."""

import json
import threading
from contextlib import ExitStack
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from networks.connectors.base import Credentials
from networks.http import Door
from networks.models import LinkedAccount, Post
from networks.services import door, poll_account
from networks.services.vault import seal_credentials
from tests.factories import make_account
from tests.networks.edge.servers import drip, gzip_bomb, path_of, raw, reply, serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def serve(settings, monkeypatch):
    """Start a server that says this, and let the product speak to it with a short patience."""
    monkeypatch.setattr(door, "_door", partial(Door, deadline=0.5))
    with ExitStack() as stack:

        def start(say):
            server = stack.enter_context(serving(say))
            settings.DEVELOPMENT_HOSTS = [*settings.DEVELOPMENT_HOSTS, server.authority]
            return server

        settings.DEVELOPMENT_HOSTS = []
        yield start


def slow(connection, request):
    """A blank now and then, until the other side hangs up."""
    drip(HEAD + b"\r\n", b" ", threading.Event())(connection, request)


ANSWERS = {
    "slow": (slow, "took too long to answer"),
    "enormous": (reply(b"[" + b"1," * 1_000_000 + b"1]"), "far larger answer than we accept"),
    "a bomb": (
        reply(gzip_bomb(20), Content_Encoding="gzip"),
        "far larger answer than we accept",
    ),
    "broken": (reply(status="503 Service Unavailable"), "answered with an error of its own"),
    "gone silent": (raw(b""), "could not reach"),
    "no http": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "could not read"),
}
NOT_MASTODON = {
    "garbage": reply(b'{"id": "1", "acct": '),
    "a web page": reply(b"<h1>Welcome to nginx!</h1>", kind="text/html"),
    "not found": reply(b'{"error": "Not found"}', status="404 Not Found"),
    "another language": reply(b'{"jsonrpc": "2.0"}'),
    "a list": reply(b"[]"),
}


def text(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def typed(client, member, host: str) -> str:
    """What the page says beside the field after somebody typed this server."""
    client.force_login(member)
    page = client.post(reverse("link", args=["mastodon"]), {"typed": host, "findable": "no"})
    assert page.status_code == 200
    assert not LinkedAccount.objects.exists()
    return page.context["form"].errors["typed"][0]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_server_that_misbehaves_is_named_with_what_it_did(client, ada, serve, name):
    say, words = ANSWERS[name]
    server = serve(say)
    said = typed(client, ada, server.authority)
    assert server.authority in said
    assert words in said
    assert "Nothing was linked or changed." in said


@pytest.mark.parametrize("name", NOT_MASTODON)
def test_a_server_of_another_kind_is_said_not_to_speak_mastodon(client, ada, serve, name):
    said = typed(client, ada, serve(NOT_MASTODON[name]).authority)
    assert "answers, but not in the language of this network" in said
    assert "please check the spelling" in said


def test_a_server_that_is_down_is_said_to_be_out_of_reach(client, ada, serve):
    server = serve(raw(b""))
    server.close()
    assert "We could not reach" in typed(client, ada, server.authority)


def test_a_server_that_leads_inside_is_not_followed(client, ada, serve):
    inside = serve(reply(b'{"secret": "canary"}'))
    door_inside = reply(b"", status="302 Found", Location=inside.url("/admin"))
    said = typed(client, ada, serve(door_inside).authority)
    assert "Nothing was linked or changed." in said
    assert inside.hits == 0


@pytest.mark.parametrize(
    "host",
    [
        "complete nonsense",
        "?",
        "@",
        "mastodon",
        "http://",
        "ftp://files.example",
        "-.-",
        "127.0.0.1",
        "127.0.0.1:8001",
        "localhost",
        "[::1]",
        "169.254.169.254",
        "0x7f000001",
        "a" * 290,
        "mastodon.social:22",
        "user:pass@mastodon.social:443",
        "\u202emastodon",
        "exa mple.org",
    ],
)
def test_what_is_no_public_server_is_refused_with_a_sentence(client, ada, settings, host):
    settings.DEVELOPMENT_HOSTS = []
    said = typed(client, ada, host)
    assert said.endswith(".")
    assert len(said) > 20
    assert "Errno" not in said
    assert "Traceback" not in said


PROFILE = {
    "id": "17",
    "username": "ada",
    "acct": "ada",
    "display_name": "Ada",
    "url": "https://known.example/@ada",
    "created_at": "2020-01-01T00:00:00.000Z",
    "followers_count": 10,
    "following_count": 10,
    "statuses_count": 10,
    "bot": False,
}


def well_until(broken):
    """Answers who one is, and everything after that like `broken`."""
    profile = reply(json.dumps(PROFILE).encode())

    def say(connection, request):
        path = path_of(request)
        (profile if path.endswith("verify_credentials") else broken)(connection, request)

    return say


@pytest.mark.parametrize("name", [*ANSWERS, *list(NOT_MASTODON)[:-1], "revoked"])
def test_a_linked_server_that_goes_bad_costs_no_data(client, ada, serve, name):
    moment = timezone.now()
    revoked = reply(b'{"error": "The access token was revoked"}', status="401 Unauthorized")
    broken = {"revoked": revoked, **NOT_MASTODON, **{k: v[0] for k, v in ANSWERS.items()}}[name]
    server = serve(well_until(broken))
    account = make_account(ada, moment, host=server.authority, remote_id="17")
    account.credentials = seal_credentials(account, Credentials("canary-token", "read"))
    account.save()
    Post.objects.create(account=account, remote_id="1", excerpt="Kept", posted_at=moment)
    poll = poll_account(account.pk, moment)
    assert poll.outcome == "failed"
    account.refresh_from_db()
    assert Post.objects.exists()
    client.force_login(ada)
    page = text(client.get(reverse("networks")))
    assert "Everything read so far is kept." in page
    assert "on our side" not in page
    assert "canary-token" not in page
    if name == "revoked":
        assert "no longer lets us read this account" in page
        assert "Give consent again" in page
    else:
        assert "The next try is at" in page
