"""Threat 6: a server that answers slowly, hugely or without end.

Figure: whatever the bomb, a poll is over within its deadline and takes at most 10 MB more, and
the account is as it was. The whole poll runs here, over real sockets, with the real limits of
size and a deadline of half a second instead of 15. Single answers are in
tests/networks/edge/test_door.py, and what each platform does about pages without end in
tests/connectors/.
"""

import itertools
import json
import threading
import time
import tracemalloc
from functools import partial

import pytest
from django.utils import timezone

from networks.connectors.base import Credentials
from networks.http import Door
from networks.models import LinkedAccount, Post
from networks.services import door, poll_account
from networks.services.vault import seal_credentials
from tests.connectors.fake_mastodon import World
from tests.connectors.fake_mastodon import account as mastodon_account
from tests.factories import make_account
from tests.networks.edge.servers import Say, drip, gzip_bomb, path_of, reply

pytestmark = pytest.mark.django_db

DEADLINE_OF_THE_PRODUCT = 15
MOST_MEMORY = 10_000_000
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
NEVER = threading.Event()
MILLION = 990_000
PROFILE = mastodon_account(17, "ada")


def filled(item: bytes) -> bytes:
    """A list of that item, as large as we take one."""
    return b"[" + b",".join([item] * (MILLION // (len(item) + 1))) + b"]"


def endless_pages() -> Say:
    numbers, world = itertools.count(10**15, -1), World(timezone.now())
    world.me = PROFILE

    def say(connection, request):
        page = [world.status(0) | {"id": str(next(numbers))} for _ in range(40)]
        whole = page if path_of(request).split("?")[0].endswith("/statuses") else []
        reply(json.dumps(whole).encode())(connection, request)

    return say


BOMBS = {
    "slow headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", NEVER, every=0.05),
    "slow body": drip(OK + b"\r\n[", b" ", NEVER, every=0.05),
    "endless headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 8000 + b"\r\n", NEVER, 0),
    "endless chunks": drip(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b" " * 4096 + b"\r\n", NEVER, 0
    ),
    "gzip": reply(gzip_bomb(200), Content_Encoding="gzip"),
    "gzip in gzip": reply(gzip_bomb(1), Content_Encoding="gzip, gzip"),
    "brotli": reply(b"\x5b\xff\xff\x0f" * 1000, Content_Encoding="br"),
    "endless pages": endless_pages(),
    "redirect loop": reply(b"", status="302 Found", Location="/again"),
    "deep": reply(b"[" * (MILLION // 2) + b"]" * (MILLION // 2)),
    "huge numbers": reply(filled(b"9" * 5000)),
    "not numbers": reply(filled(b'{"id": NaN}')),
    "infinite numbers": reply(filled(b'{"id": 1e999}')),
    "NUL": reply(b'["' + b"\\u0000" * (MILLION // 6) + b'"]'),
    "lone surrogates": reply(b'["' + b"\\ud800" * (MILLION // 6) + b'"]'),
    "one wide character": reply(b'["\xf0\x9f\x98\x80' + b"a" * MILLION + b'"]'),
    "duplicate keys": reply(b"{" + b'"id": 1,' * (MILLION // 8) + b'"id": 1}'),
    "many keys": reply(b"{" + b",".join(b'"%06d":1' % n for n in range(MILLION // 11)) + b"}"),
    "as many keys as we take": reply(
        b"{" + b",".join(b'"%06d":12345' % n for n in range(39_000)) + b"}"
    ),
    "wrong types": reply(b'[{"id": [], "account": 5, "created_at": {"a": 1}, "content": 7}]'),
}


# How each ends; the others are read, and what is no item in them is set aside.
ENDS = {
    **dict.fromkeys(("slow headers", "slow body"), "too_slow"),
    **dict.fromkeys(("endless headers", "endless chunks", "gzip"), "too_large"),
    **dict.fromkeys(
        (
            "gzip in gzip",
            "brotli",
            "deep",
            "huge numbers",
            "not numbers",
            "infinite numbers",
            "duplicate keys",
            "many keys",
            "as many keys as we take",
        ),
        "garbage",
    ),
    **dict.fromkeys(("redirect loop",), "redirected_away"),
}


@pytest.fixture
def linked(ada, settings, monkeypatch):
    """An account that is linked at a server, and has one post already."""
    monkeypatch.setattr(door, "_door", partial(Door, deadline=0.5))

    def link(server) -> LinkedAccount:
        settings.DEVELOPMENT_HOSTS = [server.authority]
        now = timezone.now()
        account = make_account(ada, now, host=server.authority, remote_id="17")
        account.credentials = seal_credentials(account, Credentials("canary-token", "read"))
        account.save()
        Post.objects.create(account=account, remote_id="1", excerpt="Kept", posted_at=now)
        return account

    return link


def well_known_until(bomb: Say) -> Say:
    """Says who one is, and everything after that is the bomb."""
    profile = reply(json.dumps(PROFILE).encode())

    def say(connection, request):
        (profile if path_of(request).endswith("verify_credentials") else bomb)(connection, request)

    return say


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_time_and_memory_and_nothing_that_was_read(linked, serve, name):
    server = serve(well_known_until(BOMBS[name]))
    account = linked(server)
    now, began = timezone.now(), time.monotonic()
    tracemalloc.start()
    try:
        poll = poll_account(account.pk, now)
        grown = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The deadline is that of one request.
    assert time.monotonic() - began < DEADLINE_OF_THE_PRODUCT * max(1, server.hits)
    assert grown <= MOST_MEMORY
    # 20 pages and one look at whose they are.
    assert server.hits <= 21
    assert poll is not None
    assert poll.problem == ENDS.get(name, "")
    assert name in ENDS or poll.set_aside or poll.outcome == "unfinished"
    assert Post.objects.filter(excerpt="Kept").exists()


def test_the_product_itself_waits_fifteen_seconds_and_takes_a_megabyte():
    assert Door()._seconds == DEADLINE_OF_THE_PRODUCT
    assert Door()._max_bytes == 1_000_000
