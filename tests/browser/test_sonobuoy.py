"""The page of the sonobuoy, looked at in both schemes, wide and narrow, and used."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from networks.models import LinkedAccount, Poll
from networks.sonobuoy import answers
from networks.sonobuoy.answers import Answer
from networks.sonobuoy.listening import claim_due, listen
from networks.sonobuoy.mail import PINGS_MAIL
from tests.factories import make_account, make_post

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


def lively(member, now, days, unread=(), **fields) -> LinkedAccount:
    begun = now - 120 * DAY
    values = {"linked_at": begun, "first_read_done_at": begun, "listen_at": now - DAY / 8}
    account = make_account(member, now - DAY / 8, **(values | fields))
    for n, day in enumerate(days):
        for _ in range(1 + n % 3):
            make_post(account, now - day * DAY)
    Poll.objects.bulk_create(
        Poll(account=account, started_at=now - n * DAY, outcome=Poll.Outcome.GOOD)
        for n in range(120)
        if n not in unread
    )
    return account


@pytest.fixture
def accounts(ada):
    """One of each state."""
    now = timezone.now()
    made = {
        "quiet": lively(ada, now, range(16, 100, 4), platform="youtube", handle="@ada"),
        "alive": lively(ada, now, range(0, 100, 2), unread=range(30, 36)),
        "resting": lively(ada, now, range(25, 100, 3), platform="bluesky", handle="ada.example"),
        "learning": lively(ada, now, (3, 9), platform="blog", handle="ada.example.org"),
        "not_read": lively(
            ada,
            now,
            range(12, 100, 2),
            platform="github",
            handle="ada",
            host="github.com",
            state=LinkedAccount.State.NEEDS_CONSENT,
            last_problem="access_revoked",
            last_read_at=now - 11 * DAY,
        ),
        "left": lively(ada, now, range(60, 100, 2), platform="reddit", handle="u/ada"),
    }
    answers.answer(made["resting"], Answer.REST, now - 20 * DAY)
    answers.answer(made["left"], Answer.LEFT, now - 40 * DAY)
    while ids := claim_due(now):
        listen(ids, now)
    return made


def test_every_state_is_shown_and_answered(ada, accounts, page, signed_in, in_order):
    signed_in(page, ada)
    page.goto("/sonobuoy/")
    quiet = page.get_by_role("article", name="YouTube")
    expect(quiet).to_contain_text("quiet 16 days")
    in_order(page, "sonobuoy")
    quiet.get_by_text("The twelve weeks as a table").click()
    quiet.get_by_text("When it counts as quiet").click()
    in_order(page, "sonobuoy-open")
    quiet.get_by_label("After so many days").fill("30")
    quiet.get_by_role("button", name="Save").click()
    expect(quiet).to_contain_text("You chose to be told after more than 30 days.")
    quiet.get_by_role("button", name="Let it rest").click()
    expect(page.get_by_role("status")).to_contain_text("rests from now on")
    expect(quiet).to_contain_text("resting")
    page.get_by_role("button", name="I am resting").click()
    expect(page.get_by_role("heading", name="You are resting")).to_be_visible()
    in_order(page, "sonobuoy-resting")
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_role("status")).to_contain_text("Welcome back.")


def test_a_mail_is_stopped(ada, page, signed_in, in_order):
    signed_in(page, ada)
    page.goto(f"/sonobuoy/mail/stop/{PINGS_MAIL.token(ada)}/")
    page.get_by_role("button", name="Stop this mail").click()
    expect(page.get_by_text("It is stopped, from now on.")).to_be_visible()
    in_order(page, "sonobuoy-stopped")
