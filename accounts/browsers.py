"""What a browser calls itself, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The first that is found wins: each of these also calls itself by later names of the list.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", gettext_noop("an iPhone")),
    ("iPad", gettext_noop("an iPad")),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", gettext_noop("a Mac")),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """E.g. "Firefox on Linux"; what is not known is shown as it is, at most 80 characters."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": _(system)}
    return browser or user_agent[:80] or _("A browser without a name")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
