"""What every page shows around its own content: the way about, the purse, the footer."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gifting.selectors import Purse, purse
from klout.announcing import notices

MEMBER_PLACES = (
    ("Dashboard", "dashboard", ("/dashboard/", "/score/")),
    ("People", "people", ("/people/",)),
    ("Give K", "give", ("/k/",)),
    ("Networks", "networks", ("/networks/", "/sonobuoy/")),
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


def announced(request: HttpRequest) -> dict[str, object]:
    """Context processor: what all members are told and this one has not closed; lazy as well."""
    return {"announced": SimpleLazyObject(lambda: notices(request))}


def _nav(request: HttpRequest) -> list[NavLink]:
    # A request for a wrong host is answered before anybody looks who asks.
    if hasattr(request, "user") and request.user.is_authenticated:
        return _member_nav(request.path)
    how = reverse("how")
    links = [
        NavLink("How it works", how, "page" if request.path == how else ""),
        NavLink("What it cannot tell", f"{how}#cannot-tell"),
    ]
    return [*links, NavLink("Source", settings.SOURCE_URL)] if settings.SOURCE_URL else links


def _member_nav(path: str) -> list[NavLink]:
    return [
        NavLink(label, reverse(name), _current(path, reverse(name), prefixes))
        for label, name, prefixes in MEMBER_PLACES
    ]


def _current(path: str, url: str, prefixes: tuple[str, ...]) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(prefixes) else ""


def _purse(request: HttpRequest) -> Purse | None:
    user = getattr(request, "user", None)
    return purse(user, timezone.now()) if user and user.is_authenticated else None
