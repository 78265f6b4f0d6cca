"""A member links their own site, and somebody's software tells that it was answered."""

from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from networks.models import LinkedAccount
from networks.services import poll_account
from networks.services.proving import look_again, own_line
from networks.services.webmentions import claim_webmentions, verify_webmention
from tests.connectors.fake_blog import FakeBlog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sites(settings):
    now = timezone.now()
    ada, grace = FakeBlog(now), FakeBlog(now)
    settings.DEVELOPMENT_HOSTS = [ada.host, grace.host]
    for days in (1, 3, 4, 9, 15, 26):
        ada.post = ada.write(days, f"Tea, {days} days ago")
    yield ada, grace
    ada.close()
    grace.close()


def test_a_site_is_linked_and_a_webmention_is_counted(ada, sites, live, page, signed_in):
    mine, theirs = sites
    signed_in(page, ada)
    page.goto(reverse("networks"))
    page.get_by_role("link", name="Link Blog").click()
    page.get_by_label("The address of your site").fill(mine.host)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Look at my site").click()
    expect(page.get_by_text("we found none of the three below")).to_be_visible()

    line = page.locator("pre.copy").first.inner_text()
    assert line == own_line(ada)
    mine.head.append(line)
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="The first read")).to_be_visible()
    account = LinkedAccount.objects.get()
    poll_account(account.pk, timezone.now())

    page.goto(reverse("networks"))
    page.get_by_text("How others' sites tell us").click()
    mailbox = page.locator(".mailbox pre").inner_text()
    endpoint = mailbox.split('href="')[1].split('"')[0]
    assert endpoint.startswith(f"{live}/webmention/")
    source = theirs.put(
        "/reply", f'<p class="h-entry"><a class="u-in-reply-to" href="{mine.post}">tea</a></p>'
    )
    form = urlencode({"source": source, "target": mine.post}).encode()
    with urlopen(Request(endpoint, form)) as answer:
        assert answer.status == 202
    now = timezone.now()
    for webmention_id in claim_webmentions(now):
        verify_webmention(webmention_id, now)

    page.reload()
    people = page.locator("dt", has_text="People who responded").locator("xpath=following::dd[1]")
    expect(people).to_have_text("1")


def test_the_pages_of_own_sites_are_in_order(ada, sites, page, signed_in, in_order):
    signed_in(page, ada)
    page.goto(reverse("prove"))
    in_order(page, "site")
    page.get_by_label("The address of your site").fill(sites[0].host)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Look at my site").click()
    expect(page.get_by_role("heading", name="We looked at")).to_be_visible()
    in_order(page, "site-looked")
    sites[0].head.append(own_line(ada))
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", name="The first read")).to_be_visible()
    account = LinkedAccount.objects.get()
    poll_account(account.pk, timezone.now())
    sites[0].head.clear()
    look_again(account.site.pk, timezone.now())
    page.goto(reverse("networks"))
    page.get_by_text("How others' sites tell us").click()
    in_order(page, "site-card")
    page.goto(reverse("unlink", args=[account.pk]))
    in_order(page, "site-unlink")
    page.goto(reverse("me", args=["made-up"]))
    in_order(page, "site-me")
