"""The protocol, by Authlib: what is asked of us at the endpoints, and what each answer looks like.

Authlib checks requests and forms answers; `grants` decides and keeps. Left out on purpose: the
implicit and the password grant (RFC 9700, 2.1.2 and 2.4), codes without PKCE, PKCE by `plain`.
"""

import hmac
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    InvalidRequestError,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6749.requests import OAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from accounts import scopes
from accounts.api_keys import digest_of
from accounts.applications import grants, redirects
from accounts.applications.models import DIGEST_LENGTH, Application, Grant
from accounts.applications.pace import Pace, TooOften
from accounts.models import Member

AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")


class Client:
    """An application as Authlib asks about it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def get_default_redirect_uri(self) -> None:
        """The address is always said, so that nothing depends on how many are registered."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """None, which is refused, for nothing at all; what is unknown was refused before."""
        return scope or None

    def check_redirect_uri(self, uri: str) -> bool:
        return any(redirects.matches(known, uri) for known in self.application.redirect_uris)

    def check_client_secret(self, secret: str) -> bool:
        known = self.application.secret_digest
        return bool(known) and hmac.compare_digest(known, digest_of(secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        return (method != "none") == self.application.is_confidential

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")


class Held:
    """A grant as Authlib asks about it: as the code that was shown, or as a token."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self.code_challenge = grant.code_challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.grant.scopes)

    def check_client(self, client: Client) -> bool:
        return self.grant.application_id == client.application.pk


class Payload(OAuth2Payload):  # type: ignore[misc]
    """The parameters: of the address where a member is asked, of the body everywhere else."""

    def __init__(self, values: QueryDict) -> None:
        self._values = values

    @cached_property
    def data(self) -> dict[str, str]:
        return self._values.dict()  # type: ignore[return-value]

    @cached_property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: self._values.getlist(name) for name in self._values})


class Request(OAuth2Request):  # type: ignore[misc]
    """A request of Django's, with the moment at which it is answered."""

    def __init__(self, request: HttpRequest, values: QueryDict, now: datetime) -> None:
        # Whether the way here is safe is for SECURE_SSL_REDIRECT; Authlib sees no proxy of ours.
        super().__init__(request.method, "https://localhost" + request.path, None, request.headers)
        self.payload = Payload(values)
        self.now = now
        self.pace = Pace(now)
        self.consented: Sequence[str] = ()

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def save_authorization_code(self, code: str, request: Request) -> None:
        """The code is made where it is kept; see `generate_authorization_code`."""

    def generate_authorization_code(self) -> str:
        payload = self.request.payload
        consent = grants.Consent(
            application=self.request.client.application,
            scopes=self.request.consented,
            redirect_uri=payload.redirect_uri,
            code_challenge=payload.data["code_challenge"],
        )
        return grants.give(self.request.user, consent, self.request.now)

    def query_authorization_code(self, code: str, client: Client) -> Held | None:
        grant = grants.by_code(code, client.application, self.request.now)
        return Held(grant) if grant else None

    def authenticate_user(self, code: Held) -> Member:
        return code.grant.member

    def delete_authorization_code(self, code: Held) -> None:
        """It stays as used, so that a replay is known."""


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, token: str) -> Held | None:
        grant = grants.by_refresh_token(token, self.request.client.application, self.request.now)
        return Held(grant) if grant else None

    def authenticate_user(self, token: Held) -> Member:
        return token.grant.member

    def revoke_old_credential(self, token: Held) -> None:
        """The new token took its place in the row."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token: str, hint: str | None) -> Held | None:  # noqa: ARG002
        grant = grants.with_token(token)
        return Held(grant) if grant else None

    def revoke_token(self, token: Held, request: Request) -> None:
        grants.end(token.grant, Grant.End.APPLICATION, request.now)


class OnlyS256(CodeChallenge):  # type: ignore[misc]
    """PKCE for everybody, with the one method that hides the verifier."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method=S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(scopes_supported=[scope.value for scope in scopes.FOR_APPLICATIONS])
        self.register_grant(CodeGrant, [OnlyS256()])
        self.register_grant(RefreshGrant)
        self.register_endpoint(Revocation)
        self.register_token_generator("default", self._described)

    def query_client(self, client_id: str) -> Client | None:
        if "\x00" in client_id or len(client_id) > DIGEST_LENGTH:
            return None
        known = Application.objects.filter(client_id=client_id, owner__takes_part=True).first()
        return Client(known) if known else None

    def authenticate_client(self, request: Request, methods: Any, endpoint: str = "token") -> Any:
        try:
            client = super().authenticate_client(request, methods, endpoint)
        except UnicodeDecodeError:
            # A header of Basic that is no text.
            raise InvalidClientError(status_code=401) from None
        if endpoint == "token":
            _may_have_tokens(client.application, request.pace)
        return client

    @staticmethod
    def _described(scope: str, **_: object) -> dict[str, object]:
        """What is said of a token; `save_token` makes the tokens themselves."""
        seconds = int(grants.ACCESS_FOR.total_seconds())
        return {"token_type": "Bearer", "expires_in": seconds, "scope": scope}

    def save_token(self, token: dict[str, object], request: Request) -> None:
        held: Held = request.authorization_code or request.refresh_token
        if not held.grant.application.is_confidential:
            request.pace.count_application(held.grant.application)
        asked = list(dict.fromkeys(str(token["scope"]).split()))
        made = grants.new_tokens(held.grant, asked, request.now)
        token.update(access_token=made.access, refresh_token=made.refresh)

    def create_oauth2_request(self, request: Request) -> Request:
        return request

    def handle_response(
        self, status: int, body: Mapping[str, object] | str, headers: list[tuple[str, str]]
    ) -> HttpResponse:
        content = body if isinstance(body, str) else json.dumps(body)
        response = HttpResponse(content, status=status, content_type="application/json")
        for name, value in headers:
            response[name] = value
        response["Cache-Control"] = "no-store"
        # No cookie counts here, so a program in a browser may read the answer from any origin.
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "RateLimit, RateLimit-Policy, Retry-After"
        return response

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Authlib's signals; nothing here listens."""


def _may_have_tokens(application: Application, pace: Pace) -> None:
    """Raises OAuth2Error. What has no secret is counted when it shows a code or a token."""
    if application.is_confidential:
        pace.count_application(application)
    if application.suspended_at is not None:
        raise UnauthorizedClientError("This application is suspended by the operator of the site.")


SERVER = Server()


def token_response(request: HttpRequest, now: datetime) -> HttpResponse:
    """The answer at the token endpoint. What is refused may have ended a grant, and is kept.

    Whoever asks too often loses nothing by it: a code or a token is used up by tokens only.
    """
    asked = Request(request, request.POST, now)
    answer: HttpResponse
    try:
        asked.pace.count_address(request)
    except TooOften as error:
        answer = SERVER.handle_error_response(asked, error)
    else:
        with transaction.atomic():
            answer = SERVER.create_token_response(asked)
    for name, value in asked.pace.headers.items():
        answer[name] = value
    return answer


def revocation_response(request: HttpRequest, now: datetime) -> HttpResponse:
    with transaction.atomic():
        answer: HttpResponse = SERVER.create_endpoint_response(
            Revocation.ENDPOINT_NAME, Request(request, request.POST, now)
        )
    return answer


def metadata() -> dict[str, object]:
    """What this server can do, for clients (RFC 8414)."""
    site = settings.BASE_URL
    return {
        "issuer": site,
        "authorization_endpoint": site + reverse("oauth_authorize"),
        "token_endpoint": site + reverse("oauth_token"),
        "revocation_endpoint": site + reverse("oauth_revoke"),
        "scopes_supported": [scope.value for scope in scopes.FOR_APPLICATIONS],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
