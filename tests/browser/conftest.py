"""A real Chromium against the real site: `page` (1280 wide), `phone` (390 wide), `live`.

`in_order` looks at the open page in all four looks; `axe` at it as it is. Every page asked for here
is watched: a violation of the content security policy, an error in a script or on the console fails
the test that met it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from accounts.models import Member
from tests.browser.looks import (
    NARROW,
    WIDE,
    Wrong,
    complaints_of_axe,
    look_at,
    look_over,
    take_picture,
)
from tests.signing_in import lately_signed_in

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Where pictures of the pages that were looked at are put; without it none are taken.
PICTURES = os.environ.get("PAGE_PICTURES", "")

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
        page.on("console", lambda message: _note(complaints, message, live))

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=live, **({"viewport": WIDE} | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", watch)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(sorted(set(complaints)))


def _note(complaints: list[str], message: ConsoleMessage, live: str) -> None:
    place = message.location["url"]
    # A page that answers with an error of its own, as some do on purpose, is told there as well;
    # and the pages of other networks are not ours.
    about_itself = message.page is not None and place == message.page.url
    elsewhere = place and not place.startswith(live)
    if message.type == "error" and not (about_itself or elsewhere):
        complaints.append(f"{message.text} ({place})")


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
    """Give a page the session of a member who gave their password a moment ago."""

    def sign_in(page: Page, member: Member) -> Page:
        name = settings.SESSION_COOKIE_NAME
        session = lately_signed_in(member).cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live}])
        return page

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe-core finds nothing wrong on the page (WCAG 2.2 AA and best practice)."""

    def check(page: Page) -> None:
        assert complaints_of_axe(page) == []

    return check


@pytest.fixture
def snapshot() -> Callable[[Page, str], None]:
    """Write a picture of the whole page to PAGE_PICTURES/<name>.png, where that is set."""

    def take(page: Page, name: str) -> None:
        if PICTURES:
            take_picture(page, Path(PICTURES) / f"{name}.png")

    return take


@pytest.fixture
def in_order(snapshot: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """Assert that the open page is in order at both widths in both schemes; it stays as it was."""

    def check(page: Page, name: str) -> None:
        wrong: Wrong = []
        look_over(page, name, wrong, snapshot)
        assert not wrong, "\n".join(wrong)

    return check


@pytest.fixture
def in_its_look(snapshot: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """Assert that the open page is in order at the width and in the scheme it is open in."""

    def check(page: Page, name: str) -> None:
        wrong: Wrong = []
        look_at(page, name, wrong, snapshot)
        assert not wrong, "\n".join(wrong)

    return check
