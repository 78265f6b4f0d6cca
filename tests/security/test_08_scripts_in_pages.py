"""Threat 8: a script, a link or a picture of somebody else runs in a member's browser.

Figure: of a list of payloads, put wherever somebody else's words are shown, none runs in a real
browser, and the policy, which holds no `unsafe`, has nothing to report. The browser is in
tests/browser/test_hostile_words.py, pictures that are made anew before anybody sees them in
tests/networks/edge/test_pictures_fetched.py; here is what holds for every template.
"""

import re
from pathlib import Path

from tests.security.proofs import stands

ROOT = Path(__file__).resolve().parents[2]
# What is put into pages as it is, and why no word of anybody else can be in it.
AS_IT_IS = {
    "klout/error_reports.py",  # plain text of a traceback, and a page that format_html escapes
    "klout/api/v3/pages.py",  # pages of docs/api/, from the same parser
    "networks/about_pages.py",  # pages of docs/, from a parser that makes no HTML of HTML
    "templates/mfa/totp/activate_form.html",  # a QR code that we draw
}
AS_IT_IS_MARKS = re.compile(r"\|\s*safe\b|autoescape off|mark_safe\(|SafeString\(|format_html\(f")


def test_nothing_is_put_into_a_page_unescaped_but_what_is_ours():
    found = set()
    for folder in ("accounts", "networks", "scoring", "gifting", "klout", "templates"):
        for path in (*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.html")):
            if AS_IT_IS_MARKS.search(path.read_text()):
                found.add(str(path.relative_to(ROOT)))
    assert found == AS_IT_IS


def test_no_template_holds_a_script_a_style_or_a_handler_of_its_own():
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
    )
    for path in (ROOT / "templates").rglob("*.html"):
        assert not inline.search(path.read_text()), path


def test_links_to_elsewhere_take_nothing_along():
    away = re.compile(r'<a\b[^>]*href="\{\{[^}]*url[^}]*\}\}"[^>]*>')
    for path in (ROOT / "templates").rglob("*.html"):
        for link in away.findall(path.read_text()):
            assert "noopener" in link or "://" not in link or 'target="_blank"' not in link, path


def test_the_browser_has_its_own_test():
    stands("tests/browser/test_hostile_words.py", "test_no_words_of_others_run_in_a_real_browser")


def test_pictures_of_others_are_made_anew():
    stands(
        "tests/networks/edge/test_pictures_fetched.py",
        "test_what_is_due_is_fetched_made_anew_and_due_again_in_a_week",
        "test_it_is_served_from_here_for_ever",
    )
