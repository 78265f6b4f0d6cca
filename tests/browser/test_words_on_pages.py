"""German words, writing from right to left, and paper: what they do to the layout."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Member
from scoring.models import Score
from tests.lives import full_life

SignIn = Callable[[Page, Member], Page]
NARROW = {"width": 390, "height": 844}
PLACES = {
    name: reverse(name)
    for name in (
        "dashboard",
        "why",
        "compare",
        "score_history",
        "networks",
        "people",
        "give",
        "ledger",
        "received",
        "k_rules",
        "k_settings",
        "latest_letter",
        "settings",
        "how",
    )
} | {"link": reverse("link", args=["mastodon"])}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def lived(ada: Member, grace: Member, mallory: Member, now: datetime) -> str:
    return full_life(ada, grace, mallory, now)


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, address


def _is_as_wide_as_the_window(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen, f"{page.url} is {wide} wide"


def test_german_fits_on_a_telephone(
    new_page: Any,
    signed_in: SignIn,
    ada: Member,
    lived: str,
    snapshot: Callable[[Page, str], Path],
) -> None:
    Member.objects.filter(pk=ada.pk).update(language="de", time_zone="Europe/Berlin")
    phone = signed_in(new_page(viewport=NARROW), ada)
    for name, address in PLACES.items():
        _open(phone, address)
        expect(phone.locator("html")).to_have_attribute("lang", "de")
        _is_as_wide_as_the_window(phone)
        snapshot(phone, f"de-{name}-390")


def test_what_runs_from_right_to_left_fits_on_a_telephone(
    new_page: Any,
    signed_in: SignIn,
    ada: Member,
    lived: str,
    settings: Any,
    snapshot: Callable[[Page, str], Path],
) -> None:
    settings.LANGUAGES_BIDI = ["en"]
    phone = signed_in(new_page(viewport=NARROW), ada)
    for name, address in PLACES.items():
        _open(phone, address)
        expect(phone.locator("html")).to_have_attribute("dir", "rtl")
        _is_as_wide_as_the_window(phone)
        snapshot(phone, f"rtl-{name}-390")


def test_the_explanation_on_paper_is_whole(
    new_page: Any,
    signed_in: SignIn,
    ada: Member,
    lived: str,
    snapshot: Callable[[Page, str], Path],
) -> None:
    page = signed_in(new_page(viewport={"width": 700, "height": 1000}, color_scheme="dark"), ada)
    page.emulate_media(media="print")
    on = Score.objects.latest("on").on
    for name, address in (
        ("why", reverse("why_on", args=[on])),
        ("compare", reverse("compare")),
        ("history", reverse("score_history")),
        ("how", reverse("how")),
    ):
        page.goto(address)
        expect(page.locator(".masthead")).to_be_hidden()
        expect(page.locator(".footer")).to_be_hidden()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        if name != "how":
            expect(page.locator(".on-paper")).to_contain_text(f"Of {ada.name}, by the Klout at")
            expect(page.get_by_text("The day before", exact=True)).to_be_hidden()
        _is_as_wide_as_the_window(page)
        for folded in page.locator("main details").all():
            assert folded.evaluate("folded => folded.lastElementChild.checkVisibility()")
        snapshot(page, f"print-{name}")
