"""The attacks of Sudhodanan and Paverd, 2022 (arXiv 2205.10174), that could touch this product.

Two of the five need a sign-in by another provider, which we do not have: linking a network is
not signing in, and no link is made by e-mail.
"""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.models import Member
from accounts.services import forget_unconfirmed
from tests.accounts.conftest import SIGN_UP, is_signed_in, link_in, prove_it, sign_in

pytestmark = pytest.mark.django_db

VICTIMS_PASSWORD = "only the victim knows this"


def _victim_resets(mailoutbox: list[Any]) -> Client:
    victim = Client()
    victim.post("/account/password/reset/", {"email": SIGN_UP["email"]})
    form = victim.get(link_in(mailoutbox[-1]), follow=True)
    victim.post(form.request["PATH_INFO"], {"password1": VICTIMS_PASSWORD})
    return victim


def test_a_session_from_before_does_not_outlive_the_victims_reset(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    assert is_signed_in(client)
    _victim_resets(mailoutbox)
    assert not is_signed_in(client)


def test_a_planted_second_factor_goes_with_the_victims_reset(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/account/signup/", SIGN_UP)
    Authenticator.objects.create(user=Member.objects.get(), type="totp", data={"secret": "x"})
    victim = _victim_resets(mailoutbox)
    sign_in(victim, SIGN_UP["email"], VICTIMS_PASSWORD)
    assert is_signed_in(victim)
    assert EmailAddress.objects.get().verified


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
