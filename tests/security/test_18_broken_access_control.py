"""Threat 18: somebody sees or does what is not theirs.

Figure: every route is in the matrix of visitor, stranger, owner and operator, and one that is not
fails. Deny by default: a route that is not named as open in tests/test_who_may_open_what.py asks
visitors to sign in; one that leads to a single thing is named with the thing, and is not found by
others; all others show and change the things of whoever asks.
"""

from datetime import datetime

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import Member
from tests.operators.test_nothing_is_edited import tables
from tests.security import own_things
from tests.test_who_may_open_what import CLOSED

pytestmark = pytest.mark.django_db

# A date, a year, a name of a platform: what is there is that of whoever asks.
OF_WHOEVER_ASKS = {"why_on", "dispute", "letter", "about_network", "link", "link_callback"}
# Told to all members; each closes it for themselves.
FOR_ALL_MEMBERS = {"close_announcement"}


@pytest.fixture
def now() -> datetime:
    """Pages read the clock themselves."""
    return timezone.now()


@pytest.fixture
def things(ada: Member, grace: Member, now, settings, tmp_path) -> dict[str, str]:
    settings.EXPORT_DIR = tmp_path
    (tmp_path / "a.zip").write_bytes(b"PK")
    return own_things.of_a_member(ada, grace, now)


def at(member: Member) -> Client:
    """A browser in which a member proved a moment ago who they are."""
    client = Client(raise_request_exception=False)
    client.force_login(member)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, member, method="password", reauthenticated=True)
    request.session.save()
    return client


def olga() -> Member:
    return Member.objects.create_user("olga@example.com", "x", name="Olga", is_staff=True)


def answers(client: Client, address: str) -> set[int]:
    """How it answers to looking and to doing; what is the wrong way of the two does not count.

    What was done is undone.
    """
    codes = set()
    with transaction.atomic():
        for ask in (client.get, client.post):
            answer = ask(address)
            codes.add(answer.status_code)
            for close in answer._resource_closers:
                close()
        transaction.set_rollback(True)
    return codes - {405}


def nowhere_like(address: str) -> str:
    """The same address of something that nobody has."""
    head, _, tail = address.rpartition("/keys/")
    return f"{head}/keys/999999/{tail.partition('/')[2]}"


def test_every_route_to_a_single_thing_is_in_the_matrix(things: dict[str, str], now) -> None:
    single = {route.name for route in CLOSED if route.is_of_one and not route.space}
    known = things.keys() | own_things.of_the_operators(now).keys()
    assert single - known - OF_WHOEVER_ASKS - FOR_ALL_MEMBERS == set()


@pytest.mark.parametrize("whose", ["a stranger's", "an operator's"])
def test_what_is_one_members_is_not_found_by_others_and_stays_as_it_is(
    things: dict[str, str], mallory: Member, whose: str
) -> None:
    other = at(mallory if whose == "a stranger's" else olga())
    before = tables()
    for name, address in things.items():
        # allauth sends whoever has no passkey back to the page with none, whichever it is.
        expected = answers(other, nowhere_like(address)) if name.startswith("mfa_") else {404}
        assert answers(other, address) == expected, name
        assert 200 not in expected
        other.post(address)
    assert tables() == before


def test_what_is_ones_own_is_found(things: dict[str, str], ada: Member) -> None:
    owner = at(ada)
    for name, address in things.items():
        assert answers(owner, address).isdisjoint({403, 404, 500}), name


def test_the_operators_queues_are_not_found_by_members(things, now, ada: Member) -> None:
    member, operator = at(ada), at(olga())
    for name, address in own_things.of_the_operators(now).items():
        assert answers(member, address) == {404}, name
        assert answers(operator, address).isdisjoint({403, 404, 500}), name


def test_every_other_page_is_a_members_own(things: dict[str, str], mallory: Member, now) -> None:
    """They show the things of whoever asks: nothing of ada's is on any of them."""
    stranger, special = at(mallory), things.keys() | own_things.of_the_operators(now).keys()
    asked = 0
    for route in CLOSED:
        if route.name in special or route.space:
            continue
        page = stranger.get(route.address)
        assert page.status_code != 500, route.name
        for words in ("ada@example.com", "@ada1@known.example", "Ada Lind", "thanks"):
            assert words not in _text(page), (route.name, words)
        asked += 1
    assert asked > 60


def _text(page) -> str:
    whole = b"".join(page.streaming_content) if page.streaming else page.content
    return whole.decode(errors="replace")
