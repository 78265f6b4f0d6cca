"""The pretend network's own pages: no axe violations, nothing that its policy refuses."""

import re

import pytest
from playwright.sync_api import expect

from tests.playground_server import authorize_params, pkce, register


@pytest.mark.parametrize(
    "look", [{"viewport": {"width": 390, "height": 844}}, {"color_scheme": "dark"}, {}]
)
def test_every_kind_of_page_can_be_read_and_used_by_everybody(new_page, axe, playground, look):
    page = new_page(**look)
    page.goto(playground.base_url)
    axe(page)
    page.goto(f"{playground.base_url}/sign-in")
    axe(page)
    page.get_by_label("Grace Oduya").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))
    axe(page)
    page.get_by_role("link", name="Ada Lind").first.click()
    expect(page).to_have_url(re.compile("/@ada$"))
    axe(page)
    page.locator("article time").first.click()
    expect(page).to_have_url(re.compile(r"/@ada/\d+$"))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"{playground.base_url}/nobody")
    axe(page)


def test_consent_can_be_given_in_a_browser(new_page, axe, playground):
    page = new_page()
    page.route("http://localhost:8000/**", lambda route: route.fulfill(body="back again"))
    app = register(playground, "read profile")
    address = f"{playground.base_url}/oauth/authorize"
    params = authorize_params(app, "read profile", pkce()[1])
    page.goto(address + "?" + "&".join(f"{name}={value}" for name, value in params.items()))
    page.get_by_label("Noor Haddad").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Authorize")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("http://localhost:8000/**")
    assert "code=" in page.url
    assert "state=kept" in page.url
