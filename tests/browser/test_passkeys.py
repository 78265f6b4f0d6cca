"""Passkeys, with an authenticator that Chromium pretends to have."""

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


def _with_authenticator(page: Page) -> CDPSession:
    """Give the page's browser a platform authenticator whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def _sign_up_by_passkey(page: Page) -> None:
    page.goto("/account/signup/passkey/")
    page.get_by_label("Name").fill("Ada Lind")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("I am 16 or older").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Create it").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))


def test_a_visitor_signs_up_and_later_in_with_a_passkey(page: Page) -> None:
    _with_authenticator(page)
    _sign_up_by_passkey(page)
    assert not Member.objects.get().has_usable_password()

    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))


def test_a_passkey_proves_once_more_that_it_is_me(page: Page) -> None:
    _with_authenticator(page)
    _sign_up_by_passkey(page)
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


def test_a_member_adds_a_passkey(page: Page, ada: Member) -> None:
    _with_authenticator(page)
    page.goto("/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse 1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill("correct horse 1")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("My passkey")).to_be_visible()


def test_a_passkey_that_does_not_work_gets_a_sentence(page: Page) -> None:
    page.add_init_script("navigator.credentials.get = async () => { throw new Error('no') }")
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing has changed")


def test_a_passkey_is_asked_for_after_the_password_where_there_is_one(page: Page) -> None:
    _with_authenticator(page)
    _sign_up_by_passkey(page)
    member = Member.objects.get()
    member.set_password("a password beside it")
    member.save()
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("a password beside it")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))
