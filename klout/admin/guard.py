"""Who comes in: an operator, lately signed in, with a second factor; and what may be written."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.requests import fresh_sign_in_required, member_of

AnyView = Callable[..., HttpResponseBase]


def operators_only(view: AnyView) -> AnyView:
    """Not yours is not found; then it asks once more who it is, and for a second factor."""
    fresh = fresh_sign_in_required(_with_second_factor(view))  # type: ignore[arg-type]

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not member_of(request).is_staff:
            raise Http404
        return fresh(request, *args, **kwargs)

    return login_required(guarded)


def _with_second_factor(view: AnyView) -> AnyView:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.ADMIN_SECOND_FACTOR and not is_mfa_enabled(request.user):
            return render(request, "operator/second_factor.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def reads_only(view: AnyView) -> AnyView:
    """Whatever the view tries: in its transaction PostgreSQL writes nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = view(request, *args, **kwargs)
            # A page is made from its template here, where it can only read.
            if hasattr(response, "render"):
                response = response.render()
        return response

    return guarded
