"""No way inside: every address that leads to us or our neighbours is refused."""

import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.address_guard import (
    clean_addresses,
    development_address,
    is_public,
    parse_url,
    resolve_name,
    server_name,
)
from networks.connectors.base import Transient
from networks.http import Door

LEADING_INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "2606:4700::1%lo",
    "not an address",
    "",
]
PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
]
NOT_SPOKEN_TO = [
    "http://mastodon.example/",
    "ftp://mastodon.example/",
    "file:///etc/passwd",
    "gopher://mastodon.example/",
    "//mastodon.example/",
    "mastodon.example",
    "",
    "https://",
    "https:///path",
    "https://mastodon.example:8443/",
    "https://mastodon.example:80/",
    "https://mastodon.example:99999/",
    "https://mastodon.example:x/",
    "https://ada@mastodon.example/",
    "https://ada:secret@mastodon.example/",
    "https://@mastodon.example/",
    "https://mastodon.example\\@evil.example/",
    "https://mastodon.example /",
    "https://mastodon.example/a\nb",
    "https://mastodon.example/a\x00b",
    "https://mastodon.example/a\ud800b",
    " https://mastodon.example/",
    "https://localhost/",
    "https://redis/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.0x1/",
    "https://93.184.216.34/",
    "https://１２７.０.０.１/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[2606:4700:4700::1111]/",
    "https://[fe80::1%25lo]/",
    "https://[::1/",
    "https://mastodon..example/",
    "https://-mastodon.example/",
    "https://mastodon_.example/",
    "https://mastodon.example%2f.evil.example/",
    "https://ex\u00adample..org/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 130 + "example/",
    "https://xn--.example/",
    "https://exa\u2044mple.org/",
    "http://127.0.0.1:8001/",
    "http://127.0.0.1/",
]


# Operators read these where an account cannot be read.
SAID = {
    "https://a b.example/": "the URL holds a space, a backslash or a control character",
    "https://[::1/": "not a URL",
    "http://mastodon.example/": "only https on port 443, without a user in the URL",
    "https://localhost/": "the URL does not name a server",
}


def refusal(url: str, *development_hosts: str) -> str:
    with pytest.raises(Transient) as caught:
        parse_url(url, development_hosts)
    return caught.value.code


@pytest.mark.parametrize("address", LEADING_INSIDE)
def test_an_address_that_leads_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("bad", LEADING_INSIDE)
def test_one_bad_address_refuses_the_whole_answer(bad):
    with pytest.raises(Transient) as caught:
        clean_addresses(["93.184.216.34", bad])
    assert caught.value.code == "refused_address"


@pytest.mark.parametrize("bad", LEADING_INSIDE)
def test_the_door_connects_to_nothing_when_a_name_leads_inside(bad):
    connected = []

    def connect(address, port, _seconds):
        connected.append(address)
        raise ConnectionRefusedError

    door = Door(resolve=lambda _name, _seconds: [bad], connect=connect)
    with pytest.raises(Transient) as caught:
        door.get("https://inside.example/", token="secret")
    assert (caught.value.code, connected) == ("refused_address", [])


NOT_GLOBAL_V4 = st.ip_addresses(v=4).filter(lambda address: not address.is_global)


@settings(max_examples=1000)
@given(st.ip_addresses())
def test_what_is_public_here_is_global_to_the_standard_library_too(address):
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@settings(max_examples=1000)
@given(NOT_GLOBAL_V4, st.sampled_from(["::ffff:{}", "::ffff:0:{}", "::{}", "64:ff9b::{}"]))
def test_no_wrapping_in_ipv6_makes_an_inner_address_public(address, wrapping):
    assert not is_public(str(address))
    assert not is_public(wrapping.format(address))
    high, low = divmod(int(address), 65536)
    assert not is_public(f"2002:{high:x}:{low:x}::1")


@settings(max_examples=500)
@given(st.text(max_size=60))
def test_no_text_makes_the_guard_stumble(text):
    for url in (text, f"https://{text}", f"https://{text}.example/", f"https://a.example/{text}"):
        try:
            place = parse_url(url)
        except Transient:
            continue
        assert (place.scheme, place.port, place.development) == ("https", 443, False)
        assert place.target.isascii()
        assert "@" not in place.host
        assert server_name(place.host) == place.host


def test_a_name_of_a_megabyte_takes_no_time():
    with pytest.raises(ValueError, match=r"^too long for a server's name$"):
        server_name("\u0661" * 1_000_000)


def test_the_longest_name_is_a_name_with_its_final_dot_too():
    longest = ".".join(["a" * 49] * 5) + ".ab"
    longest = "b" * (253 - len(longest)) + longest
    assert server_name(longest) == server_name(f"{longest}.") == longest
    for longer in (f"b{longest}", f"b{longest}."):
        with pytest.raises(ValueError, match=r"server's name$"):
            server_name(longer)


@pytest.mark.parametrize("text", ["redis", "a..example", "-a.example", "127.0.0.1", ".a.example"])
def test_what_is_no_name_is_said_to_be_none(text):
    with pytest.raises(ValueError, match=r"^not a server's name$"):
        server_name(text)


def test_a_name_without_addresses_is_unreachable():
    with pytest.raises(Transient, match=r"^the name has no address$") as caught:
        clean_addresses([])
    assert caught.value.code == "unreachable"


def test_an_answer_of_public_addresses_alone_is_passed_on_as_it_came():
    assert clean_addresses(PUBLIC) == PUBLIC
    with pytest.raises(Transient, match=r"^the name leads to an address that is not public$"):
        clean_addresses([*PUBLIC, "127.0.0.1"])


@pytest.fixture
def resolver(monkeypatch):
    """A function that puts another in the place of the system's resolver."""
    return lambda answer: monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_a_name_is_asked_for_as_a_whole_one_and_its_addresses_come_in_order(resolver):
    asked = []

    def answer(*given, **named):
        asked.append((given, named))
        return [(None, None, None, "", (address, 443)) for address in PUBLIC]

    resolver(answer)
    assert resolve_name("mastodon.example", 30) == PUBLIC
    assert asked == [(("mastodon.example.", 443), {"type": socket.SOCK_STREAM})]


@pytest.mark.parametrize("problem", [socket.gaierror(8, "unknown"), UnicodeError("too long")])
def test_a_name_that_is_not_there_is_unreachable(resolver, problem):
    def answer(*_given, **_named):
        raise problem

    resolver(answer)
    with pytest.raises(Transient, match=r"^mastodon.example: no such name$") as caught:
        resolve_name("mastodon.example", 30)
    assert caught.value.code == "unreachable"


def test_a_resolver_that_never_answers_is_left_behind_and_holds_up_no_end(resolver):
    end, others = threading.Event(), threading.enumerate()
    resolver(lambda *_given, **_named: end.wait(30) and [])
    with pytest.raises(Transient, match=r"^mastodon.example: .* too long to look up$") as caught:
        resolve_name("mastodon.example", 0.01)
    assert caught.value.code == "too_slow"
    (left,) = [thread for thread in threading.enumerate() if thread not in others]
    assert (left.name, left.daemon) == ("resolve", True)
    end.set()
    left.join()


@pytest.mark.parametrize("url", NOT_SPOKEN_TO)
def test_only_https_to_a_named_server_on_its_usual_port_is_spoken_to(url):
    assert refusal(url) == "refused_address"


@pytest.mark.parametrize("url", SAID)
def test_a_refusal_says_why(url):
    with pytest.raises(Transient) as caught:
        parse_url(url)
    assert str(caught.value) == SAID[url]


@pytest.mark.parametrize(
    ("url", "target"), [("", "/"), ("/", "/"), ("/a?", "/a"), ("?q=1", "/?q=1"), ("#part", "/")]
)
def test_what_is_asked_for_begins_with_a_slash(url, target):
    assert parse_url(f"https://mastodon.example{url}").target == target


def test_a_plain_url_is_taken_apart():
    place = parse_url("https://Mastodon.Example:443/api/v1/apps?limit=40#part")
    assert (place.host, place.port, place.target) == (
        "mastodon.example",
        443,
        "/api/v1/apps?limit=40",
    )
    assert place.url == "https://mastodon.example/api/v1/apps?limit=40"


def test_a_path_in_another_script_is_quoted():
    assert parse_url("https://mastodon.example/größe?q=ä").target == "/gr%C3%B6%C3%9Fe?q=%C3%A4"


def test_a_name_in_another_script_becomes_ascii():
    assert server_name("Bücher.Example") == "xn--bcher-kva.example"


def test_a_development_host_is_spoken_to_at_exactly_its_port():
    place = parse_url("http://127.0.0.1:8001/x", ["127.0.0.1:8001"])
    assert (place.scheme, place.host, place.port, place.development) == (
        "http",
        "127.0.0.1",
        8001,
        True,
    )
    assert place.url == "http://127.0.0.1:8001/x"


@pytest.mark.parametrize(
    ("authority", "place"), [("localhost:8001", ("127.0.0.1", 8001)), ("[::1]:80", ("::1", 80))]
)
def test_a_development_host_is_an_address_whatever_it_is_called(authority, place):
    assert development_address(authority) == place


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8002/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8001/",
        "http://localhost:8001/",
        "http://0x7f.1:8001/",
        "http://a@127.0.0.1:8001/",
        "https://127.0.0.1:8001/",
        "http://[::1]:8001/",
    ],
)
def test_nothing_beside_the_named_development_host_is_opened(url):
    assert refusal(url, "127.0.0.1:8001") == "refused_address"


@pytest.mark.parametrize("authority", ["10.0.0.1:80", "mastodon.example:80", "127.0.0.1", ""])
def test_a_development_host_off_loopback_is_a_mistake_said_at_the_start(authority):
    with pytest.raises(ValueError, match="address"):
        Door(frozenset({authority}))
