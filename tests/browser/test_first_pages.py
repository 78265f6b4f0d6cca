"""The first pages of a member in every state they meet, on a telephone and on a desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from networks.listening_models import Listening, Ping
from networks.models import Poll
from tests import lives
from tests.factories import make_account, make_post, make_reaction, make_reading

pytestmark = pytest.mark.django_db(transaction=True)


def reading(ada, now, *others):
    account = make_account(ada, now, first_read_done_at=None, last_read_at=None)
    make_post(account, now - timedelta(days=40))
    Poll.objects.create(
        account=account, started_at=now, pages=7, posts=1, progress="Reading 40 of your posts"
    )


def failed(ada, now, *others):
    make_account(
        ada, now, first_read_done_at=None, last_read_at=None, last_problem="unreachable",
        next_poll_at=now + timedelta(minutes=5),
    )  # fmt: skip


def learning(ada, now, *others):
    account = make_account(ada, now, host="mastodon.social", linked_at=now)
    make_reading(account, now, followers=120)
    for days in range(9):
        make_reaction(account, now - timedelta(days=days), recorded_at=now)
    lives.scored(ada, now)


def scored(ada, now, *others):
    lives.full_life(ada, *others, now)


def quiet(ada, now, *others):
    account = ada.linked_accounts.first()
    spoke_at = now - timedelta(days=16)
    judged = {"heard_to": now, "silent_days": 16, "usual_days": 2, "limit_days": 6}
    Listening.objects.update_or_create(account=account, defaults={"spoke_at": spoke_at, **judged})
    Ping.objects.create(
        account=account,
        silent_since=spoke_at,
        is_chosen=False,
        is_last=False,
        made_at=now,
        **judged,
    )


def resting(ada, now, *others):
    ada.resting_since = now - timedelta(days=12)


def shown(choice):
    def state(ada, now, *others):
        ada.resting_since, ada.score_shown = None, choice

    return state


# Beside the newcomer and the lively member, whom test_every_page.py looks at.
BEFORE_A_SCORE = {"reading": reading, "failed": failed, "learning": learning}
# One after the other in one life.
OF_ONE_LIFE = {
    "quiet": quiet,
    "resting": resting,
    "weekly": shown("weekly"),
    "band": shown("band"),
    "hidden": shown("hidden"),
}
# What shows less to whoever wants to see less.
LESS = ("band", "hidden")


@pytest.mark.parametrize("state", BEFORE_A_SCORE)
def test_the_first_pages_before_a_score(page, signed_in, in_order, ada, state):
    BEFORE_A_SCORE[state](ada, timezone.now())
    signed_in(page, ada)

    page.goto("/dashboard/")
    in_order(page, f"dashboard-{state}")
    if state != "learning":
        page.goto(f"/networks/{ada.linked_accounts.get().pk}/reading/")
        in_order(page, f"first-{state}")


def test_the_pages_of_a_score_in_every_state(page, signed_in, in_order, ada, grace, mallory):
    now = timezone.now()
    scored(ada, now, grace, mallory)
    signed_in(page, ada)
    page.goto("/dashboard/")
    for summary in page.locator("main summary").all():
        summary.click()
    in_order(page, "dashboard-open")

    for state, comes_about in OF_ONE_LIFE.items():
        comes_about(ada, now)
        ada.save()
        page.goto("/dashboard/")
        in_order(page, f"dashboard-{state}")
        for name in ("why", "compare", "history", "shown") if state in LESS else ():
            page.goto(f"/score/{name}/")
            in_order(page, f"{name}-{state}")


def test_people_are_found(page, signed_in, in_order, ada, grace, mallory):
    now = timezone.now()
    scored(ada, now, grace, mallory)
    hers = make_account(grace, now, handle="@grace@wonderful.example")
    for days in (1, 8):
        make_reaction(
            ada.linked_accounts.first(), now - timedelta(days=days), responder_hash=hers.person_hash
        )
    signed_in(page, ada)

    for name, asked in (("found", "grace@wonderful.example"), ("nobody", "@nobody@known.example")):
        page.goto("/people/")
        page.get_by_label("Handle or name").fill(asked)
        page.get_by_role("button", name="Find").click()
        in_order(page, f"people-{name}")


def test_what_is_watched_changes_by_itself_and_nobody_loses_their_place(page, signed_in, ada):
    now = timezone.now()
    reading(ada, now)
    account = ada.linked_accounts.get()
    signed_in(page, ada).goto(f"/networks/{account.pk}/reading/")
    page.set_viewport_size({"width": 390, "height": 300})
    link = page.get_by_role("link", name="People", exact=True)
    link.focus()
    page.evaluate("scrollTo(0, 40)")

    Poll.objects.update(progress="Reading who answered you")

    expect(page.get_by_text("Reading who answered you")).to_be_visible()
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == 40

    account.first_read_done_at = now
    account.save()
    page.wait_for_url("**/dashboard/")


def test_it_changes_by_itself_without_scripts_too(new_page, signed_in, ada):
    now = timezone.now()
    reading(ada, now)
    page = signed_in(new_page(java_script_enabled=False), ada)
    page.goto(f"/networks/{ada.linked_accounts.get().pk}/reading/")

    Poll.objects.update(progress="Reading who answered you")

    expect(page.get_by_text("Reading who answered you")).to_be_visible()
    page.get_by_role("link", name="Stop looking by itself").click()
    expect(page.locator("meta[http-equiv]")).to_have_count(0)


def test_the_values_of_the_chart_are_had_by_pointing_and_by_the_keyboard(
    page, signed_in, ada, grace, mallory
):
    scored(ada, timezone.now(), grace, mallory)
    signed_in(page, ada).goto("/dashboard/")
    chart = page.locator(".trend-chart")

    told = chart.locator(".spots text").nth(10)
    assert not told.is_visible()
    chart.locator(".spots rect").nth(10).hover()
    expect(told).to_be_visible()

    mark = chart.get_by_role("link").first
    mark.focus()
    expect(mark.locator("text")).to_be_visible()
    mark.press("Enter")
    page.wait_for_url("**/score/why/#moment-*")
    assert page.locator(":target").is_visible()


def test_how_the_number_is_shown_is_chosen_on_the_dashboard(page, signed_in, ada, grace, mallory):
    scored(ada, timezone.now(), grace, mallory)
    signed_in(page, ada).goto("/dashboard/")

    page.get_by_text("How you see it").click()
    page.get_by_label("Not at all").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You chose not to be shown your number")).to_be_visible()

    page.get_by_role("button", name="Show me today").click()
    expect(page.get_by_text("Shown this once")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You chose not to be shown your number")).to_be_visible()
