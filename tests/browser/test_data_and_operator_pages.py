"""Taking data along, bringing them, and the operator's pages, in both schemes and widths."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import announcing, staff
from accounts.export_models import Export
from accounts.exports import making
from accounts.models import Member
from accounts.registration import invite
from gifting import services as gifting
from gifting.services.keeping import Remembered, keep_handle
from tests.browser.conftest import NARROW, WIDE, NewPage
from tests.factories import make_account, make_score

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [
    {"viewport": WIDE, "color_scheme": "light"},
    {"viewport": NARROW, "color_scheme": "dark"},
]
PASSWORD = "correct horse 1"


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def sign_in(page: Page, email: str, to: str) -> None:
    page.goto(f"/account/login/?next={to}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


def prove_it(page: Page) -> None:
    """It is asked once more before something sensitive."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def name_of(look: dict[str, Any], what: str) -> str:
    return f"{what}-{look['viewport']['width']}-{look['color_scheme']}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("look", LOOKS)
def test_data_go_from_one_site_to_another(
    new_page: NewPage,
    axe: Callable[[Page], None],
    snapshot: Callable[[Page, str], Path],
    look: dict[str, Any],
    ada: Member,
    grace: Member,
    settings: Any,
    tmp_path: Path,
) -> None:
    now = timezone.now()
    account = make_account(ada, now)
    make_account(grace, now)
    for day in range(60):
        made = 3000 + 40 * (day % 17)
        kept = {"low_hundredths": made - 300, "high_hundredths": made + 300}
        on = now.date() - timedelta(days=day)
        make_score(ada, now, [account], on=on, hundredths=made, **kept)
    gifting.accept_from(grace, "all")
    note = gifting.Note(text="For the essay on maintenance.")
    Member.objects.update(joined_at=now - timedelta(days=30))
    gifting.give_k(Member.objects.get(pk=ada.pk), grace, now, key=uuid4(), note=note)
    keep_handle(ada, Remembered("mastodon", "@dora@known.example", "Dora", "her letters"), now)

    def look_at(page: Page, what: str) -> None:
        axe(page)
        assert fits(page), what
        snapshot(page, name_of(look, what))

    page = new_page(**look)
    sign_in(page, ada.email, "/settings/export/")
    look_at(page, "export-before")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("Being made")).to_be_visible()
    Export.objects.update(parts_done=["account", "networks"])
    page.reload()
    look_at(page, "export-under-way")
    # The page looks again by itself.
    here = settings.BASE_URL
    settings.BASE_URL = "https://other.example"
    making.make_due(timezone.now())
    settings.BASE_URL = here
    expect(page.get_by_role("link", name="Download it")).to_be_visible()
    look_at(page, "export-ready")
    page.get_by_role("link", name="Download it").click()
    with page.expect_download() as coming:
        prove_it(page)
    file = tmp_path / "klout.zip"
    coming.value.save_as(file)

    other = new_page(**look)
    sign_in_as = Member.objects.create_user("mo@example.com", PASSWORD, name="Ada elsewhere")
    sign_in(other, sign_in_as.email, "/settings/import/")
    look_at(other, "import-before")
    other.get_by_label("The ZIP file that the other site made").set_input_files(file)
    other.get_by_role("button", name="Look what is in it").click()
    expect(other.get_by_text("60 scores")).to_be_visible()
    look_at(other, "import-looked")
    other.get_by_role("button", name="Take it over").click()
    expect(other.get_by_role("heading", name="Taken over")).to_be_visible()
    look_at(other, "import-taken")
    other.goto("/score/history/")
    expect(other.get_by_text("not computed here")).to_be_visible()
    look_at(other, "history-brought")
    other.goto("/k/brought/")
    look_at(other, "k-brought")


@pytest.mark.parametrize("look", LOOKS)
def test_the_operators_pages(
    new_page: NewPage,
    axe: Callable[[Page], None],
    snapshot: Callable[[Page, str], Path],
    look: dict[str, Any],
    ada: Member,
    settings: Any,
) -> None:
    now = timezone.now()
    make_account(ada, now, next_poll_at=now, failures=2, last_problem="unreachable")
    olga = Member.objects.create_user(
        "olga@example.com", PASSWORD, name="Olga Operator", is_staff=True
    )
    settings.REGISTRATION = "invited"
    invite(olga, now, "for grace")
    announcing.announce(olga, "We move", "On Sunday.", now + timedelta(days=9), now)
    staff.note(olga, staff.StaffAct.What.SUSPENDED, now, on=ada, reason="a try")

    page = new_page(**look)
    sign_in(page, olga.email, "/admin/")
    prove_it(page)
    expect(page.get_by_role("heading", name="A second factor first")).to_be_visible()
    axe(page)
    snapshot(page, name_of(look, "operator-second-factor"))
    TOTP.activate(olga, generate_totp_secret())
    pages = {
        "health": "/admin/",
        "members": "/admin/accounts/member/",
        "member": f"/admin/accounts/member/{ada.pk}/change/",
        "acts": "/admin/accounts/staffact/",
        "suspend": f"/admin/member/{ada.pk}/suspend/",
        "invitations": "/admin/invitations/",
        "announcements": "/admin/announcements/",
        "mail": "/admin/mail/",
    }
    ours = {"health", "suspend", "invitations", "announcements", "mail"}
    for what, address in pages.items():
        page.goto(address)
        snapshot(page, name_of(look, f"operator-{what}"))
        if what in ours:
            axe(page)
            assert fits(page), what
    page.goto(pages["suspend"])
    page.get_by_label("Reason").fill("Spam in words.")
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("is suspended and signed out everywhere")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_announced_is_on_the_dashboard(
    new_page: NewPage,
    axe: Callable[[Page], None],
    snapshot: Callable[[Page, str], Path],
    look: dict[str, Any],
    ada: Member,
) -> None:
    now = timezone.now()
    olga = Member.objects.create_user("olga@example.com", PASSWORD, name="Olga", is_staff=True)
    words = "From Sunday on we are at another address. Your data move along; nothing to do for you."
    announcing.announce(olga, "We move", words, now + timedelta(days=9), now)
    page = new_page(**look)
    sign_in(page, ada.email, "/dashboard/")
    expect(page.get_by_role("heading", name="We move")).to_be_visible()
    axe(page)
    assert fits(page)
    snapshot(page, name_of(look, "announced"))
    page.goto("/announcements/")
    axe(page)
    snapshot(page, name_of(look, "announcements"))
    page.goto("/dashboard/")
    page.get_by_role("button", name="Close We move").click()
    expect(page.get_by_role("heading", name="We move")).not_to_be_visible()
