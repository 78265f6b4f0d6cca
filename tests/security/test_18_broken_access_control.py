"""Threat 18: somebody sees or does what is not theirs.

Figure: every route is in the matrix of visitor, stranger, owner and operator, and one that is not
fails. Deny by default: a route that is not named here as open asks visitors to sign in; one that
leads to a single thing is named with the thing, and is not found by others; all others show and
change the things of whoever asks.
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
from tests.routes import Route, routes
from tests.security import own_things

pytestmark = pytest.mark.django_db

OPEN = {
    "landing",
    "how",
    "privacy",
    "terms",
    "contact",
    "leaving",  # for whoever has the link, see tests/accounts/test_leaving.py
    "invitation",  # for whoever has the link, see tests/operators/test_registration.py
    "healthz",
    "metrics",  # for whoever has the token, see tests/watching/test_metrics.py
    # For people who are no members, see tests/networks/test_stop_list.py.
    *("stop_counting", "stop_counting_who", "stop_counting_code"),
    "bluesky_client",  # what this site is, for other servers; see tests/networks/test_bluesky.py
    "manifest",
    "profile",  # what its owner published, see tests/sharing/test_profile.py
    "shared",  # for whoever has the link, see tests/sharing/test_share_links.py
    "badge",  # for whoever has its address, see tests/sharing/test_badge.py
    "preview",  # what stands on the two pages before, see tests/sharing/test_previews.py
    "picture",  # for whoever was shown its address, see tests/networks/test_pictures.py
    "for_you",  # for whoever has the link, see tests/gifting/test_invitations.py
    "stop_pings",  # for whoever has the link, see tests/sonobuoy/test_mail_of_pings.py
    "stop_weekly",  # for whoever has the link, see tests/sonobuoy/test_weekly_mail.py
    "stop_digest",  # for whoever has the link, see tests/gifting/test_digest.py
    "me",  # the same page for everybody and every address
    "webmention",  # anybody's software, see tests/networks/test_webmentions.py
    "mail",  # on this machine only, see tests/accounts/test_mail_page.py
    # By key, see tests/api/test_classic.py.
    *("v1_klout", "v1_show", "v1_influenced_by", "v1_influencer_of", "v1_unknown"),
    *("v2_identity_by_name", "v2_identity_by_id", "v2_identity_of_kloutid", "v2_unknown"),
    *("v2_user", "v2_score", "v2_influence"),
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_signup_by_passkey",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Steps of signing in and up: without the step before, they lead back to the start.
STEPS = {"mfa_authenticate", "mfa_login_webauthn", "mfa_signup_webauthn"}


CLOSED = [
    route for route in routes() if route.name not in OPEN | STEPS and "(?P" not in route.address
]


@pytest.mark.parametrize("route", CLOSED, ids=[route.name for route in CLOSED])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(client: Client, route: Route, method: str) -> None:
    answer = getattr(client, method)(route.address)
    if answer.status_code != 405:
        assert answer.status_code == 302, route.address
        assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_step_without_the_one_before_leads_back(client: Client, name: str) -> None:
    addresses = {route.name: route.address for route in routes()}
    assert client.get(addresses[name]).headers["Location"].startswith("/account/")


def test_what_is_open_exists() -> None:
    names = {route.name for route in routes()}
    assert names >= OPEN | STEPS


# --- Members and operators ----------------------------------------------------------------------

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
