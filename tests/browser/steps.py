"""What people do on many pages: follow a link, press a button, sign in."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "a walk along the harbour"


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/account/login/")
    give_password(page, email, password)


def give_password(page: Page, email: str, password: str) -> None:
    """On the page that asks for it, which then leads on."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


def prove_it(page: Page, password: str = PASSWORD) -> None:
    """Show once more that it is us, where a page asks for that first."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(password)
        press(page, "Go on")
        expect(page).not_to_have_url(re.compile("/reauthenticate/"))
