"""What holds on every page: the keyboard reaches it, no script is needed, little is sent."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import lives
from tests.browser.conftest import NARROW

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 60_000
MOST_SHIFT = 0.1  # Cumulative Layout Shift that web.dev calls good
DRAWN = """() => new Promise(told => new PerformanceObserver(seen => {
  if (seen.getEntriesByName("first-contentful-paint").length) told();
}).observe({ type: "paint", buffered: true }))"""
# There is always a paint, so it is told also where nothing shifted.
SHIFTED = """async () => {
  await document.fonts.ready;
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  return new Promise(told => {
    const observer = new PerformanceObserver(seen => told(
      seen.getEntriesByType("layout-shift").reduce((sum, one) => sum + one.value, 0)));
    for (const type of ["layout-shift", "paint"]) observer.observe({ type, buffered: true });
  });
}"""
# Which of two presses would have sent the form; neither does here.
PRESSED_TWICE = """() => {
  const went = [];
  addEventListener("submit", press => {
    went.push(!press.defaultPrevented);
    press.preventDefault();
  });
  const button = document.querySelector("main form button.primary");
  button.click();
  button.click();
  return went;
}"""
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
    "/settings/",
    "/settings/sharing/",
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


class Held:
    """Requests of the page that wait until they are let go; `routes` are those that were made."""

    def __init__(self, page, address):
        self.routes, self._waits = [], True
        page.route(address, self._meet)

    def _meet(self, route):
        self.routes.append(route)
        if not self._waits:
            route.continue_()

    def let_go(self):
        self._waits = False
        for route in self.routes:
            route.continue_()


@pytest.mark.parametrize("path", ["/", "/how/", "/account/login/"])
def test_the_first_key_leads_past_the_masthead(db, page, path):
    page.goto(path)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/how/", "/account/signup/"])
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


def test_no_line_moves_when_the_fonts_come_late(new_page, signed_in, member):
    for path in ("/dashboard/", "/k/give/", "/how/"):
        page = signed_in(new_page(viewport=NARROW), member)
        fonts = Held(page, "**/*.woff2")
        page.goto(path, wait_until="domcontentloaded")
        page.evaluate(DRAWN)
        assert fonts.routes, path

        fonts.let_go()
        page.wait_for_load_state("networkidle")

        assert page.evaluate("document.fonts.check('16px \"Hanken Grotesk\"')")
        assert page.evaluate(SHIFTED) < MOST_SHIFT, path


def test_a_form_that_is_under_way_is_not_sent_twice(db, page):
    page.goto("/account/signup/")
    page.get_by_label("Name").fill("Dora")
    page.get_by_label("E-mail").fill("dora@example.org")
    page.get_by_label("Password", exact=True).fill("a walk along the harbour")
    page.get_by_label("I am 16 or older").check()

    assert page.evaluate(PRESSED_TWICE) == [True, False]
    expect(page.locator("form[aria-busy]")).to_have_count(1)


def test_the_dashboard_is_light_and_moves_once(new_page, signed_in, member):
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

    assert page.evaluate("document.getAnimations().length") > 0
    assert page.evaluate(LAST_MOVEMENT) <= LONGEST_MOVEMENT
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    assert page.evaluate("document.getAnimations().length") == 0

    words = page.get_by_text("rewrite the whole chapter")
    expect(words).to_be_hidden()
    page.get_by_text("Read the words").click()
    expect(words).to_be_visible()


def test_movement_on_the_first_page_stops_by_itself(db, page):
    page.goto("/")

    assert page.evaluate(LAST_MOVEMENT) <= LONGEST_MOVEMENT
