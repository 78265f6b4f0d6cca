"""A member at the site without the walk through the sign-in."""

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

from accounts.models import Member


def lately_signed_in(member: Member) -> Client:
    """A client of a member who gave their password a moment ago."""
    client = Client()
    client.force_login(member)
    request = HttpRequest()
    request.user, request.session = member, client.session
    record_authentication(request, member, "password", reauthenticated=True)
    request.session.save()
    return client
