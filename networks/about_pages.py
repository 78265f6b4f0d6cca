"""The pages of `docs/networks`, shown to members as they stand there."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

FOLDER = Path(settings.BASE_DIR) / "docs" / "networks"


@cache
def names() -> frozenset[str]:
    """What there is a page about: `mastodon`, `linkedin` and so on."""
    return frozenset(path.stem for path in FOLDER.glob("*.md")) - {"README"}


@cache
def page(name: str) -> tuple[str, SafeString]:
    """Title and body of a page, as HTML. Our own text: nothing of strangers stands in it."""
    title, _, body = (FOLDER / f"{name}.md").read_text().partition("\n")
    return title.removeprefix("# "), mark_safe(as_html(body))  # noqa: S308


def as_html(body: str) -> str:
    """Our Markdown as HTML, in which what is wider than the page scrolls in a box of its own."""
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    # Whoever has no mouse moves it by the keyboard.
    html = html.replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    return html.replace("</table>", "</table></div>")
