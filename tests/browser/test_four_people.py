"""Four people, from the first page to the last: by what they read and press, and nothing else.

A blogger with five networks, a newcomer with none, somebody who leaves, and an operator; each on a
telephone and on a desk, one dark and one light. What the worker does in its time is done here when
the story comes to it; everything else is the real thing.
"""

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Member
from accounts.tasks import erase_due, make_exports_due
from klout.celery import app
from networks.services.proving import own_line
from networks.tasks import poll_due
from scoring.tasks import rescore_due
from tests import lives
from tests.browser.looks import NARROW, WIDE
from tests.browser.steps import PASSWORD, follow, press, prove_it, sign_in
from tests.connectors.fake_blog import FakeBlog
from tests.connectors.fake_bluesky import FakeBluesky
from tests.connectors.fake_github import FakeGitHub
from tests.connectors.fake_youtube import FakeYouTube
from tests.connectors.test_bluesky_contract import LivelyBluesky
from tests.connectors.test_github_contract import LivelyGitHub
from tests.connectors.test_github_contract import options_of as github_options
from tests.connectors.test_youtube_contract import LivelyYouTube
from tests.connectors.test_youtube_contract import options_of as youtube_options
from tests.operators.test_mail import Server
from tests.playground_server import Playground

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The essay on maintenance as care. I read it to my team this morning."


@pytest.fixture(params=["390-dark", "1280-light"])
def open_window(request: Any, new_page: Any) -> Callable[[], Page]:
    """Windows of people who have never been here, each with cookies of its own."""
    width, scheme = request.param.split("-")
    size = NARROW if width == "390" else WIDE
    return lambda: new_page(viewport=size, color_scheme=scheme)


@pytest.fixture
def worker_works(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Do once what the worker does every few seconds."""
    # The first poll begins when the story says so, and can be watched.
    for views in ("views", "blog_views"):
        monkeypatch.setattr(f"networks.{views}.read_at_once", lambda request: None)
    app.conf.task_always_eager = True

    def work() -> None:
        for due in (poll_due, rescore_due, make_exports_due, erase_due):
            due()

    yield work
    app.conf.task_always_eager = False


@pytest.fixture
def five_networks(live: str, playground: Playground, settings: Any) -> Iterator[dict[str, Any]]:
    """Each where somebody has talked for half a year."""
    now = timezone.now()
    playground.set_now(now)
    with ExitStack() as stack:
        bluesky, github, youtube = FakeBluesky(now), FakeGitHub(now), FakeYouTube(now)
        blog = FakeBlog(now)
        for network in (bluesky, github, youtube, blog):
            stack.callback(network.close)
        for live_there, network in (
            (LivelyBluesky, bluesky),
            (LivelyGitHub, github),
            (LivelyYouTube, youtube),
        ):
            live_there(network, now)
        for days in (1, 3, 4, 9, 15, 26):
            blog.write(days, f"Tea, {days} days ago")
        settings.PLATFORM_OPTIONS = settings.PLATFORM_OPTIONS | {
            "bluesky": bluesky.options,
            "github": github_options(github),
            "youtube": youtube_options(youtube),
        }
        hosts = {playground.host, github.host, youtube.host, blog.host, *bluesky.names}
        settings.DEVELOPMENT_HOSTS = sorted(hosts)
        settings.KNOWN_HOSTS = [*settings.KNOWN_HOSTS, playground.host]
        yield {"playground": playground, "blog": blog}


@pytest.fixture
def others(ada: Member, grace: Member, mallory: Member) -> None:
    """Grace is here, chose to be found and takes K from everybody."""
    lives.open_to_all(grace, timezone.now(), handle="@grace@known.example")


def sign_up(page: Page, name: str, email: str) -> None:
    page.goto("/")
    follow(page, "Listen in")
    fill_in(page, name, email)
    page.wait_for_url("**/dashboard/")


def fill_in(page: Page, name: str, email: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("I am 16 or older").check()
    press(page, "Sign up")


def link(page: Page, name: str, typed: str = "") -> None:
    """From the page of networks to the other side's own, and its yes or no."""
    page.goto("/networks/")
    follow(page, f"Link {name}")
    if typed:
        page.locator("input[name=typed]").fill(typed)
    page.get_by_label("Yes", exact=False).check()
    press(page, "Go on")
    follow(page, re.compile("^Continue"))


def link_all_five(page: Page, there: dict[str, Any], member: Member) -> None:
    link(page, "Mastodon", there["playground"].host)
    page.get_by_label("Or anybody else who lives here, by name").fill("noor")
    press(page, "Sign in")
    press(page, "Authorize")
    expect(page.get_by_role("heading", name="The first read")).to_be_visible()
    for name, typed in (("Bluesky", "@ada.example"), ("GitHub", ""), ("YouTube", "")):
        link(page, name, typed)
        expect(page.get_by_role("heading", name="Klout asks for access")).to_be_visible()
        press(page, "Allow")
        expect(page.get_by_role("heading", name="The first read")).to_be_visible()
    page.goto("/networks/")
    follow(page, "Link Blog")
    page.get_by_label("The address of your site").fill(there["blog"].host)
    page.get_by_label("Yes", exact=False).check()
    press(page, "Look at my site")
    there["blog"].head.append(own_line(member))
    press(page, "Look again")
    expect(page.get_by_role("heading", name="The first read")).to_be_visible()


def test_a_blogger_with_five_networks(
    open_window: Any,
    live: str,
    five_networks: Any,
    others: None,
    worker_works: Any,
    in_its_look: Any,
) -> None:
    page = open_window()
    sign_up(page, "Noor Haddad", "noor@example.org")
    noor = Member.objects.get(email="noor@example.org")
    link_all_five(page, five_networks, noor)
    in_its_look(page, "blogger-first-read")

    worker_works()
    page.wait_for_url("**/dashboard/")
    assert noor.linked_accounts.exclude(first_read_done_at=None).count() == 5
    # It looks again by itself until the first score is there.
    why = page.get_by_role("heading", name=re.compile(r"^Why \d+"))
    expect(why).to_be_visible(timeout=30_000)
    expect(page.get_by_text("still learning").first).to_be_visible()
    in_its_look(page, "blogger-dashboard")

    follow(page, "All signals")
    shown = float(page.get_by_role("heading", level=1).inner_text().split()[-1].strip("?"))
    assert 1 < shown <= 100
    for network in ("Mastodon", "Bluesky", "GitHub", "YouTube", "Blog"):
        expect(page.get_by_role("row", name=re.compile(f"^{network}")).first).to_be_visible()
    in_its_look(page, "blogger-why")

    page.goto("/dashboard/")
    page.get_by_text("How you see it").click()
    page.get_by_label("Only the likely range").check()
    press(page, "Save")
    expect(page.get_by_role("heading", name=re.compile(r"^Why \d+\.\d"))).to_have_count(0)
    in_its_look(page, "blogger-band")

    page.goto("/k/give/")
    page.get_by_label("For whom").fill("@grace@known.example")
    press(page, "Find")
    page.get_by_label("What moved you").fill(WORDS)
    press(page, "Look it over")
    press(page, "Give this K")
    expect(page.get_by_text("Grace Oduya has K")).to_be_visible()

    page.goto("/settings/sharing/")
    page.get_by_label("Name in the address").fill("noor")
    press(page, "Take it")
    page.get_by_label("My score, with its likely range and its date").check()
    page.get_by_label("Everybody may see my profile").check()
    press(page, "Save")
    page.goto("/settings/sharing/badge/")
    press(page, re.compile("badge"))
    expect(page.get_by_role("img", name="Badge for a light page").first).to_be_visible()
    in_its_look(page, "blogger-badge")
    anybody = open_window()
    anybody.goto("/@noor/")
    expect(anybody.get_by_role("heading", name="Noor Haddad")).to_be_visible()
    in_its_look(anybody, "blogger-profile")


EMPTY = {
    "/dashboard/": "Link",
    "/people/": "No network linked yet",
    "/networks/": "Link Mastodon",
    "/sonobuoy/": "",
    "/k/": "",
    "/k/received/": "",
    "/k/kept/": "",
    "/score/history/": "",
}


def test_a_newcomer_with_none(
    open_window: Any, others: None, grace: Member, in_its_look: Any
) -> None:
    page = open_window()
    sign_up(page, "Tomás Reyes", "tomas@example.org")
    for path, said in EMPTY.items():
        page.goto(path)
        expect(page.locator("main")).to_contain_text(said)

    page.goto("/sonobuoy/")
    press(page, "I am resting")
    expect(page.get_by_role("heading", name="You are resting")).to_be_visible()
    press(page, "I am back")
    expect(page.get_by_role("status")).to_contain_text("Welcome back.")

    page.goto("/people/")
    page.get_by_label("Handle or name").fill("@grace@known.example")
    press(page, "Find")
    expect(page.get_by_text("Grace Oduya").first).to_be_visible()
    in_its_look(page, "newcomer-found")

    # Tomás lets himself be found, and Grace gives him a K.
    tomas = Member.objects.get(email="tomas@example.org")
    lives.open_to_all(tomas, timezone.now(), handle="@tomas@known.example")
    graces = open_window()
    sign_in(graces, "grace@example.com", "correct horse 2")
    graces.wait_for_url("**/dashboard/")
    graces.goto("/k/give/?to=@tomas@known.example")
    graces.get_by_label("What moved you").fill(WORDS)
    press(graces, "Look it over")
    press(graces, "Give this K")
    page.goto("/dashboard/")
    follow(page, re.compile("to give"))
    follow(page, "Received")
    expect(page.get_by_text(WORDS)).not_to_be_visible()
    page.get_by_text("Open the words of Grace Oduya").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    in_its_look(page, "newcomer-received")


def test_somebody_who_leaves(
    open_window: Any,
    ada: Member,
    grace: Member,
    mallory: Member,
    worker_works: Any,
    in_its_look: Any,
) -> None:
    now = timezone.now()
    lives.full_life(ada, grace, mallory, now)
    page, graces = open_window(), open_window()
    sign_in(graces, "grace@example.com", "correct horse 2")
    sign_in(page, "ada@example.com", "correct horse 1")
    page.wait_for_url("**/dashboard/")

    page.goto("/settings/export/")
    press(page, "Make it")
    expect(page.get_by_role("heading", name="Being made")).to_be_visible()
    worker_works()
    page.get_by_role("link", name="Download it").click()
    page.get_by_label("Password").fill("correct horse 1")
    with page.expect_download() as download:
        press(page, "Go on")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as opened:
        assert json.loads(opened.read("account.json"))
        assert "Ada Lind" in opened.read("account.json").decode()

    page.goto("/settings/pause/")
    press(page, "Pause my account")
    page.goto("/people/")
    in_its_look(page, "leaver-paused")
    follow(page, "End the pause")
    press(page, "End the pause")

    page.goto(f"/networks/{ada.linked_accounts.latest('pk').pk}/unlink/")
    press(page, "Unlink")
    expect(page.get_by_role("status")).to_be_visible()
    assert ada.linked_accounts.count() == 2

    delete(page)
    in_its_look(page, "leaver-leaving")
    press(page, "Undo: keep my account")
    expect(page.get_by_text("The deletion is undone")).to_be_visible()
    sign_in(page, "ada@example.com", "correct horse 1")
    page.wait_for_url("**/dashboard/")

    delete(page)
    Member.objects.filter(pk=ada.pk).update(erase_at=timezone.now() - timedelta(seconds=1))
    worker_works()
    assert not Member.objects.filter(email="ada@example.com").exists()
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse 1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    graces.goto("/people/")
    graces.get_by_label("Handle or name").fill("@ada@known.example")
    press(graces, "Find")
    expect(graces.get_by_text("Ada Lind")).to_have_count(0)
    graces.goto("/k/")
    expect(graces.locator("main")).not_to_contain_text("Ada Lind")
    expect(graces.get_by_text("somebody who left").first).to_be_visible()
    in_its_look(graces, "leaver-is-gone")


def delete(page: Page) -> None:
    page.goto("/settings/delete/")
    prove_it(page, "correct horse 1")
    press(page, "Delete my account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is being deleted")


def test_an_operator(
    open_window: Any,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    ada: Member,
    grace: Member,
    mallory: Member,
    in_its_look: Any,
) -> None:
    now = timezone.now()
    lives.full_life(ada, grace, mallory, now)
    for name, value in (("EMAIL", "olga@example.com"), ("NAME", "Olga"), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"ADMIN_{name}", value)
    call_command("make_admin")
    page = open_window()
    sign_in(page, "olga@example.com")
    page.wait_for_url("**/dashboard/")

    add_a_second_factor(page)
    page.goto("/admin/")
    expect(page.get_by_role("table", name="Work", exact=True)).to_be_visible()
    in_its_look(page, "operator-health")

    invite_alone(page, open_window, settings)
    try_the_mail(page, settings)
    suspend_and_let_in(page, mallory)
    page.goto(f"/admin/account/{ada.linked_accounts.latest('pk').pk}/unlink/")
    page.get_by_label("Reason", exact=False).fill("The host asked for it.")
    press(page, "Unlink")
    assert ada.linked_accounts.count() == 2
    page.goto("/admin/announcements/")
    page.get_by_label("Title").fill("A quiet hour")
    page.get_by_label("What it says").fill("On Sunday the site rests from two to three.")
    press(page, "Announce it")
    answer_the_queues(page, open_window, ada, grace, in_its_look)
    page.goto("/admin/accounts/staffact/")
    for act in ("Spam in words.", "The host asked for it.", "A quiet hour"):
        expect(page.get_by_text(act).first).to_be_visible()
    in_its_look(page, "operator-audit")


def add_a_second_factor(page: Page) -> None:
    page.goto("/account/2fa/totp/activate/")
    prove_it(page)
    secret, step = page.locator("code").first.inner_text(), int(time.time()) // 30
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, step)))
    press(page, "Use this app")
    expect(page).not_to_have_url(re.compile("/activate/"))


def invite_alone(page: Page, open_window: Any, settings: Any) -> None:
    """Nobody signs up, then whoever was invited, once."""
    settings.REGISTRATION = "closed"
    stranger = open_window()
    stranger.goto("/account/signup/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign-up is closed")
    settings.REGISTRATION = "invited"
    page.goto("/admin/invitations/")
    press(page, "Make an invitation")
    stranger.goto(page.get_by_role("status").locator("code").inner_text())
    fill_in(stranger, "Tomás Reyes", "tomas@example.org")
    stranger.wait_for_url("**/dashboard/")


def try_the_mail(page: Page, settings: Any) -> None:
    """It says how far it came, and what to do."""
    server = Server((), None)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", server.server_address[1]
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.MAIL_IS_CONFIGURED = True
    page.goto("/admin/mail/")
    page.get_by_label("Send it to").fill("olga@example.com")
    press(page, "Try it")
    expect(page.get_by_role("table", name="Step by step")).to_be_visible()
    assert "Klout can send mail" in server.mails[0]
    settings.MAIL_IS_CONFIGURED = False
    server.shutdown()
    server.server_close()


def suspend_and_let_in(page: Page, member: Member) -> None:
    page.goto("/admin/accounts/member/?q=mallory")
    follow(page, "Suspend")
    page.get_by_label("Reason", exact=False).fill("Spam in words.")
    press(page, "Suspend")
    assert not Member.objects.get(pk=member.pk).is_active
    page.goto("/admin/accounts/member/?q=mallory")
    follow(page, "Let in again")
    page.get_by_label("Reason", exact=False).fill("A mistake of mine.")
    press(page, "Let in again")
    assert Member.objects.get(pk=member.pk).is_active


def answer_the_queues(
    page: Page, open_window: Any, ada: Member, grace: Member, in_its_look: Any
) -> None:
    """Ada disputes her score, Grace reports a gift; both reach the operator and are answered."""
    adas, graces = open_window(), open_window()
    sign_in(adas, "ada@example.com", "correct horse 1")
    adas.wait_for_url("**/dashboard/")
    expect(adas.get_by_role("heading", name="A quiet hour")).to_be_visible()
    adas.goto("/score/why/")
    follow(adas, re.compile("^Tell a person"))
    adas.locator("main textarea").fill("The replies of Tuesday are missing.")
    adas.locator("main form button").first.click()
    sign_in(graces, "grace@example.com", "correct horse 2")
    graces.wait_for_url("**/dashboard/")
    graces.goto("/k/received/")
    follow(graces, "Decline and more")
    press(graces, "Report")

    page.goto("/score/disputes/queue/")
    follow(page, re.compile("^Look"))
    expect(page.get_by_text("The replies of Tuesday are missing.")).to_be_visible()
    page.get_by_label("Something was wrong").check()
    page.get_by_label("Your answer").fill("They were read late; the next night has them.")
    in_its_look(page, "operator-dispute")
    press(page, "Answer")
    page.goto("/k/reports/")
    follow(page, "Look at the report")
    in_its_look(page, "operator-report")
    page.get_by_label("Leave everything as it is").check()
    page.get_by_label("Why").fill("Nothing unkind in it.")
    press(page, "Decide")

    adas.goto("/score/disputes/")
    expect(adas.get_by_text("They were read late; the next night has them.")).to_be_visible()
