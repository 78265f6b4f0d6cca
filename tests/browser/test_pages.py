"""Every page, on a telephone and on a desk, light and dark: in order, and the same everywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests import lives
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.django_db(transaction=True)

FOR_VISITORS = {"landing": "/", "how": "/how/", "nothing": "/nothing-here/"}
FOR_MEMBERS = {
    "dashboard": "/dashboard/",
    "people": "/people/",
    "networks": "/networks/",
    "link": "/networks/link/mastodon/",
    "why": "/score/why/",
    "compare": "/score/compare/",
    "history": "/score/history/",
    "give": "/k/give/",
    "ledger": "/k/",
    "received": "/k/received/",
    "map": "/k/map/",
    "kept": "/k/kept/",
    "letter": "/k/letter/2026/",
    "appreciation": "/k/appreciation/",
}
LOOKS = {
    "390-light": {"viewport": NARROW, "color_scheme": "light"},
    "390-dark": {"viewport": NARROW, "color_scheme": "dark"},
    "1280-light": {"viewport": WIDE, "color_scheme": "light"},
    "1280-dark": {"viewport": WIDE, "color_scheme": "dark"},
}
EVERY_LOOK = pytest.mark.parametrize("look", LOOKS)
TWO_LOOKS = pytest.mark.parametrize("look", ["390-dark", "1280-light"])

InOrder = Callable[[Page, dict[str, str], str], None]


@pytest.fixture
def all_in_order(axe: Any, snapshot: Any) -> InOrder:
    """Open each page: axe finds nothing, nothing sticks out, one h1; a picture is kept."""

    def check(page: Page, pages: dict[str, str], look: str) -> None:
        # Movement is looked at elsewhere; here it would only blur what axe measures.
        page.emulate_media(reduced_motion="reduce")
        for name, path in pages.items():
            page.goto(path)
            snapshot(page, f"{name}-{look}")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.locator("h1").count() == 1, path

    return check


@EVERY_LOOK
def test_pages_for_visitors(new_page, all_in_order, look):
    all_in_order(new_page(**LOOKS[look]), FOR_VISITORS, look)


@TWO_LOOKS
def test_pages_of_somebody_who_has_just_come(new_page, signed_in, all_in_order, ada, look):
    page = signed_in(new_page(**LOOKS[look]), ada)

    all_in_order(page, {f"new-{name}": path for name, path in FOR_MEMBERS.items()}, look)


@EVERY_LOOK
def test_pages_of_somebody_with_a_life(
    new_page, signed_in, all_in_order, ada, grace, mallory, look
):
    ada.name = lives.LONG_NAME[:80]
    ada.save()
    lives.full_life(ada, grace, mallory, timezone.now())
    page = signed_in(new_page(**LOOKS[look]), ada)

    all_in_order(page, FOR_MEMBERS, look)
