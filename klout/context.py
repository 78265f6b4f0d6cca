"""What every page shows around its own content: the way about, the purse, the footer."""

from dataclasses import dataclass
from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from gifting.selectors import k_to_give
from klout.announcing import notices
from networks.sonobuoy.selectors import open_pings

MEMBER_PLACES = (
    (_("Dashboard"), "dashboard", ("/dashboard/", "/score/")),
    (_("People"), "people", ("/people/",)),
    (_("Give K"), "give", ("/k/",)),
    (_("Networks"), "networks", ("/networks/", "/sonobuoy/")),
    (_("How it works"), "how", ("/how/",)),
)


@dataclass(frozen=True)
class NavLink:
    """`current` is the value of aria-current: "page", "true" (inside that part) or ""."""

    label: str | Promise
    url: str
    current: str = ""


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: everything is called where it is shown, so a page without asks nothing."""
    return {
        "nav": _nav(request),
        "k_to_give": cache(partial(_k_to_give, request)),
        "open_pings": cache(partial(_open_pings, request)),
        "source_url": settings.SOURCE_URL,
        "version": settings.VERSION,
    }


def announced(request: HttpRequest) -> dict[str, object]:
    """Context processor: what all members are told and this one has not closed; lazy as well."""
    return {"announced": SimpleLazyObject(lambda: notices(request))}


def _member(request: HttpRequest) -> Member | None:
    """A request for a wrong host is answered before anybody looks who asks."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _nav(request: HttpRequest) -> list[NavLink]:
    if _member(request):
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


def _k_to_give(request: HttpRequest) -> int | None:
    member = _member(request)
    return k_to_give(member, timezone.now()) if member else None


def _open_pings(request: HttpRequest) -> int:
    """How many networks have gone quiet, which the member was told and has not answered yet."""
    member = _member(request)
    return open_pings(member) if member else 0
