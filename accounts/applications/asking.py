"""An application asks a member: what it asks for, and the way back with the answer.

Anybody may register an application, so where it sends people is not to be trusted: nobody is sent
anywhere before they signed in and pressed something. What is wrong with a question is told on a
page of ours, with a link back for those who want it (RFC 9700, 4.11.2).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.applications import grants, redirects
from accounts.applications.models import Application
from accounts.applications.server import SERVER, Client, CodeGrant, Request
from accounts.models import Member
from accounts.scopes import Scope


@dataclass(frozen=True)
class Question:
    """What an application asks a member for, in a request that is in order."""

    application: Application
    scopes: tuple[Scope, ...]
    redirect_uri: str
    state: str
    ends_at: datetime
    grant: CodeGrant = field(repr=False)

    @property
    def host(self) -> str:
        """Where the answer goes, as a member reads it."""
        return redirects.shown_host(self.redirect_uri)


class Wrong(Exception):
    """A question that cannot be put to the member. `way_back` is empty where there is none."""

    def __init__(self, sentence: str, *, way_back: str = "", host: str = "") -> None:
        super().__init__(sentence)
        self.way_back = way_back
        self.host = host


def question(request: HttpRequest, now: datetime) -> Question:
    """What is asked; raises Wrong."""
    asked = request.GET
    client = SERVER.query_client(asked.get("client_id", ""))
    if client is None or len(asked.getlist("client_id")) != 1:
        raise Wrong(_("No application of that name is registered here, or not any more."))
    if client.application.suspended_at is not None:
        raise Wrong(
            _(
                "%(name)s is suspended: whoever runs this site has stopped it. It asks nobody and "
                "does nothing in anybody's name until they let it in again."
            )
            % {"name": client.application.name}
        )
    redirect_uri = _redirect_uri(request, client)
    state = asked.get("state", "")
    try:
        if asked.get("response_type", "") != "code":
            raise OAuth2Error(error="unsupported_response_type")
        grant = SERVER.get_consent_grant(Request(request, asked, now))
    except OAuth2Error as error:
        raise Wrong(
            _("%(name)s asked in a way that is not answered here (%(error)s).")
            % {"name": client.application.name, "error": _told(error)},
            way_back=_answer(redirect_uri, state, error=str(error.error)),
            host=redirects.shown_host(redirect_uri),
        ) from None
    wanted = dict.fromkeys(Scope(name) for name in grant.request.scope.split())
    ends_at = grants.end_of(now)
    return Question(client.application, tuple(wanted), redirect_uri, state, ends_at, grant)


def _redirect_uri(request: HttpRequest, client: Client) -> str:
    uris = request.GET.getlist("redirect_uri")
    if len(uris) != 1 or not client.check_redirect_uri(uris[0]):
        raise Wrong(
            _("%(name)s wants the answer at an address that it did not register.")
            % {"name": client.application.name}
        )
    return uris[0]


def _told(error: OAuth2Error) -> str:
    return f"{error.error}: {error.description}" if error.description else str(error.error)


def allow(asked: Question, member: Member, ticked: Collection[str]) -> str:
    """Write down what the member agreed to; the address that leads back, with the code."""
    asked.grant.request.consented = [scope.value for scope in asked.scopes if scope in ticked]
    _status, _body, headers = asked.grant.create_authorization_response(asked.redirect_uri, member)
    return _signed(dict(headers)["Location"])


def refuse(asked: Question) -> str:
    """The address that leads back and says that the member said no."""
    return _answer(asked.redirect_uri, asked.state, error="access_denied")


def _answer(redirect_uri: str, state: str, **said: str) -> str:
    answer = said | ({"state": state} if state else {})
    return _signed(add_params_to_uri(redirect_uri, list(answer.items())))


def _signed(address: str) -> str:
    """With our name, so that a client of several servers knows who answered (RFC 9207)."""
    return str(add_params_to_uri(address, [("iss", settings.BASE_URL)]))
