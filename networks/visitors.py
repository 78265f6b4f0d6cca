"""Whose request it is."""

from django.http import Http404, HttpRequest

from accounts.models import Member


def member_of(request: HttpRequest) -> Member:
    """Raises Http404 where nobody is signed in."""
    if not isinstance(request.user, Member):
        raise Http404
    return request.user


def session_key_of(request: HttpRequest) -> str:
    return request.session.session_key or ""
