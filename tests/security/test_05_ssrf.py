"""Threat 5: our server is made to ask for something inside.

Figure: of 500 forms of URL that lead inside none reaches a listener on loopback, of 100 good ones
all arrive, and of 1,000 names that change their address between two looks none does. Redirects,
certificates and secrets are in tests/networks/edge/test_door.py, single addresses in
test_address_guard.py beside it, and that nothing else opens a connection is an import contract.
"""

import random
import re
import socket
from urllib.request import urlopen

import pytest

from networks.connectors.base import Transient
from networks.http import Door
from tests.networks.edge.internet import PUBLIC
from tests.networks.edge.servers import Server, path_of, reply, reply_json
from tests.networks.edge.test_address_guard import LEADING_INSIDE
from tests.security.addresses import inside, outside


@pytest.fixture
def canary(serve) -> Server:
    """Whatever is connected to on this machine is connected to this."""
    return serve(reply_json({"secret": "canary"}))


@pytest.fixture
def careless_world(canary: Server) -> Door:
    """A door in a world where every name and every address leads to the canary.

    Addresses are understood as the system's own library does, `0x7f.1` and all.
    """

    def resolve(name: str, _seconds: float) -> list[str]:
        if name.startswith("inside-"):
            return [LEADING_INSIDE[int(name.removeprefix("inside-").partition(".")[0])]]
        try:
            found = socket.getaddrinfo(name, 443, flags=socket.AI_NUMERICHOST)
            return [str(one[4][0]) for one in found]
        except OSError:
            return ["127.0.0.1"]

    def connect(_address: str, _port: int, seconds: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", canary.port), seconds)

    return Door(resolve=resolve, connect=connect, deadline=2)


def test_five_hundred_forms_that_lead_inside_reach_nobody(canary, careless_world):
    forms = inside(canary.port)
    assert len(forms) >= 500
    for url in forms:
        # With nothing replaced, too, where the address alone leads to the canary.
        doors = [careless_world, Door()] if str(canary.port) in url else [careless_world]
        for door in doors:
            with pytest.raises(Transient) as caught:
                door.get(url)
            assert caught.value.code == "refused_address", url
    assert canary.hits == 0


def test_the_canary_sings_when_somebody_comes(canary):
    with urlopen(f"http://127.1:{canary.port}/") as answer:
        assert b"canary" in answer.read()
    assert canary.hits == 1


def test_a_hundred_good_ones_arrive(serve, internet):
    names = [
        *("mastodon.example", "a.b.c.d.example", "xn--bcher-kva.example", "1.example"),
        "a-b.example",
    ]
    server = serve(reply_json({"ok": 1}), internet.certificate(*names))
    for name in names:
        internet.put(name, server)
    door, good = internet.door(), outside()
    assert len(good) >= 100
    for url in good:
        assert door.get(url).json() == {"ok": 1}, url
    assert server.hits == len(good)
    assert set(internet.connected) == {PUBLIC}


def test_of_a_thousand_names_that_change_their_address_none_leads_inside(canary):
    """Whatever was looked up is what is connected to: there is no second look."""
    chance, connected = random.Random(2026), []
    bad = [address for address in LEADING_INSIDE if address]

    def resolve(_name: str, _seconds: float) -> list[str]:
        """Now clean, now inside, now both in one answer."""
        clean, unclean = [PUBLIC, "1.1.1.1"], chance.choices(bad, k=2)
        return chance.choice([clean, unclean, [clean[0], unclean[0]], [unclean[0], clean[1]]])

    def connect(address: str, _port: int, seconds: float) -> socket.socket:
        connected.append(address)
        if address in (PUBLIC, "1.1.1.1"):
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", canary.port), seconds)

    door = Door(resolve=resolve, connect=connect, deadline=2)
    for _ in range(1000):
        with pytest.raises(Transient):
            door.get("https://rebind.example/", token="secret")
    assert set(connected) == {PUBLIC, "1.1.1.1"}
    assert canary.hits == 0


def test_no_redirect_leads_to_any_of_the_five_hundred(serve, canary, internet):
    """The server names one after another; each is refused as if it had been typed."""
    forms = [form for form in inside(canary.port) if form.isascii() and form.isprintable()]
    # What names no server is a path on the server that says it.
    forms = [form for form in forms if re.match(r"[a-z-]+://[^/]", form)]

    def say(connection, request):
        reply(status="302 Found", Location=forms[int(path_of(request)[1:])])(connection, request)

    internet.put("moved.example", serve(say, internet.certificate("moved.example")))
    for number in range(len(LEADING_INSIDE)):
        internet.answers[f"inside-{number}.example"] = [[LEADING_INSIDE[number]]]
    internet.resolve = _or_loopback(internet.resolve)
    door = internet.door()
    for number in random.Random(2026).sample(range(len(forms)), 100):
        with pytest.raises(Transient) as caught:
            door.get(f"https://moved.example/{number}")
        assert caught.value.code in ("refused_address", "redirected_away"), forms[number]
    assert set(internet.connected) == {PUBLIC}
    assert canary.hits == 0


def _or_loopback(resolve):
    def resolved(name: str, seconds: float) -> list[str]:
        try:
            return resolve(name, seconds)
        except KeyError:
            return ["127.0.0.1"]

    return resolved
