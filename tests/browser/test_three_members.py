"""Three members and K, by what they read on the pages alone: on a telephone and on a desk."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gifting.models import Move
from tests.factories import make_outreach
from tests.gifting.conftest import open_to_all

pytestmark = pytest.mark.django_db(transaction=True)

ESSAY = "The essay on maintenance as care. I read it to my team this morning."
ONWARD = "Your talk is why I fixed the build."


@pytest.fixture
def known_to_one_another(ada, grace, mallory):
    """All three can be found; ada answered grace, and somebody who is not here."""
    now = timezone.now()
    for member in (ada, grace, mallory):
        open_to_all(member, now)
    hers = grace.linked_accounts.get()
    for person, name, handle in (
        (hers.person_hash, grace.name, hers.handle),
        (7, "Jonas Thiel", "@jonas@known.example"),
    ):
        make_outreach(
            ada.linked_accounts.get(),
            now - timedelta(days=2),
            target_hash=person,
            target_name=name,
            target_handle=handle,
        )


@pytest.fixture(params=[390, 1280])
def pages(request, new_page, signed_in, known_to_one_another, ada, grace, mallory) -> list[Page]:
    """A window for each of ada, grace and mallory, open at a page that does not reload itself."""
    view = {"width": request.param, "height": 844}
    opened = [signed_in(new_page(viewport=view), member) for member in (ada, grace, mallory)]
    for page in opened:
        page.goto("/people/")
    return opened


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).first.click()


def give(page: Page, handle: str, words: str = "", *, shares: bool = False) -> None:
    """From the form that asks for whom, or that knows it already, to the gift."""
    if handle:
        page.get_by_label("For whom").fill(handle)
        press(page, "Find")
    page.get_by_label("What moved you").fill(words)
    if shares:
        page.get_by_label("Later holders of this K may see my name").check()
    press(page, "Look it over")
    press(page, "Give this K")
    expect(page.get_by_text("You can take it back for ten minutes.")).to_be_visible()


def test_three_members_and_k(pages, snapshot):
    hers, graces, mallorys = pages

    # Ada sees who moved her and gives in one step.
    follow(hers, "People")
    expect(hers.get_by_text(re.compile("you replied to 1 of their posts")).first).to_be_visible()
    follow(hers, "Give K to Grace Oduya")
    give(hers, "", ESSAY, shares=True)

    # Whoever is not here is kept in mind, and comes back on the dashboard.
    follow(hers, "People")
    follow(hers, "Keep in mind Jonas Thiel")
    expect(hers.get_by_label("Their handle")).to_have_value("@jonas@known.example")
    hers.get_by_label("Why").fill("Never tires of explaining.")
    press(hers, "Keep in mind")
    expect(hers.get_by_text("Jonas Thiel is kept in mind. Only you see this.")).to_be_visible()
    follow(hers, "Dashboard")
    expect(hers.get_by_text("Never tires of explaining.")).to_be_visible()

    # Ada gives to mallory by mistake, and takes it back.
    follow(hers, "Give K")
    give(hers, "@mallory@known.example", "Meant for somebody else.")
    press(hers, "Take it back")
    expect(hers.get_by_text("You have it back.")).to_be_visible()

    # Grace reads the words, lets later holders see them, and passes the K on.
    follow(graces, re.compile("to give"))
    follow(graces, "Received")
    expect(graces.get_by_text(ESSAY)).not_to_be_visible()
    graces.get_by_text("Open the words of Ada Lind").click()
    expect(graces.get_by_text(ESSAY)).to_be_visible()
    follow(graces, "Decline and more")
    press(graces, "Let later holders see it")
    follow(graces, "Received")
    follow(graces, re.compile("^Pass on"))
    give(graces, "@mallory@known.example", ONWARD)

    # Mallory follows its way: names and words where both allowed it.
    follow(mallorys, re.compile("to give"))
    expect(mallorys.get_by_text("Meant for somebody else.")).to_have_count(0)
    follow(mallorys, "Received")
    mallorys.get_by_text("Open the words of Grace Oduya").click()
    expect(mallorys.get_by_text(ONWARD)).to_be_visible()
    follow(mallorys, re.compile("^Its way"))
    expect(mallorys.get_by_role("img", name="A line through 3 hands")).to_be_visible()
    expect(mallorys.get_by_text("Ada Lind")).to_be_visible()
    mallorys.get_by_text("Open the words").first.click()
    expect(mallorys.get_by_text(ESSAY)).to_be_visible()

    # Ada sees where it went; the second step is a member to her, for mallory allowed nothing.
    follow(hers, re.compile("to give"))
    follow(hers, "Where it went")
    expect(hers.get_by_text("passed on to a member")).to_be_visible()

    # Ada gives to mallory after all; mallory declines, and nobody else is told.
    follow(hers, "Give K")
    give(hers, "@mallory@known.example", "For your patience.")
    follow(mallorys, "Received")
    follow(mallorys, "Decline and more")
    press(mallorys, "Decline it")
    expect(mallorys.get_by_text("It went back to whoever gave it.")).to_be_visible()
    hers.reload()
    expect(hers.get_by_text("Came back to you", exact=True)).to_be_visible()

    # The rules stand where K is.
    follow(mallorys, "Rules")
    expect(mallorys.get_by_role("heading", name="What K is and is not")).to_be_visible()
    expect(mallorys.get_by_text("It buys nothing").first).to_be_visible()
    expect(mallorys.get_by_text("10 minutes, unless it was passed on")).to_be_visible()
    assert Move.objects.count() == 6
