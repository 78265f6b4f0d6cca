"""The account pages as people meet them: both schemes, both widths, and the keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Member
from tests.browser.conftest import NARROW, WIDE, NewPage

pytestmark = pytest.mark.django_db(transaction=True)

FOR_VISITORS = (
    "/account/login/",
    "/account/signup/",
    "/account/signup/passkey/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-abc/",
)
FOR_MEMBERS = (
    "/settings/",
    "/settings/export/",
    "/settings/delete/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/2fa/totp/activate/",
    "/account/sessions/",
    "/account/logout/",
)
LOOKS = [
    {"viewport": WIDE, "color_scheme": "light"},
    {"viewport": NARROW, "color_scheme": "dark"},
]


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_with_the_pages_for_visitors(
    new_page: NewPage, axe: Callable[[Page], None], look: dict[str, Any]
) -> None:
    page = new_page(**look)
    for path in FOR_VISITORS:
        page.goto(path)
        axe(page)
        assert _fits(page), path


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_with_the_pages_for_members(
    new_page: NewPage, axe: Callable[[Page], None], look: dict[str, Any], ada: Member
) -> None:
    ada.name = "Ada Wilhelmina Featherstonehaugh-Cholmondeley von Lindenbergerhausen"
    ada.save()
    page = new_page(**look)
    page.goto("/account/login/?next=/account/password/change/")
    _sign_in(page)
    for path in FOR_MEMBERS:
        page.goto(path)
        if page.url.split("?")[0].endswith("/reauthenticate/"):
            axe(page)
            page.get_by_label("Password").fill("correct horse 1")
            page.get_by_role("button", name="Go on").click()
            expect(page).not_to_have_url(re.compile("/reauthenticate/"))
        axe(page)
        assert _fits(page), path


def test_what_is_wrong_is_tied_to_its_field(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("short")
    page.get_by_label("I am 16 or older").check()
    page.get_by_role("button", name="Sign up").click()
    field = page.get_by_label("Password")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("too short"))
    axe(page)


def test_signing_in_needs_no_mouse(page: Page, ada: Member) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("ada@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/")


def _sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse 1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


def _fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
