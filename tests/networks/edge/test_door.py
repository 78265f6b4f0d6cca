"""The door over real sockets: servers that drip, flood, lie and hang up."""

import gzip
import logging
import socket
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from networks.connectors.base import AccessRevoked, ConnectorError, RateLimited, Transient
from networks.http import Answer, Door, OwnBudget
from tests.networks.edge.internet import PUBLIC, Internet
from tests.networks.edge.servers import (
    Server,
    drip,
    gzip_bomb,
    path_of,
    raw,
    reply,
    reply_json,
    serving,
)

TOKEN = "canary-token-7Hq"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def failure(call, *args, **options) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        call(*args, **options)
    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.detail}"
    assert len(caught.value.detail) <= 200
    return caught.value


def test_a_good_answer_comes_through_whole(serve, door_to):
    server = serve(reply_json({"name": "Ada"}, X_Thing="yes"))
    answer = door_to(server).get(server.url("/api"), params={"types[]": ["a", "b"]}, token=TOKEN)
    assert (answer.status, answer.json(), answer.headers["x-thing"]) == (
        200,
        {"name": "Ada"},
        "yes",
    )
    head = server.requests[0].decode()
    assert head.startswith("GET /api?types%5B%5D=a&types%5B%5D=b HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}\r\n" in head
    assert f"Host: {server.authority}\r\n" in head


def test_a_form_is_posted(serve, door_to):
    server = serve(reply_json({}))
    door_to(server).post(server.url("/form"), data={"code": "a b&c", "n": 1})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /form HTTP/1.1")
    assert b"application/x-www-form-urlencoded" in head
    assert body == b"code=a+b%26c&n=1"


def test_nothing_is_asked_for_but_gzip_and_deflate(serve, door_to):
    server = serve(reply())
    door_to(server).get(server.url())
    assert b"Accept-Encoding: gzip, deflate\r\n" in server.requests[0]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", gzip.compress(b"[1]")), ("deflate", zlib.compress(b"[1]")), ("identity", b"[1]")],
    ids=["gzip", "deflate", "identity"],
)
def test_packed_answers_are_unpacked(serve, door_to, encoding, packed):
    server = serve(reply(packed, Content_Encoding=encoding))
    assert door_to(server).get(server.url()).json() == [1]


def test_a_chunked_answer_is_put_together(serve, door_to):
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n3;x=y\r\n,2]\r\n0\r\n\r\n"
    server = serve(raw(chunked))
    assert door_to(server).get(server.url()).json() == [1, 2]


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (OK + b"Content-Length: 5000\r\n\r\n", b" "),
        (OK + b"\r\n", b" "),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: a\r\n"),
    ],
    ids=[
        "silence",
        "one endless header",
        "header after header",
        "continue after continue",
        "slow body",
        "slow body without end",
        "slow chunks",
        "slow trailers",
    ],
)
def test_whoever_drips_is_cut_off_at_the_deadline(door_to, start, drop):
    over = threading.Event()
    with serving(drip(start, drop, over)) as server:
        began = time.monotonic()
        error = failure(door_to(server, deadline=0.3).get, server.url(), token=TOKEN)
        over.set()
    assert (type(error), error.code) == (Transient, "too_slow")
    assert time.monotonic() - began < 1


def test_the_deadline_covers_the_redirects_too(serve, door_to):
    def slow_redirect(connection, request):
        threading.Event().wait(0.15)
        reply(status="302 Found", Location="/again")(connection, request)

    server = serve(slow_redirect)
    assert failure(door_to(server, deadline=0.25).get, server.url()).code == "too_slow"


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 10001\r\n\r\n",
        OK + b"\r\n" + b" " * 10_001,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + (b"1" + b" " * 200 + b"\r\n \r\n") * 500,
        OK + b"Content-Length: 999999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 101 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 33_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 3000 + b"\r\n" + b"X-B: b\r\n" * 5_000,
        b"HTTP/1.1 200 " + b"K" * 70_000,
    ],
    ids=[
        "announced",
        "not announced",
        "framing",
        "absurd",
        "headers by count",
        "one header",
        "headers by size",
        "status line",
    ],
)
def test_whoever_floods_is_cut_off(serve, door_to, answer):
    server = serve(raw(answer))
    error = failure(door_to(server).get, server.url())
    assert (type(error), error.code) == (Transient, "too_large")


@pytest.mark.parametrize("megabytes", [1, 50])
def test_a_gzip_bomb_is_not_unpacked(serve, door_to, megabytes):
    server = serve(reply(gzip_bomb(megabytes), Content_Encoding="gzip"))
    error = failure(door_to(server, max_bytes=100_000, deadline=5).get, server.url())
    assert error.code == "too_large"


def test_an_endless_body_is_left_at_the_limit(door_to):
    over = threading.Event()
    with serving(drip(OK + b"\r\n", b" " * 5000, over, every=0)) as server:
        assert failure(door_to(server, deadline=5).get, server.url()).code == "too_large"
        over.set()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        OK + b"Content-Length: 100\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    ],
    ids=["nothing", "cut short", "chunk cut short", "not a chunk"],
)
def test_whoever_hangs_up_is_unreachable(serve, door_to, answer):
    server = serve(raw(answer))
    assert failure(door_to(server).get, server.url()).code == "unreachable"


def test_a_reset_connection_is_unreachable(serve, door_to):
    def reset(connection: socket.socket, _request: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    server = serve(reset)
    assert failure(door_to(server).get, server.url()).code == "unreachable"


def test_a_closed_port_is_unreachable(serve, door_to):
    server = serve(reply())
    server.close()
    assert failure(door_to(server).get, server.url()).code == "unreachable"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_an_encoding_nobody_asked_for_is_garbage(serve, door_to, encoding):
    server = serve(reply(b"{}", Content_Encoding=encoding))
    assert failure(door_to(server).get, server.url()).code == "garbage"


@pytest.mark.parametrize(
    "packed",
    [b"not gzip at all", gzip.compress(b"{}" * 500)[:-9], gzip.compress(b"{}") + b"more"],
    ids=["not gzip", "cut short", "with a tail"],
)
def test_what_cannot_be_unpacked_is_garbage(serve, door_to, packed):
    server = serve(reply(packed, Content_Encoding="gzip"))
    assert failure(door_to(server).get, server.url()).code == "garbage"


def test_what_does_not_speak_http_is_garbage(serve, door_to):
    server = serve(raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"))
    assert failure(door_to(server).get, server.url()).code == "garbage"


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Busy", "599 What"])
def test_a_server_in_trouble_is_said_to_be(serve, door_to, status):
    server = serve(reply(b"<html>", status=status, kind="text/html"))
    error = failure(door_to(server).get, server.url(), token=TOKEN)
    assert (type(error), error.code) == (Transient, "server_error")


@pytest.mark.parametrize("status", ["400 No", "401 No", "403 No", "404 No", "410 No", "422 No"])
def test_what_a_refusal_means_is_left_to_the_connector(serve, door_to, status):
    server = serve(reply(b'{"error": "no"}', status=status))
    assert door_to(server).get(server.url()).status == int(status[:3])


# --- Redirects ------------------------------------------------------------------------------


def test_two_redirects_on_the_same_server_are_followed(serve, door_to):
    def say(connection, request):
        step = int(path_of(request)[1:])
        if step < 2:
            reply(status="301 Moved", Location=f"/{step + 1}")(connection, request)
        else:
            reply_json({"step": step})(connection, request)

    server = serve(say)
    answer = door_to(server).get(server.url("/0"), token=TOKEN)
    assert (answer.json(), answer.url) == ({"step": 2}, server.url("/2"))
    assert all(TOKEN.encode() in request for request in server.requests)


def test_a_redirect_loop_ends_after_two(serve, door_to):
    server = serve(reply(status="302 Found", Location="/"))
    assert failure(door_to(server).get, server.url()).code == "redirected_away"
    assert server.hits == 3


def test_a_redirect_to_what_is_no_url_is_refused(serve, door_to):
    server = serve(reply(status="302 Found", Location="https://["))
    assert failure(door_to(server).get, server.url()).code == "refused_address"


def test_a_form_is_never_redirected(serve, door_to):
    server = serve(reply(status="307 Again", Location="/elsewhere"))
    assert failure(door_to(server).post, server.url(), data={"a": 1}).code == "redirected_away"
    assert server.hits == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{canary}/",
        "http://localhost:{canary}/",
        "http://[::1]:{canary}/",
        "//127.0.0.1:{canary}/",
        "https://127.0.0.1:{canary}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "\\\\127.0.0.1:{canary}\\",
        "http://2130706433:{canary}/",
    ],
)
def test_a_redirect_inside_is_refused_and_nobody_there_hears_of_it(serve, door_to, location):
    canary = serve(reply_json({"secret": 1}))
    server = serve(reply(status="302 Found", Location=location.format(canary=canary.port)))
    error = failure(door_to(server).get, server.url(), token=TOKEN)
    assert error.code == "refused_address"
    assert canary.hits == 0


# --- Names, addresses and certificates ------------------------------------------------------


def test_the_certificate_is_checked_against_the_name_and_the_address_is_the_checked_one(
    serve, internet
):
    server = serve(reply_json({"ok": 1}), internet.certificate("good.example"))
    internet.put("good.example", server)
    answer = internet.door().get("https://good.example/x", token=TOKEN)
    assert (answer.json(), internet.connected) == ({"ok": 1}, [PUBLIC])
    assert b"Host: good.example\r\n" in server.requests[0]


def test_a_certificate_for_another_name_is_refused_before_the_token_is_sent(serve, internet):
    server = serve(reply_json({}), internet.certificate("other.example", PUBLIC))
    internet.put("good.example", server)
    error = failure(internet.door().get, "https://good.example/", token=TOKEN)
    assert (type(error), error.code, server.hits) == (Transient, "unreachable", 0)


def test_a_certificate_nobody_vouches_for_is_refused(serve, internet):
    server = serve(reply_json({}), Internet().certificate("good.example"))
    internet.put("good.example", server)
    assert failure(internet.door().get, "https://good.example/").code == "unreachable"
    assert server.hits == 0


def test_a_slow_handshake_ends_at_the_deadline(internet):
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        internet.answers["slow.example"] = [[PUBLIC]]
        internet.connect = lambda *_: socket.create_connection(silent.getsockname(), 2)
        error = failure(internet.door(deadline=0.3).get, "https://slow.example/")
    over.set()
    assert error.code == "too_slow"


def test_a_slow_look_up_ends_at_the_deadline(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(5) and [])
    began = time.monotonic()
    error = failure(Door(deadline=0.2).get, "https://slow.example/")
    over.set()
    assert (error.code, time.monotonic() - began < 1) == ("too_slow", True)


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch):
    asked = []

    def no_such_name(name, *_args, **_options):
        asked.append(name)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    assert failure(Door().get, "https://nobody.example/").code == "unreachable"
    assert asked == ["nobody.example."]


def test_rebinding_connects_only_to_what_was_checked(serve, internet):
    canary = serve(reply_json({"secret": 1}), internet.certificate("rebind.example"))
    server = serve(reply_json({"ok": 1}), internet.certificate("rebind.example"))
    internet.put("rebind.example", server)
    internet.servers["127.0.0.1"] = canary
    internet.answers["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
    door = internet.door()
    assert door.get("https://rebind.example/").json() == {"ok": 1}
    assert failure(door.get, "https://rebind.example/").code == "refused_address"
    assert (internet.connected, canary.hits) == ([PUBLIC], 0)


def test_rebinding_between_two_redirects_is_refused(serve, internet):
    canary = serve(reply_json({"secret": 1}))
    server = serve(
        reply(status="302 Found", Location="/again"), internet.certificate("rebind.example")
    )
    internet.put("rebind.example", server)
    internet.servers["10.0.0.1"] = canary
    internet.answers["rebind.example"] = [[PUBLIC], ["10.0.0.1"]]
    assert failure(internet.door().get, "https://rebind.example/").code == "refused_address"
    assert (internet.connected, canary.hits) == ([PUBLIC], 0)


def test_a_mixed_answer_connects_to_nothing(internet):
    internet.answers["mixed.example"] = [[PUBLIC, "127.0.0.1"]]
    assert failure(internet.door().get, "https://mixed.example/").code == "refused_address"
    assert internet.connected == []


def test_the_next_address_is_tried_when_the_first_is_dead(serve, internet):
    server = serve(reply_json({}), internet.certificate("two.example"))
    internet.put("two.example", server)
    internet.answers["two.example"] = [["1.1.1.1", PUBLIC]]
    to_server = internet.connect

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        if address == "1.1.1.1":
            raise ConnectionRefusedError
        return to_server(address, port, seconds)

    internet.connect = connect
    assert internet.door().get("https://two.example/").status == 200


def elsewhere(serve, internet: Internet) -> Server:
    """Another public server, to which moved.example redirects."""
    other = serve(reply_json({"here": 1}), internet.certificate("other.example"))
    internet.put("other.example", other, "1.1.1.1")
    moved = reply(status="301 Moved", Location="https://other.example/there")
    internet.put("moved.example", serve(moved, internet.certificate("moved.example")))
    return other


def test_a_redirect_to_another_server_is_followed_without_a_token(serve, internet):
    other = elsewhere(serve, internet)
    answer = internet.door().get("https://moved.example/")
    assert (answer.json(), answer.url) == ({"here": 1}, "https://other.example/there")
    assert (b"Host: other.example\r\n" in other.requests[0], other.hits) == (True, 1)


def test_a_token_is_never_carried_to_another_server(serve, internet):
    other = elsewhere(serve, internet)
    error = failure(internet.door().get, "https://moved.example/", token=TOKEN)
    assert (error.code, other.hits) == ("redirected_away", 0)


def test_a_public_server_cannot_redirect_to_a_development_host(serve, internet):
    canary = serve(reply_json({"secret": 1}))
    moved = reply(status="302 Found", Location=canary.url())
    internet.put("moved.example", serve(moved, internet.certificate("moved.example")))
    door = internet.door(development_hosts=frozenset({canary.authority}))
    assert failure(door.get, "https://moved.example/").code == "refused_address"
    assert canary.hits == 0


def test_a_proxy_in_the_environment_is_not_used(serve, door_to, monkeypatch):
    proxy = serve(reply_json({"proxied": 1}))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    server = serve(reply_json({"direct": 1}))
    assert door_to(server).get(server.url()).json() == {"direct": 1}
    assert proxy.hits == 0


# --- Waiting when asked to ---------------------------------------------------------------------


def seconds_asked_for(serve, door_to, status: str = "429 Slow down", **headers: str) -> float:
    server = serve(reply(b"{}", status=status, **headers))
    began = datetime.now(UTC)
    error = failure(door_to(server).get, server.url(), token=TOKEN)
    assert isinstance(error, RateLimited)
    assert error.code == "rate_limited"
    return (error.until - began).total_seconds()


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize(
    "headers",
    [
        lambda: {"Retry_After": "3600"},
        lambda: {"Retry_After": format_datetime(in_an_hour(), usegmt=True)},
        lambda: {"X_RateLimit_Reset": in_an_hour().isoformat().replace("+00:00", "Z")},
        lambda: {"X_RateLimit_Reset": str(int(in_an_hour().timestamp()))},
        lambda: {"x_rate_limit_reset": str(int(in_an_hour().timestamp()))},
        lambda: {"RateLimit_Reset": "3600"},
        lambda: {"Retry_After": "soon", "X_RateLimit_Reset": in_an_hour().isoformat()},
    ],
    ids=["seconds", "date", "iso", "epoch", "epoch of X", "delta", "second header"],
)
def test_every_form_of_asking_us_to_wait_is_understood(serve, door_to, headers):
    assert 3595 < seconds_asked_for(serve, door_to, **headers()) < 3605


@pytest.mark.parametrize("text", ["9" * 60, "99999999999", "9999-12-31T23:59:59Z"])
def test_nobody_sends_us_away_for_more_than_a_day(serve, door_to, text):
    assert 86_390 < seconds_asked_for(serve, door_to, Retry_After=text) < 86_410


@pytest.mark.parametrize("text", ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "1000000000"])
def test_a_wait_in_the_past_is_a_second(serve, door_to, text):
    assert 0.9 < seconds_asked_for(serve, door_to, Retry_After=text) < 3


@pytest.mark.parametrize("text", ["-5", "nan", "\u00b2", "0001-01-01T00:00:00+23:00"])
def test_a_wait_that_says_nothing_is_five_minutes(serve, door_to, text):
    assert 290 < seconds_asked_for(serve, door_to, Retry_After=text) < 310


def test_a_busy_server_that_names_a_time_is_given_it(serve, door_to):
    assert 50 < seconds_asked_for(serve, door_to, "503 Busy", Retry_After="60") < 70


def test_a_host_that_asked_us_to_wait_is_not_asked_again(serve, door_to):
    server = serve(reply(b"{}", status="429 Slow down", Retry_After="60"))
    door = door_to(server)
    first, second = (failure(door.get, server.url()) for _ in range(2))
    assert isinstance(second, RateLimited)
    assert abs(second.until - first.until) < timedelta(seconds=1)
    assert server.hits == 1


def test_the_last_request_of_a_window_is_the_last(serve, door_to):
    server = serve(reply(b"{}", X_RateLimit_Remaining="0", X_RateLimit_Reset="60"))
    door = door_to(server)
    assert door.get(server.url()).status == 200
    assert isinstance(failure(door.get, server.url()), RateLimited)
    assert server.hits == 1


def test_the_last_request_of_one_token_leaves_the_others_theirs(serve, door_to):
    def say(connection, request):
        left = "0" if b"Bearer busy" in request else "299"
        headers = {"X_RateLimit_Remaining": left, "X_RateLimit_Reset": "60"}
        reply(b"{}", **headers)(connection, request)

    server = serve(say)
    door = door_to(server)
    assert door.get(server.url(), token="busy").status == 200
    assert isinstance(failure(door.get, server.url(), token="busy"), RateLimited)
    assert door.get(server.url(), token="calm").status == 200
    assert door.get(server.url()).status == 200


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("403 No", {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "60"}),
        ("403 No", {"Retry_After": "60"}),
        ("429 No", {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "60"}),
    ],
)
def test_a_refusal_for_one_token_leaves_the_others_theirs(serve, door_to, status, headers):
    server = serve(reply(b"{}", status=status, **headers))
    door = door_to(server)
    for token in ("busy", "busy", "calm"):
        assert isinstance(failure(door.get, server.url(), token=token), RateLimited)
    assert server.hits == 2


def test_a_plain_403_is_an_answer(serve, door_to):
    server = serve(reply(b"{}", status="403 No", X_RateLimit_Remaining="9"))
    assert door_to(server).get(server.url()).status == 403


def test_a_budget_is_shared_by_the_doors_that_have_it(serve, door_to):
    server = serve(reply(b"{}", status="429 Slow down", Retry_After="60"))
    budget = OwnBudget()
    failure(door_to(server, budget=budget).get, server.url())
    failure(door_to(server, budget=budget).get, server.url())
    assert server.hits == 1


def test_a_wait_that_is_over_is_over():
    budget = OwnBudget()
    budget.note("known.example", datetime.now(UTC) - timedelta(seconds=1))
    budget.allow("known.example")


# --- Answers -------------------------------------------------------------------------------------


def answer(body: bytes = b"{}", kind: str = "application/json", **headers: str) -> Answer:
    return Answer(200, {"content-type": kind, **headers}, body, "https://good.example/a/b")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/activity+json"])
def test_json_is_taken_as_json(kind):
    assert answer(b'{"a": [1, 2.5, "\xc3\xa4"]}', kind).json() == {"a": [1, 2.5, "ä"]}


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "", "application/jsonp"])
def test_what_is_not_called_json_is_garbage(kind):
    assert failure(answer(b"{}", kind).json).code == "garbage"


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Just a moment</title>",
        b"",
        b"{",
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 100_000,
        b"[" * 400_000,
        b"[" + b"[]," * 300_000 + b"1]",
        b"[" + b'{"":0},' * 140_000 + b"1]",
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b"[1e999]",
        b"[-1e999]",
        b"1" * 5_000,
        b"[99999999999999999999]",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b\\u0000": 2}}',
        b'"\xff\xfe"',
        b'\xff\xfe"\x00a\x00"\x00',
    ],
)
def test_what_is_not_strict_json_is_garbage(body):
    error = failure(answer(body).json)
    assert (type(error), error.code) == (Transient, "garbage")


def test_nul_and_half_surrogates_are_taken_out_of_texts():
    found = answer(b'{"a\\u0000": ["x\\u0000y", "\\ud800z", "\\ud83d\\ude00"]}').json()
    assert found == {"a": ["xy", "\ufffdz", "\U0001f600"]}


def test_as_deep_as_allowed_is_allowed():
    assert answer(b"[" * 64 + b"]" * 64).json()


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('<https://good.example/x?max_id=7>; rel="next"', "https://good.example/x?max_id=7"),
        ('<https://a.example/p>; rel="prev", </x?y=1>; rel=next', "https://good.example/x?y=1"),
        ('<https://a.example/p>; title="next"; rel="last next"', "https://a.example/p"),
        ("<?page=2>; REL=Next", "https://good.example/a/b?page=2"),
        ('<https://a.example/p>; rel="prev"', None),
        ('<https://a.example/p>; xrel="next"', None),
        ("nonsense <<>> ;;,", None),
        ('<https://[>; rel="next"', None),
        ("", None),
    ],
)
def test_links_are_found_by_relation(header, url):
    assert answer(link=header).link("next") == url


# --- Tokens --------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "with space", "tökén", "a" * 5000])
def test_a_token_that_cannot_be_a_token_is_not_sent(serve, door_to, token):
    server = serve(reply())
    error = failure(door_to(server).get, server.url(), token=token)
    assert (type(error), error.code, server.hits) == (AccessRevoked, "access_revoked", 0)
    assert token not in str(error)


def test_no_token_and_no_body_is_shown_or_logged(serve, door_to, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(reply_json({"access_token": TOKEN}))
    said = repr(door_to(server).post(server.url(f"/?q={TOKEN}"), data={"c": TOKEN}, token=TOKEN))
    assert TOKEN not in said + caplog.text
