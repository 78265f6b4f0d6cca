"""The account of K, its rules, the operator's reports, and what is said when a gift cannot be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Member
from gifting import services
from gifting.models import Decision, Hand, Move
from tests.gifting.conftest import open_to_all

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
UNKIND = "I have read better things on the back of a cereal box, and said so to everybody."


@pytest.fixture
def people(ada, grace, mallory) -> dict[str, Member]:
    made = {"ada": ada, "grace": grace, "mallory": mallory}
    for member in made.values():
        open_to_all(member, timezone.now())
    return made


@pytest.fixture
def shown(page, signed_in, in_order):
    """Sign a member in, and look at pages in all looks."""

    def look(name: str, path: str = "") -> None:
        if path:
            page.goto(path)
        in_order(page, f"k-{name}")

    def sign_in(member: Member):
        signed_in(page, member)
        return page, look

    return sign_in


def gift(giver, receiver, at, words="For the essay.", link="") -> Move:
    return services.give_k(giver, receiver, at, key=uuid4(), note=services.Note(words, link))


def test_the_account_and_the_rules(people, shown):
    now = timezone.now()
    ada, grace, mallory = people.values()
    Member.objects.filter(pk=mallory.pk).update(name=" ".join(["Featherstonehaugh"] * 4))
    for weeks in range(5, 0, -1):
        gift(grace, ada, now - weeks * 7 * DAY)
        declined = gift(ada, mallory, now - weeks * 7 * DAY)
        services.decline(
            mallory, declined.k.address, declined.step, now - weeks * 7 * DAY + timedelta(hours=1)
        )
    undone = gift(ada, grace, now)
    services.take_back(ada, undone.k.address, undone.step, now)
    page, look = shown(ada)
    look("account", "/k/account/")
    expect(page.get_by_role("heading", name="The account of your K")).to_be_visible()
    look("rules", "/k/rules/")


def test_what_the_operator_sees_and_decides(people, shown):
    now = timezone.now()
    ada, grace, mallory = people.values()
    Member.objects.filter(pk=mallory.pk).update(is_staff=True)
    page, look = shown(mallory)
    look("reports-none", "/k/reports/")
    link = "https://known.example/@ada/1127" + "/long" * 30
    unkind = gift(ada, grace, now - DAY, UNKIND, link)
    services.report(
        grace, unkind.k.address, 1, now - DAY, said="This hurts, and it is the third time."
    )
    wordless = gift(ada, mallory, now - DAY, "")
    services.report(mallory, wordless.k.address, 1, now)
    look("reports", "/k/reports/")
    page.get_by_role("link", name="Look at the report").first.click()
    look("report")
    page.get_by_label("let the giver give no more K").check()
    page.get_by_label("Why").fill("Unkind, and not the first time.")
    page.get_by_role("button", name="Decide").click()
    look("reports-decided")
    assert Decision.objects.get().outcome == Decision.Outcome.STOPPED
    page.get_by_role("button", name="give again").click()
    look("reports-lifted")
    assert Hand.objects.get(member=ada).stopped_at is None


def test_why_a_gift_cannot_be(people, shown, settings):
    now = timezone.now()
    ada, grace, mallory = people.values()
    page, look = shown(ada)
    services.accept_from(mallory, "answered")
    gift(ada, grace, now)
    refusals = (
        ("?to=@nobody@known.example", "Nobody with that handle"),
        ("?to=@ada@known.example", "That is you."),
        ("?to=@mallory@known.example", "people they have answered"),
        ("?to=@grace@known.example", "this week already"),
    )
    for query, sentence in refusals:
        page.goto(f"/k/give/{query}")
        expect(page.get_by_role("alert")).to_contain_text(sentence)
    look("refused")
    settings.GIVING_WAIT_DAYS = 3
    look("refused-new", "/k/give/")
    settings.GIVING_WAIT_DAYS = 0
    Hand.objects.filter(member=ada).update(stopped_at=now)
    look("refused-stopped", "/k/give/")


def test_what_is_said_after_it_was_taken_back_or_declined(people, shown):
    now = timezone.now()
    ada, grace, mallory = people.values()
    late = gift(ada, mallory, now - timedelta(minutes=8)).k.address
    gift(ada, grace, now)
    page, look = shown(ada)
    page.goto("/k/")
    # Passed on between the page and the click.
    services.pass_on(mallory, grace, late, now, key=uuid4())
    page.locator("li", has_text="Mallory").get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("passed")
    look("answer-passed-on")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You have it back.")).to_be_visible()
    look("answer-taken-back")
    page, look = shown(grace)
    page.goto(f"/k/{late}/2/")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("It went back to whoever gave it.")).to_be_visible()
    look("answer-declined")
