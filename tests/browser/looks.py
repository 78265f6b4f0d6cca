"""One page in its four looks: narrow and wide, light and dark, without loading it again.

Style sheets follow the window and the scheme by themselves, so that one load is enough for all.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
# The narrowest window that a page has to fit into (WCAG 2.2, 1.4.10); only its width is looked at.
NARROWEST: ViewportSize = {"width": 320, "height": 640}
LOOKS: dict[str, tuple[ViewportSize, Any]] = {
    "390-light": (NARROW, "light"),
    "390-dark": (NARROW, "dark"),
    "1280-dark": (WIDE, "dark"),
    "1280-light": (WIDE, "light"),
}

Wrong = list[str]
Snapshot = Callable[[Page, str], None]

# Style sheets that import others would be put into the page once more, which our policy refuses;
# no rule that is on asks for them.
_RUN = """only => axe.run({resultTypes: ["violations"], preload: false, ...only}).then(found =>
  found.violations.map(
    one => [one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
# No style sheet makes a colour follow the width, and the schemes share all but their colours
# (tests/pages/test_style_sheets.py). So colours, which take axe longer than all else together, are
# looked at once in each scheme.
_LOOKED_AT_FOR: dict[str, dict[str, Any] | None] = {
    "390-light": _BUT_COLOURS,
    "390-dark": None,
    "1280-dark": _COLOURS,
    "1280-light": {},
}
# Colours that fade from one scheme to the other would be measured half way.
_AT_REST = "() => document.getAnimations().forEach(one => one.finish())"
_IS_DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"
_STICKS_OUT = """() => document.documentElement.scrollWidth > window.innerWidth"""


def look_over(page: Page, name: str, wrong: Wrong, snapshot: Snapshot) -> None:
    """Add to `wrong` what is, in each look; then the page looks as before, but does not move."""
    before, was_dark = page.viewport_size, page.evaluate(_IS_DARK)
    # Movement is looked at elsewhere; here it would only blur what axe measures.
    page.emulate_media(reduced_motion="reduce")
    if page.locator("h1").count() != 1:
        wrong.append(f"{name}: not one h1")
    page.set_viewport_size(NARROWEST)
    _fits(page, name, str(NARROWEST["width"]), wrong)
    for look, (size, scheme) in LOOKS.items():
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_AT_REST)
        snapshot(page, f"{name}-{look}")
        _fits(page, name, look, wrong)
        only = _LOOKED_AT_FOR[look]
        found = [] if only is None else complaints_of_axe(page, only)
        wrong += [f"{name}, {look}: {complaint}" for complaint in found]
    page.emulate_media(color_scheme="dark" if was_dark else "light")
    if before:
        page.set_viewport_size(before)


def look_at(page: Page, name: str, wrong: Wrong, snapshot: Snapshot) -> None:
    """Add to `wrong` what is, in the window as it is open."""
    page.evaluate(_AT_REST)
    snapshot(page, name)
    _fits(page, name, "as it is", wrong)
    wrong += [f"{name}: {complaint}" for complaint in complaints_of_axe(page)]


def _fits(page: Page, name: str, look: str, wrong: Wrong) -> None:
    if page.evaluate(_STICKS_OUT):
        wrong.append(f"{name}: sticks out, {look}")


def complaints_of_axe(page: Page, only: dict[str, Any] | None = None) -> list[str]:
    """What axe-core finds on the page as it stands (WCAG 2.2 AA and best practice)."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{rule}: {words}: {places}" for rule, words, places in page.evaluate(_RUN, only or {})]


def take_picture(page: Page, path: Path) -> None:
    """Write a picture of the whole page."""
    try:
        page.screenshot(path=path, full_page=True)
    except Error:
        # Chromium now and then cannot capture while its own parts restart; once more then.
        page.screenshot(path=path, full_page=True)
