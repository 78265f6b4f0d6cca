"""The account pages as people meet them: both schemes, both widths, and the keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


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
