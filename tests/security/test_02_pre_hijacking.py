"""Threat 2: an account that was prepared for somebody before they came.

The five attacks of Sudhodanan and Paverd, 2022 (arXiv 2205.10174); figure: all five fail. Two of
them need a sign-in by another provider. There is none: linking a network is not signing in, and
no account is found by an address that a platform names. While no mail is configured nobody can
prove an address, so an account without proof ends after a day only where mail is (decision 0201).
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.models import Member
from accounts.services import forget_unconfirmed
from accounts.sharing_models import Badge, ShareLink
from networks.consent_models import Revocation
from networks.models import LinkedAccount, Post
from tests.accounts.conftest import SIGN_UP, is_signed_in, link_in, prove_it, sign_in
from tests.connectors.fake_mastodon import FakeMastodon
from tests.factories import make_account, make_post
from tests.security.consent_walks import Walk
from tests.sharing.conftest import badge_of, publish
from tests.sharing.test_share_links import made

pytestmark = pytest.mark.django_db

VICTIMS_PASSWORD = "only the victim knows this"


def _victim_resets(mailoutbox: list[Any]) -> Client:
    victim = Client()
    victim.post("/account/password/reset/", {"email": SIGN_UP["email"]})
    form = victim.get(link_in(mailoutbox[-1]), follow=True)
    victim.post(form.request["PATH_INFO"], {"password1": VICTIMS_PASSWORD})
    return victim


# --- 1 and 5: another provider vouches for the attacker, or for the victim ----------------------


def test_no_provider_signs_anybody_in(client: Client, now: datetime, settings: Any) -> None:
    """Classic-federated merge: whoever ada is at a network, no account of hers is opened by it."""
    assert not any("socialaccount" in app for app in settings.INSTALLED_APPS)
    answer = client.get("/networks/callback/mastodon/known.example/?state=x&code=y")
    assert answer.headers["Location"].startswith("/account/login/")


def test_an_address_that_a_platform_names_opens_and_confirms_nothing(
    client: Client,
    mallory: Member,
    confirmed_ada: Member,
    now: datetime,
    settings: Any,
    monkeypatch: Any,
) -> None:
    """Non-verifying provider: a server may say that mallory's address is ada's."""
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **_options: None)
    server = FakeMastodon(now)
    settings.DEVELOPMENT_HOSTS = [server.host]
    server.world.me |= {"email": confirmed_ada.email, "display_name": confirmed_ada.email}
    client.force_login(mallory)
    Walk(client, server).back()
    server.close()
    assert LinkedAccount.objects.get().member == mallory
    assert not EmailAddress.objects.filter(user=mallory, verified=True).exists()


def test_where_mail_is_configured_an_account_without_proof_holds_nothing(
    client: Client, mailed: None
) -> None:
    client.post("/account/signup/", SIGN_UP)
    for page in ("/settings/", "/networks/", "/networks/link/mastodon/", "/settings/api/"):
        assert client.get(page).status_code == 302, page
    sign_in(client, SIGN_UP["email"], SIGN_UP["password1"])
    assert not is_signed_in(client)


# --- 2: a session that does not end -------------------------------------------------------------


def test_a_session_from_before_does_not_outlive_the_victims_reset(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    assert is_signed_in(client)
    _victim_resets(mailoutbox)
    assert not is_signed_in(client)


# --- 3: a way in that the victim does not see ---------------------------------------------------


def test_a_planted_second_factor_goes_with_the_victims_reset(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    Authenticator.objects.create(user=Member.objects.get(), type="totp", data={"secret": "x"})
    victim = _victim_resets(mailoutbox)
    sign_in(victim, SIGN_UP["email"], VICTIMS_PASSWORD)
    assert is_signed_in(victim)
    assert EmailAddress.objects.get().verified


def test_planted_keys_links_and_networks_end_with_the_victims_reset(
    client: Client, mailoutbox: list[Any], now: datetime
) -> None:
    client.post("/account/signup/", SIGN_UP)
    member = Member.objects.get()
    key = api_keys.make_key(member, "planted", ["read"], now)
    made(member, now, shows_score=True)
    badge_of(member, now)
    publish(member, now)
    account = make_account(member, now, credentials="sealed", next_poll_at=now)
    make_post(account, now)
    _victim_resets(mailoutbox)
    assert api_keys.holder_of(api_keys.digest_of(key), now.date()) is None
    assert not ShareLink.objects.exists()
    assert not Badge.objects.exists()
    assert Client().get("/@ada/").status_code == 404
    account.refresh_from_db()
    assert (account.state, account.credentials, account.findable) == ("needs_consent", "", False)
    assert account.next_poll_at is None
    assert Post.objects.exists(), "what was read is kept"


def test_a_proved_account_keeps_its_keys_and_networks_at_a_reset(
    confirmed_ada: Member, mailoutbox: list[Any], now: datetime
) -> None:
    key = api_keys.make_key(confirmed_ada, "hers", ["read"], now)
    make_account(confirmed_ada, now)
    _victim_resets(mailoutbox)
    assert api_keys.holder_of(api_keys.digest_of(key), now.date())
    assert LinkedAccount.objects.get().state == "active"
    assert not Revocation.objects.exists()


# --- 4: a change of address that waits ----------------------------------------------------------


def test_a_pending_change_of_address_dies_with_the_attackers_session(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    prove_it(client, SIGN_UP["password1"])
    client.post("/account/email/", {"email": "mallory@example.com", "action_add": ""})
    pending = dict(client.session)["account_email_verification_code"]
    _victim_resets(mailoutbox)
    client.post("/account/confirm-email/", {"code": pending["code"], "action": "verify"})
    assert Member.objects.get().email == SIGN_UP["email"]


# --- And nobody waits for ever ------------------------------------------------------------------


def test_a_reset_keeps_the_second_factor_of_a_proved_account(
    confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    Authenticator.objects.create(user=confirmed_ada, type="totp", data={"secret": "x"})
    _victim_resets(mailoutbox)
    assert Authenticator.objects.filter(user=confirmed_ada).exists()


def test_a_sign_up_that_nobody_confirms_is_forgotten_after_a_day(
    client: Client, mailed: None, grace: Member
) -> None:
    client.post("/account/signup/", SIGN_UP)
    now = timezone.now()
    forget_unconfirmed(now)
    assert Member.objects.count() == 2
    forget_unconfirmed(now + timedelta(hours=25))
    assert list(Member.objects.all()) == [grace]


def test_a_member_who_has_been_here_is_not_forgotten(client: Client, mailed: None) -> None:
    now = timezone.now()
    member = Member.objects.create_user("a@example.com", "x", name="A", age_stated_at=now)
    client.force_login(member)
    forget_unconfirmed(now + timedelta(days=400))
    assert Member.objects.filter(pk=member.pk).exists()
