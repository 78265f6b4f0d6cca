"""Who is asking."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import Member

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def member_of(request: HttpRequest) -> Member:
    """The member behind the request; only for views behind `login_required`."""
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied
    return request.user


def fresh_sign_in_required(view: View[P]) -> View[P]:
    """Ask once more for the password or passkey if that is longer than 15 minutes ago."""
    return cast(View[P], reauthentication_required(app="allauth.account")(view))


def fresh_sign_in_required_if(
    asks: Callable[[HttpRequest], bool],
) -> Callable[[View[P]], View[P]]:
    """The same, of the requests that `asks` says yes to."""
    required = reauthentication_required(app="allauth.account", enabled=asks)
    return cast(Callable[[View[P]], View[P]], required)


def operators_only(view: Callable[..., HttpResponse]) -> View[P]:
    """Not yours is not found; the operator's password or passkey is asked for once more."""
    fresh = fresh_sign_in_required(view)

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not member_of(request).is_staff:
            raise Http404
        return fresh(request, *args, **kwargs)

    return login_required(guarded)
