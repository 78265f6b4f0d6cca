"""The main job, from a fresh start to a K passed on, in a real browser on real protocols."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import tour
from tests.browser.looks import NARROW, WIDE
from tests.browser.whole_product import ROOT, Product

pytestmark = pytest.mark.xdist_group("whole product")

# The first read and its scores come from the worker, within some seconds.
SOON = 90_000
PICTURES = Path(os.environ.get("PICTURES", ROOT / "test-results"))


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("whole") / "data")
    product.start(until="and the password")
    yield product
    product.stop()
    product.forget()


@pytest.fixture
def window(product: Product, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows of people who have never been here: each has cookies of its own."""
    contexts: list[BrowserContext] = []

    def open_window(**options: Any) -> Page:
        context = browser.new_context(
            base_url=product.address, java_script_enabled=False, **({"viewport": WIDE} | options)
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def test_somebody_signs_up_links_a_network_reads_their_score_and_gives_k(
    product: Product, window: Callable[..., Page]
) -> None:
    noor = newcomer(product, window(), "Noor Haddad", "noor")
    give_k(noor, f"@grace@{product.playground}", "For the walk along the harbour.")

    tomas = newcomer(product, window(), "Tomás Reyes", "tomas")
    grace = window()
    sign_in(grace, product, "grace@example.com")
    pass_on(grace, "Noor Haddad", f"@tomas@{product.playground}")

    see_the_way(tomas)


def test_the_example_is_worth_a_tour(product: Product, window: Callable[..., Page]) -> None:
    ada = window()
    sign_in(ada, product, "ada@example.com")
    publish(ada, "ada")
    expect(ada.get_by_role("heading", name="Ada Lind")).to_be_visible()
    in_the_hand = window(viewport=NARROW, color_scheme="dark")
    in_the_hand.context.add_cookies(ada.context.cookies())
    shown = (
        (window(), tour.FOR_VISITORS),
        (ada, tour.TOUR),
        (in_the_hand, tour.IN_THE_HAND),
    )
    for page, places in shown:
        page.emulate_media(reduced_motion="reduce")
        for name, path in places.items():
            page.goto(path.format(grace=f"@grace@{product.playground}"))
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            tour.take_for_the_tour(page, PICTURES / f"{name}.webp")


def test_all_is_still_there_after_everything_was_killed_at_once(
    product: Product, window: Callable[..., Page]
) -> None:
    product.kill_everything()
    product.start(until="Klout is running")
    grace = window()
    sign_in(grace, product, "grace@example.com")
    grace.goto("/k/")
    expect(grace.get_by_text("Ada Lind").first).to_be_visible()
    grace.goto("/dashboard/")
    expect(grace.get_by_role("heading", name=re.compile(r"^Why \d+"))).to_be_visible()


def newcomer(product: Product, page: Page, name: str, username: str) -> Page:
    """Signs up, links the playground as `username`, and waits for the first score."""
    sign_up(page, name, f"{username}@example.org")
    link_the_playground(page, product, username)
    read_the_score(page)
    return page


def sign_up(page: Page, name: str, email: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Listen in").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a walk along the harbour")
    page.get_by_label("I am 16 or older").check()
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/dashboard/")


def sign_in(page: Page, product: Product, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(product.demo_password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/dashboard/")


def publish(page: Page, name: str) -> None:
    """Let everybody see the profile, and look at it as they do."""
    page.goto("/settings/sharing/")
    page.get_by_label("Name in the address").fill(name)
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("My score, with its likely range and its date").check()
    page.get_by_label("Everybody may see my profile").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"/@{name}/")


def link_the_playground(page: Page, product: Product, username: str) -> None:
    """Through the consent page, as with any Mastodon server."""
    page.goto("/networks/link/mastodon/")
    page.get_by_label("Your server").fill(product.playground)
    page.get_by_label("Yes", exact=False).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name=re.compile("Continue")).click()
    page.get_by_label("Or anybody else who lives here, by name").fill(username)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=re.compile("asks for access"))).to_be_visible()
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(re.compile(r"/networks/\d+/reading/|/dashboard/"))


def read_the_score(page: Page) -> None:
    page.wait_for_url("**/dashboard/", timeout=SOON)
    heading = page.get_by_role("heading", name=re.compile(r"^Why \d+"))
    for _ in range(SOON // 1000):
        if heading.is_visible():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.get_by_role("link", name="All signals").click()
    shown = page.get_by_role("heading", level=1).inner_text()
    score = float(re.sub(r"[^\d.]", "", shown))
    assert 1 <= score <= 100
    expect(page.get_by_role("rowheader", name="To begin with")).to_be_visible()


def give_k(page: Page, handle: str, words: str) -> None:
    page.goto("/k/give/")
    page.get_by_label("For whom").fill(handle)
    page.get_by_role("button", name="Find").click()
    page.get_by_label("What moved you").fill(words)
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="Give this K").click()
    page.goto("/k/")
    expect(page.get_by_text("4 of this week's 5")).to_be_visible()


def pass_on(page: Page, came_from: str, handle: str) -> None:
    page.goto("/k/")
    expect(page.get_by_text(came_from).first).to_be_visible()
    page.get_by_role("link", name="Pass on").first.click()
    page.get_by_label("For whom").fill(handle)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Give this K").click()


def see_the_way(page: Page) -> None:
    """Two hands before his, and neither said that later holders may read the words."""
    page.goto("/k/")
    page.get_by_role("link", name="Its way").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("ol.way li")).to_have_count(3)
