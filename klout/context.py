"""What every page shows around its own content: the way about, the purse, the footer."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

MEMBER_PLACES = (
    ("Dashboard", "dashboard", ("/dashboard/", "/score/")),
    ("People", "people", ("/people/",)),
    ("Give K", "give", ("/k/",)),
    ("Networks", "networks", ("/networks/",)),
    ("How it works", "how", ("/how/",)),
)


@dataclass(frozen=True)
class NavLink:
    """`current` is the value of aria-current: "page", "true" (inside that part) or ""."""

    label: str
    url: str
    current: str = ""


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: everything lazy, so that a page without a masthead asks nothing."""
    return {
        "nav": _nav(request),
        "purse": SimpleLazyObject(lambda: _purse(request)),
        "source_url": settings.SOURCE_URL,
        "version": settings.VERSION,
    }


def _nav(request: HttpRequest) -> list[NavLink]:
    if request.user.is_authenticated:
        return _member_nav(request.path)
    how = reverse("how")
    links = [
        NavLink("How it works", how, "page" if request.path == how else ""),
        NavLink("What it cannot tell", f"{how}#cannot-tell"),
    ]
    return [*links, NavLink("Source", settings.SOURCE_URL)] if settings.SOURCE_URL else links


def _member_nav(path: str) -> list[NavLink]:
    links = []
    for label, name, prefixes in MEMBER_PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        links.append(NavLink(label, url, _current(path, url, prefixes)))
    return links


def _current(path: str, url: str, prefixes: tuple[str, ...]) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(prefixes) else ""


def _purse(request: HttpRequest) -> object | None:
    if not request.user.is_authenticated:
        return None
    try:
        selectors = import_module("gifting.selectors")
    except ModuleNotFoundError:
        return None
    purse: object = selectors.purse(request.user, timezone.now())
    return purse
