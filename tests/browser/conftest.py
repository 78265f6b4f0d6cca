"""A real Chromium against the real site: `page` (1280 wide), `phone` (390 wide), `live`, `axe`.

Every page asked for here is watched: a violation of the content security policy or an error in
a script fails the test that met it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from accounts.models import Member

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURES = Path(__file__).resolve().parents[2] / "test-results"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}

NewPage = Callable[..., Page]


def find_chromium() -> str:
    """The Chromium to use: CHROMIUM from the environment, or one on the path."""
    named = os.environ.get("CHROMIUM", "")
    for candidate in (named, *CANDIDATES):
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    pytest.fail("No Chromium found. Install one (Debian: apt install chromium) or set CHROMIUM.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live(live_server: Any, settings: Any) -> str:
    """The address of the running site, http://localhost:<port>, without a slash at the end."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.BASE_URL = address
    return address


@pytest.fixture
def new_page(browser: Browser, live: str) -> Iterator[NewPage]:
    """Open a page of its own context; keywords go to Playwright (viewport, color_scheme, ...)."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(complaints, message.text))

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=live, **({"viewport": WIDE} | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", watch)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], text: str) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A desktop window, 1280 wide, light."""
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A telephone, 390 wide, light."""
    return new_page(viewport=NARROW)


@pytest.fixture
def dark(new_page: NewPage) -> Page:
    """A desktop window in the dark scheme."""
    return new_page(color_scheme="dark")


@pytest.fixture
def signed_in(live: str, settings: Any) -> Callable[[Page, Member], Page]:
    """Give a page the session of a member, without walking through the sign-in."""

    def sign_in(page: Page, member: Member) -> Page:
        client = Client()
        client.force_login(member)
        name = settings.SESSION_COOKIE_NAME
        session = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live}])
        return page

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe-core finds nothing wrong on the page (WCAG 2.2 AA and best practice)."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        assert [_told(violation) for violation in found] == []

    return check


def _told(violation: dict[str, Any]) -> str:
    places = [node["html"][:160] for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']}: {places}"


def take_picture(page: Page, path: Path) -> None:
    """Write a picture of the whole page."""
    try:
        page.screenshot(path=path, full_page=True)
    except Error:
        # Chromium now and then cannot capture while its own parts restart; once more then.
        page.screenshot(path=path, full_page=True)


@pytest.fixture
def snapshot() -> Callable[[Page, str], Path]:
    """Write a picture of the whole page to test-results/<name>.png."""

    def take(page: Page, name: str) -> Path:
        path = PICTURES / f"{name}.png"
        take_picture(page, path)
        return path

    return take
