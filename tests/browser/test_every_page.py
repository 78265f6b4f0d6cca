"""Every page that somebody can open: axe finds nothing and nothing sticks out, in all four looks.

Nor does the console tell of an error, or the browser of something that the policy refused.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Member
from tests.browser import every_page, world
from tests.browser.conftest import NewPage
from tests.browser.every_page import Pages
from tests.browser.looks import Wrong, look_over
from tests.browser.world import World
from tests.routes import routes
from tests.signing_in import lately_signed_in

SignIn = Callable[[Page, Member], Page]
Walk = Callable[[Page, World, Pages, str], None]

# Pages of Django's that nobody gets: nothing is added or deleted by hand.
FORBIDDEN = ("add", "delete")


@pytest.fixture
def olga(db: None) -> Member:
    return Member.objects.create_user(
        "olga@example.com", "correct horse 9", name="Olga", is_staff=True, is_superuser=True
    )


@pytest.fixture
def there(ada: Member, grace: Member, mallory: Member, olga: Member) -> World:
    return world.build(ada, grace, mallory, olga, timezone.now())


@pytest.fixture
def walk(snapshot: Callable[[Page, str], None]) -> Walk:
    """Open each page and look it over; everything that is wrong is told at the end."""

    def through(page: Page, there: World, pages: Pages, who: str) -> None:
        wrong: Wrong = []
        for name, place in pages.items():
            address = place if isinstance(place, str) else place(there)
            answer = page.goto(address)
            assert answer is not None
            if answer.status != (404 if name in every_page.NOT_FOUND else 200):
                wrong.append(f"{name}: {address} answers {answer.status}")
            if urlsplit(page.url).path != address:
                wrong.append(f"{name}: {address} leads to {page.url}")
            look_over(page, f"{who}-{name}", wrong, snapshot)
        assert not wrong, "\n".join(wrong)

    return through


def test_pages_for_visitors(new_page: NewPage, there: World, walk: Walk) -> None:
    walk(new_page(), there, every_page.FOR_VISITORS, "visitor")


@pytest.mark.parametrize("part", [0, 1])
def test_pages_of_somebody_with_a_life(
    new_page: NewPage, signed_in: SignIn, there: World, walk: Walk, part: int
) -> None:
    pages = dict(list(every_page.FOR_MEMBERS.items())[part::2])

    walk(signed_in(new_page(), there.ada), there, pages, "member")


def test_pages_of_somebody_who_has_just_come(
    new_page: NewPage, signed_in: SignIn, ada: Member, olga: Member, walk: Walk
) -> None:
    there = World(ada=ada, now=timezone.now())

    walk(signed_in(new_page(), ada), there, every_page.FOR_NEWCOMERS, "newcomer")


def test_pages_of_the_operator(
    new_page: NewPage, signed_in: SignIn, there: World, walk: Walk
) -> None:
    pages = dict(every_page.FOR_OPERATORS)
    for name, address, model in every_page.records():
        pages[f"{name}_changelist"] = address
        pages[f"{name}_change"] = f"{address}{model.objects.latest('pk').pk}/change/"

    walk(signed_in(new_page(), there.olga), there, pages, "operator")


def test_every_route_has_its_place() -> None:
    looked_at = (
        every_page.FOR_VISITORS
        | every_page.FOR_MEMBERS
        | every_page.FOR_NEWCOMERS
        | every_page.FOR_OPERATORS
    )
    made_by_django = {
        f"{name}_{page}"
        for name, _, _ in every_page.records()
        for page in ("changelist", "change", "history", *FORBIDDEN)
    }
    listed = (
        set(looked_at) - {"404"} | every_page.ACTS | set(every_page.NO_PAGE | every_page.ELSEWHERE)
    )
    for_programs = {
        route.name
        for route in routes()
        if route.name.startswith(every_page.OF_THE_API) and route.name not in looked_at
    }
    assert {route.name for route in routes()} == listed | made_by_django | for_programs


@pytest.mark.django_db
def test_what_has_no_page_shows_none(olga: Member, settings: Any) -> None:
    settings.ADMIN_SECOND_FACTOR = False
    client = lately_signed_in(olga)
    for name, address, *_ in routes():
        if name in every_page.ACTS:
            assert client.get(address).status_code == 405, address
        elif name in every_page.NO_PAGE:
            answer = client.get(address)
            is_page = answer.headers["Content-Type"].startswith("text/html")
            assert not is_page or answer.status_code != 200, address
