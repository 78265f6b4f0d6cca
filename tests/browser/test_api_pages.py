"""All calls of the API, to try out; its other pages are in every_page.py."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import api_keys
from accounts.models import Member
from accounts.scopes import Scope

pytestmark = pytest.mark.django_db(transaction=True)

# The library that shows the calls is large, and the machine may be busy.
PATIENCE = 60_000


def test_a_call_is_tried_out_with_a_key_under_our_own_safety(
    page: Page, live: str, ada: Member, axe: Callable[[Page], None]
) -> None:
    key = api_keys.make_key(ada, "try", [Scope.K_READ], timezone.now())
    page.set_default_timeout(PATIENCE)
    page.goto("/api/v3/docs/")
    page.get_by_text("What you have to give").wait_for()
    axe(page)
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("textbox").fill(key)
    page.get_by_label("Apply credentials").click()
    page.get_by_role("button", name="Close").last.click()
    call = page.locator("#operations-K-purse")
    call.get_by_role("button").first.click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table")).to_contain_text('"fresh": 5', timeout=PATIENCE)
