"""What holds on every page: the keyboard reaches it, no script is needed, little is sent."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import lives
from tests.browser.conftest import NARROW

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 60_000
LONGEST_MOVEMENT = 4_000  # milliseconds
FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  return { tag: it.tagName, words: it.innerText || it.id || it.name,
           outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
           seen: box.width > 0 && box.height > 0 };
}"""
LAST_MOVEMENT = """() => Math.max(0, ...document.getAnimations()
  .map(one => one.effect.getComputedTiming().endTime))"""
MEMBER_PAGES = (
    "/dashboard/",
    "/people/",
    "/networks/",
    "/score/why/",
    "/score/compare/",
    "/k/give/",
    "/k/",
    "/k/received/",
    "/k/map/",
    "/k/kept/",
    "/k/keep/",
    "/k/kept/how/",
)


@pytest.fixture
def member(ada, grace, mallory):
    lives.full_life(ada, grace, mallory, timezone.now())
    return ada


def walk(page):
    """Where the focus is after each press of Tab, once through the page."""
    reachable = page.locator("a:visible, button:visible, input:visible, summary:visible")
    for _ in range(reachable.count()):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        # After the last place the focus goes to the browser itself.
        if focus["tag"] != "BODY":
            yield focus


@pytest.mark.parametrize("path", ["/", "/how/", "/account/login/"])
def test_the_first_key_leads_past_the_masthead(db, page, path):
    page.goto(path)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/how/"])
def test_a_visitor_sees_where_the_focus_is(db, page, path):
    page.goto(path)
    for focus in walk(page):
        assert focus["outline"], focus
        assert focus["seen"], focus


def test_a_member_sees_where_the_focus_is(page, signed_in, member):
    signed_in(page, member)
    for path in MEMBER_PAGES:
        page.goto(path)
        for focus in walk(page):
            assert focus["outline"], (path, focus)
            assert focus["seen"], (path, focus)


def test_the_menu_opens_and_signs_out_by_keyboard(page, signed_in, member):
    signed_in(page, member).goto("/people/")

    page.locator("summary", has_text="Your account").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_all_is_there_without_a_script(new_page, signed_in, member):
    page = signed_in(new_page(java_script_enabled=False), member)
    page.goto("/dashboard/")

    expect(page.get_by_role("img", name="Score")).to_have_count(2)
    page.get_by_text("Read the words").click()
    expect(page.get_by_text("rewrite the whole chapter")).to_be_visible()
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_first_view_of_the_dashboard_is_light(new_page, signed_in, member):
    page = signed_in(new_page(viewport=NARROW), member)
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto("/dashboard/", wait_until="networkidle")

    sent = {
        one.url: one.request.sizes()["responseBodySize"]
        for one in answers
        if not one.url.endswith(".woff2")
    }
    assert sum(sent.values()) < MOST_BYTES, sent
    assert len(sent) < len(answers), "no font was asked for"


def test_nothing_sticks_out_of_the_narrowest_window(new_page, signed_in, member):
    page = signed_in(new_page(viewport={"width": 320, "height": 640}), member)
    for path in (*MEMBER_PAGES, "/how/", "/score/history/", "/settings/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("path", ["/dashboard/", "/"])
def test_movement_stops_by_itself(page, signed_in, member, path):
    if path != "/":
        signed_in(page, member)
    page.goto(path)

    assert page.evaluate(LAST_MOVEMENT) <= LONGEST_MOVEMENT


def test_whoever_wants_no_movement_gets_none(new_page, signed_in, member):
    page = signed_in(new_page(reduced_motion="reduce"), member)

    page.goto("/dashboard/")

    assert page.evaluate("document.getAnimations().length") == 0


def test_the_dashboard_moves_for_all_others(page, signed_in, member):
    signed_in(page, member).goto("/dashboard/")

    assert page.evaluate("document.getAnimations().length") > 0


def test_words_that_came_with_a_k_wait_until_they_are_wanted(page, signed_in, member):
    signed_in(page, member).goto("/dashboard/")
    words = page.get_by_text("rewrite the whole chapter")

    expect(words).to_be_hidden()
    page.get_by_text("Read the words").click()

    expect(words).to_be_visible()
