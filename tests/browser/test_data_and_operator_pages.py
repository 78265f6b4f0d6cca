"""What the walk over every page does not meet: data on their way, an operator without a code."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.exports import making
from accounts.models import Member
from gifting import services as gifting
from gifting.services.keeping import Remembered, keep_handle
from tests.browser.conftest import NewPage
from tests.browser.steps import press, prove_it, sign_in
from tests.factories import make_account, make_score

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse 1"


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.fixture
def life(ada: Member, grace: Member) -> None:
    """Sixty scores, a K with words, and somebody kept in mind."""
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


def test_data_go_from_one_site_to_another(
    new_page: NewPage, life: None, ada: Member, settings: Any, tmp_path: Path, in_order: Any
) -> None:
    page = new_page()
    sign_in(page, ada.email, PASSWORD)
    page.wait_for_url("**/dashboard/")
    file = taken_along(page, settings, tmp_path, in_order)

    other = new_page()
    Member.objects.create_user("mo@example.com", PASSWORD, name="Ada elsewhere")
    sign_in(other, "mo@example.com", PASSWORD)
    other.wait_for_url("**/dashboard/")
    other.goto("/settings/import/")
    other.get_by_label("The ZIP file that the other site made").set_input_files(file)
    press(other, "Look what is in it")
    expect(other.get_by_text("60 scores")).to_be_visible()
    in_order(other, "import-looked")
    press(other, "Take it over")
    expect(other.get_by_role("heading", name="Taken over")).to_be_visible()
    other.goto("/score/history/")
    expect(other.get_by_text("not computed here")).to_be_visible()
    in_order(other, "history-brought")


def taken_along(page: Page, settings: Any, folder: Path, in_order: Any) -> Path:
    """The export, as another site made it, from asking for it to the file."""
    page.goto("/settings/export/")
    press(page, "Make it")
    expect(page.get_by_text("Being made")).to_be_visible()
    here, settings.BASE_URL = settings.BASE_URL, "https://other.example"
    making.make_due(timezone.now())
    settings.BASE_URL = here
    # The page looks again by itself.
    expect(page.get_by_role("link", name="Download it")).to_be_visible()
    in_order(page, "export-ready")
    page.get_by_role("link", name="Download it").click()
    # It is asked once more before something sensitive, and then the file comes by itself.
    with page.expect_download() as coming:
        prove_it(page, PASSWORD)
    expect(page).to_have_url(re.compile("/settings/export/"))
    expect(page.get_by_role("status")).to_contain_text("The download begins by itself")
    in_order(page, "export-begins")
    file = folder / "klout.zip"
    coming.value.save_as(file)
    return file


def test_an_operator_is_asked_for_a_second_factor_first(
    page: Page, signed_in: Any, in_order: Any
) -> None:
    olga = Member.objects.create_user("olga@example.com", PASSWORD, name="Olga", is_staff=True)
    signed_in(page, olga).goto("/admin/")
    expect(page.get_by_role("heading", name="A second factor first")).to_be_visible()
    in_order(page, "operator-second-factor")
