"""What every page shows around its own content: the way about, the purse, the footer."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gifting.selectors import Purse, purse

MEMBER_PLACES = (
    (gettext_lazy("Dashboard"), "dashboard", ("/dashboard/", "/score/")),
    (gettext_lazy("People"), "people", ("/people/",)),
    (gettext_lazy("Give K"), "give", ("/k/",)),
    (gettext_lazy("Networks"), "networks", ("/networks/",)),
    (gettext_lazy("How it works"), "how", ("/how/",)),
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
        NavLink(_("How it works"), how, "page" if request.path == how else ""),
        NavLink(_("What it cannot tell"), f"{how}#cannot-tell"),
    ]
    return [*links, NavLink(_("Source"), settings.SOURCE_URL)] if settings.SOURCE_URL else links


def _member_nav(path: str) -> list[NavLink]:
    return [
        NavLink(str(label), reverse(name), _current(path, reverse(name), prefixes))
        for label, name, prefixes in MEMBER_PLACES
    ]


def _current(path: str, url: str, prefixes: tuple[str, ...]) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(prefixes) else ""


def _purse(request: HttpRequest) -> Purse | None:
    return purse(request.user, timezone.now()) if request.user.is_authenticated else None
