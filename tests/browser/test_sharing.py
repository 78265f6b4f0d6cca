"""What others see of a member, and the pages on which one decides it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts import sharing, side_by_side
from accounts.models import Member
from accounts.sharing_models import ShareLink, SideBySide
from gifting.services import showing
from networks.models import LinkedAccount
from networks.pictures import remade
from networks.services import pictures
from tests import lives
from tests.browser.test_pages import EVERY_LOOK, LOOKS, InOrder, all_in_order  # noqa: F401
from tests.factories import make_account, make_score
from tests.sharing.conftest import badge_of, publish

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
NAMES = {
    "long": lives.LONG_NAME[:80],
    "right-to-left": "مريم بنت ياسر",
    "emoji": "🌊🦑 Ada 🐙",
    "unbroken": "Ada" * 26,
}


def give_a_picture(account: LinkedAccount, colour: str) -> None:
    """A picture as if it had been fetched."""
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "PNG")
    now = timezone.now()
    pictures.note_address(account, "https://known.example/ada.png", now)
    pictures._keep(account.pk, "https://known.example/ada.png", remade(out.getvalue()), now)


@pytest.fixture
def seen(ada, grace, mallory) -> Member:
    """Ada with a life, who published all of it and has links, a badge and comparisons."""
    now = timezone.now()
    k = lives.full_life(ada, grace, mallory, now)
    for member, step in ((mallory, 2), (ada, 2)):
        showing.allow_on_profile(member, k, step, allows=True)
    showing.show_appreciation(ada, shows=True)
    accounts = list(ada.linked_accounts.all())
    ada.linked_accounts.update(on_profile=True)
    give_a_picture(accounts[0], "#8a5a44")
    give_a_picture(accounts[1], "#44708a")
    pictures.choose(ada, accounts[0].pk)
    publish(ada, now, about="Writes about lighthouses, tides and the people who keep them.")
    badge_of(ada, now)
    everything = {"shows_score": True, "shows_words": True, "shows_networks": True}
    for label in ("For the reading group", ""):
        chosen = sharing.LinkChoices(label=label, lasts=7 * DAY, **everything)
        sharing.make_link(ada, chosen, now)
    make_score(
        grace,
        now,
        [make_account(grace, now)],
        hundredths=4550,
        low_hundredths=4200,
        high_hundredths=4900,
    )
    side_by_side.ask(ada, grace, "@grace@known.example", now)
    side_by_side.answer(grace, SideBySide.objects.get().pk, now, agrees=True)
    side_by_side.ask(mallory, ada, "@ada@known.example", now)
    side_by_side.ask(ada, None, "@somebody@elsewhere.example", now)
    return ada


def settings_pages() -> dict[str, str]:
    agreed = SideBySide.objects.exclude(agreed_at=None).values_list("pk", flat=True).first()
    return {
        "sharing": "/settings/sharing/",
        "sharing-preview": "/settings/sharing/preview/",
        "sharing-picture": "/settings/sharing/picture/",
        "sharing-links": "/settings/sharing/links/",
        "sharing-badge": "/settings/sharing/badge/",
        "side-by-side": "/compare/",
        **({"compared": f"/compare/{agreed}/"} if agreed else {}),
    }


@EVERY_LOOK
def test_what_others_see(new_page, all_in_order, seen, look):  # noqa: F811
    link = ShareLink.objects.first()
    pages = {"profile": "/@ada/", "shared": f"/shared/{link.address}/"}

    all_in_order(new_page(**LOOKS[look]), pages, look)


@EVERY_LOOK
def test_where_one_decides_it(new_page, signed_in, all_in_order, seen, look):  # noqa: F811
    page = signed_in(new_page(**LOOKS[look]), seen)

    all_in_order(page, settings_pages(), look)


@pytest.mark.parametrize("look", ["390-dark", "1280-light"])
def test_before_anything_was_decided(new_page, signed_in, all_in_order, ada, look):  # noqa: F811
    page = signed_in(new_page(**LOOKS[look]), ada)
    pages = {f"new-{name}": path for name, path in settings_pages().items()}

    all_in_order(page, pages, look)


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_every_kind(new_page, all_in_order, ada, kind):  # noqa: F811
    now = timezone.now()
    Member.objects.filter(pk=ada.pk).update(name=NAMES[kind])
    ada.refresh_from_db()
    account = make_account(ada, now, handle=f"@{'long' * 18}@other.example", on_profile=True)
    make_score(ada, now, [account], days_of_data=9)
    publish(ada, now, name="a" * 30, about=f"{NAMES[kind]} {NAMES[kind]}"[:160])
    for look in ("390-light", "1280-dark"):
        all_in_order(new_page(**LOOKS[look]), {f"profile-{kind}": f"/@{'a' * 30}/"}, look)


def test_from_private_to_public_and_back(page, signed_in, live, ada):
    now = timezone.now()
    make_score(ada, now, [make_account(ada, now)])
    signed_in(page, ada)
    page.goto("/settings/sharing/")
    page.get_by_label("Name in the address").fill("Lighthouse")
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("My score, with its likely range and its date").check()
    page.get_by_label("Everybody may see my profile").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=f"{live}/@lighthouse/").click()
    expect(page.get_by_role("heading", name="Ada Lind")).to_be_visible()
    expect(page.get_by_role("img", name="Score 31")).to_be_visible()
    page.goto("/settings/sharing/")
    page.get_by_label("Everybody may see my profile").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto("/@lighthouse/")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_nothing_sticks_out_of_the_badge(new_page, ada):
    now = timezone.now()
    make_score(ada, now, [make_account(ada, now)])
    page = new_page()
    page.goto(f"/badge/{badge_of(ada, now)}.svg")
    assert page.evaluate("document.documentElement.tagName") == "svg"
    drawn = "[...document.querySelectorAll('text')].map(t => t.getBoundingClientRect().right)"
    assert max(page.evaluate(drawn)) < page.evaluate("document.documentElement.width.baseVal.value")
