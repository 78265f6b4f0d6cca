"""The pictures of docs/tour.md: which pages, and how they are kept small."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

# Longer pages are cut here: what comes below is like what was seen.
MOST_HIGH = 1_500
QUALITY = 80

# Name of the picture: its page, as Ada sees it; `{grace}` is her handle.
TOUR = {
    "dashboard": "/dashboard/",
    "why": "/score/why/",
    "compare": "/score/compare/",
    "networks": "/networks/",
    "sonobuoy": "/sonobuoy/",
    "people": "/people/",
    "give": "/k/give/?to={grace}",
    "ledger": "/k/",
    "settings": "/settings/",
    "sharing": "/settings/sharing/",
    "profile": "/@ada/",
    "how": "/how/",
}
# The same in the hand, and at night.
IN_THE_HAND = {"dashboard-dark-narrow": "/dashboard/", "give-dark-narrow": "/k/give/?to={grace}"}
FOR_VISITORS = {"landing": "/"}


def take_for_the_tour(page: Page, path: Path) -> None:
    """A WebP of the page, from the top."""
    drawn = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    path.parent.mkdir(exist_ok=True)
    drawn.crop((0, 0, drawn.width, min(drawn.height, MOST_HIGH))).save(path, quality=QUALITY)
