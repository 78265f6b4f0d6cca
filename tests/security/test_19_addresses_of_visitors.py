"""Threat 19: a visitor names another address, and is counted as somebody else.

Figure: 0 tries beyond a limit, whatever headers are sent and however many come at once. Only so
many proxies are believed as the operator says stand in front (TRUSTED_PROXIES), counted from the
right.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings as the_settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from klout.settings import CACHES
from tests.accounts.conftest import PASSWORD
from tests.at_once import at_once
from tests.security.proofs import stands

OURS, TRUE = "10.0.0.9", "203.0.113.7"
LIES = (
    *("X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"),
    *("X-Cluster-Client-IP", "X-Forwarded", "Via", "X-Originating-IP", "X-Remote-Addr"),
)
ADDRESSES = st.one_of(st.ip_addresses().map(str), st.text("0123456789.:, abcdef[]%", max_size=30))


def address_of(proxies: int, settings, **headers: str) -> str:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().post("/", headers=headers, REMOTE_ADDR=OURS)
    return str(get_adapter().get_client_ip(request))


@given(st.lists(ADDRESSES, max_size=6), st.integers(0, 3))
def test_what_a_visitor_writes_before_our_proxies_is_not_read(lies, proxies) -> None:
    true = [TRUE, *(f"10.0.0.{n}" for n in range(1, proxies))][:proxies]
    said = ", ".join([*(lie.replace("\n", "") for lie in lies), *true])
    with override_settings():
        found = address_of(proxies, the_settings, **{"X-Forwarded-For": said})
    assert found == (TRUE if proxies else OURS)


def test_fewer_addresses_than_proxies_are_an_error_and_no_way_around(settings) -> None:
    with pytest.raises(ImproperlyConfigured):
        address_of(2, settings, **{"X-Forwarded-For": TRUE})


def test_neighbours_in_one_network_of_ipv6_are_counted_together(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    found = set()
    for last in range(300):
        headers = {"X-Forwarded-For": f"2001:db8:1:2:{last:x}::1"}
        request = RequestFactory().post("/", headers=headers, REMOTE_ADDR=OURS)
        found.add(ratelimit.get_ip(request))
    assert len(found) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_no_header_gives_a_try_beyond_the_limit(ada, settings, monkeypatch, proxies: int) -> None:
    """Of 60 tries with headers at random, from one address, against as many accounts."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    tried: list[object] = []
    monkeypatch.setattr(
        "accounts.backends.MemberBackend.authenticate",
        lambda _self, request, **said: tried.append(said) or None,
    )
    chance, browser = random.Random(2026), Client(REMOTE_ADDR=TRUE)
    for number in range(60):
        lies = {name: f"198.51.100.{chance.randrange(256)}" for name in chance.sample(LIES, 4)}
        forwarded = [f"198.51.100.{chance.randrange(256)}" for _ in range(chance.randrange(4))]
        lies["X-Forwarded-For"] = ", ".join([*forwarded, *[TRUE] * proxies])
        form = {"login": f"somebody{number}@example.com", "password": "wrong horse"}
        browser.post("/account/login/", form, headers=lies)
    assert 1 <= len(tried) <= 10, "ten that fail within a minute from one address"


@pytest.mark.parametrize("per", ["ip", "key"])
@pytest.mark.parametrize("place", ["redis", "memory"])
def test_a_limit_holds_for_sixty_four_at_once(settings, per: str, place: str) -> None:
    """By address and by account: as many are let through as the limit says, and no more."""
    location = CACHES["default"] if place == "redis" else CACHES["default"] | _away()
    settings.CACHES = {"default": location | {"KEY_PREFIX": str(uuid4())}}
    request = RequestFactory().post("/", REMOTE_ADDR=TRUE)

    def try_once() -> bool:
        used = ratelimit.consume(
            request, app="allauth.account", action="x", config={"x": f"5/m/{per}"}, key="ada"
        )
        return used is not None

    assert at_once_without_a_database(try_once, 64).count(True) == 5


def _away() -> dict[str, object]:
    return {"LOCATION": "redis://127.0.0.1:1/2"}


def at_once_without_a_database(call, times: int) -> list[bool]:
    with ThreadPoolExecutor(times) as pool:
        return [done.result() for done in [pool.submit(call) for _ in range(times)]]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_guesses_at_once_five_are_tried(confirmed_ada: Member, monkeypatch) -> None:
    checked: list[str] = []
    check = Member.check_password
    monkeypatch.setattr(
        Member, "check_password", lambda self, raw: (checked.append(raw), check(self, raw))[1]
    )

    def guess(number: int):
        form = {"login": confirmed_ada.email, "password": f"wrong horse {number}"}
        return lambda: Client(REMOTE_ADDR=f"198.51.100.{number}").post("/account/login/", form)

    answers = at_once(*(guess(number) for number in range(20)))
    assert not [one for one in answers if isinstance(one, Exception)]
    assert 1 <= len(checked) <= 5
    assert PASSWORD not in checked


def test_the_limits_of_the_api_hold_too() -> None:
    stands(
        "tests/api/test_quota.py",
        "test_a_thousand_keys_hammering_at_their_limit_get_exactly_their_quota",
        "test_many_requests_at_once_see_no_member_too_many",
    )
