"""What others see of a member, and the pages on which one decides it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Member
from tests import lives
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


def test_names_of_every_kind(page, in_order, ada):
    now = timezone.now()
    account = make_account(ada, now, handle=f"@{'long' * 18}@other.example", on_profile=True)
    make_score(ada, now, [account], days_of_data=9)
    for kind, name in NAMES.items():
        Member.objects.filter(pk=ada.pk).update(name=name)
        ada.refresh_from_db()
        publish(ada, now, name="a" * 30, about=f"{name} {name}"[:160])
        page.goto(f"/@{'a' * 30}/")
        in_order(page, f"profile-{kind}")


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
