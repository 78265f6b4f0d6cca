"""The pages by which members are in control, in both schemes and widths, and two short stories."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import audit
from accounts.audit import AuditEntry, Event
from accounts.models import Member
from networks import consents
from scoring.services import disputes
from tests.browser.conftest import NARROW, WIDE, NewPage
from tests.browser.test_account_pages import _fits, _sign_in
from tests.factories import make_account, make_score

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = (
    *("/privacy/", "/terms/", "/contact/"),
    *("/stop-counting-me/", "/stop-counting-me/on/mastodon/"),
)
MINE = (
    "/settings/",
    "/settings/mail/",
    "/settings/trail/",
    "/settings/pause/",
    "/account/sessions/",
    "/networks/",
    "/score/disputes/",
)
LOOKS = [
    {"viewport": size, "color_scheme": scheme}
    for size in (WIDE, NARROW)
    for scheme in ("light", "dark")
]


@pytest.fixture
def lived_in(ada: Member, grace: Member) -> str:
    """Ada has done things, and a score of hers is disputed; the day of that score."""
    now = timezone.now()
    Member.objects.filter(pk=ada.pk).update(is_staff=True, time_zone="Europe/Berlin")
    account = make_account(ada, now, handle="@ada@known.example")
    consents.give(account, now - timedelta(days=3))
    told = "@ada@known.example (Mastodon)"
    audit.record(ada, Event.NETWORK_LINKED, now - timedelta(days=3), detail=told)
    audit.record(ada, Event.SIGN_IN_FAILED, now, by=AuditEntry.By.SOMEBODY)
    audit.record(ada, Event.OPERATOR_ACT, now, detail="Mail tested.", by=AuditEntry.By.OPERATOR)
    old = make_score(ada, now, [account], on=(now - timedelta(days=1)).date())
    said = disputes.open_dispute(ada, old, "The replies of Tuesday are missing.", now)
    disputes.answer(grace, said.pk, "mended", "They were read late; the next night has them.", now)
    score = make_score(ada, now, [account])
    disputes.open_dispute(ada, score, "Ninety days, and my list is not counted?", now)
    return f"{score.on:%Y-%m-%d}"


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_with_the_pages(
    new_page: NewPage, axe: Callable[[Page], None], look: dict[str, Any], lived_in: str
) -> None:
    page = new_page(**look)
    for path in OPEN:
        page.goto(path)
        axe(page)
        assert _fits(page), path
    page.goto("/account/login/?next=/settings/")
    _sign_in(page)
    waiting = "/score/disputes/queue/"
    for path in (*MINE, f"/score/{lived_in}/dispute/", waiting):
        page.goto(path)
        _prove_it(page)
        axe(page)
        assert _fits(page), path
    page.get_by_role("link", name=re.compile("^Look")).click()
    axe(page)
    assert _fits(page)


def test_a_pause_is_seen_on_every_page_and_ended_there(
    page: Page, ada: Member, signed_in: Callable[[Page, Member], Page]
) -> None:
    signed_in(page, ada).goto("/settings/pause/")
    page.get_by_role("button", name="Pause my account").click()
    page.goto("/people/")
    page.get_by_role("link", name="End the pause").click()
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_text("the pause is over")).to_be_visible()


def test_leaving_and_thinking_better_of_it(
    new_page: NewPage, axe: Callable[[Page], None], ada: Member
) -> None:
    page = new_page(viewport=NARROW, color_scheme="dark")
    page.goto("/account/login/?next=/settings/delete/")
    _sign_in(page)
    _prove_it(page)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is being deleted")
    axe(page)
    assert _fits(page)
    page.get_by_role("button", name="Undo: keep my account").click()
    expect(page.get_by_text("The deletion is undone")).to_be_visible()
    _sign_in(page)
    expect(page).to_have_url(re.compile("/dashboard/"))


def _prove_it(page: Page) -> None:
    """Show once more that it is us, where a page asks for that first."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill("correct horse 1")
        page.get_by_role("button", name="Go on").click()
        expect(page).not_to_have_url(re.compile("/reauthenticate/"))
