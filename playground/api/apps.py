"""https://docs.joinmastodon.org/methods/apps/ and /methods/oauth/"""

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

from playground import clock, oauth, settings
from playground.api import scopes
from playground.api.answers import ApiError, Call, api, parameters
from playground.models import App, Token

Json = dict[str, Any]
# Mastodon sends its key for web push here; this network pushes nothing.
_VAPID_KEY = "none"


@api(token=False)
def create(call: Call) -> Json:
    name = call.params.get("client_name", "").strip()
    addresses = _addresses(call.params)
    asked = call.params.get("scopes", "").strip() or "read"
    if not name:
        raise ApiError(422, "Validation failed: Application name can't be blank")
    if len(name) > 60:
        raise ApiError(422, "Validation failed: Application name is too long (maximum is 60)")
    if not addresses:
        raise ApiError(422, "Validation failed: Redirect URI can't be blank")
    if not all(_is_absolute(address) for address in addresses):
        raise ApiError(422, "Validation failed: Redirect URI must be an absolute URI.")
    if not scopes.are_known(asked):
        raise ApiError(422, "Validation failed: Scopes doesn't match configured on the server.")
    app = App.objects.create(
        name=name,
        website=call.params.get("website", "")[:2000],
        redirect_uris="\n".join(addresses),
        scopes=asked,
        client_id=secrets.token_urlsafe(32),
        client_secret=secrets.token_urlsafe(32),
        registered_at=call.now,
    )
    return _application(app) | {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "client_secret_expires_at": 0,
    }


def _addresses(params: QueryDict) -> list[str]:
    listed = params.getlist("redirect_uris[]") or params.get("redirect_uris", "").split()
    return [address.strip() for address in listed if address.strip()]


def _is_absolute(address: str) -> bool:
    if address == oauth.OUT_OF_BAND:
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_risky = parts.scheme in ("javascript", "data", "vbscript", "file")
    return bool(parts.scheme and parts.netloc) and not is_risky and not parts.fragment


def _application(app: App) -> Json:
    return {
        "id": str(app.pk),
        "name": app.name,
        "website": app.website or None,
        "scopes": app.scopes.split(),
        "redirect_uris": app.redirect_uris.split("\n"),
        "redirect_uri": app.redirect_uris,
        "vapid_key": _VAPID_KEY,
    }


@api()
def verify_credentials(call: Call) -> Json:
    assert call.token is not None  # noqa: S101 - the decorator has refused calls without one
    return _application(call.token.app)


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    try:
        params = parameters(request)
        body = _token(_issue(request, params))
    except oauth.OAuthError as error:
        return _refusal(error)
    except ApiError as error:
        return JsonResponse(error.body, status=error.status)
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _issue(request: HttpRequest, params: QueryDict) -> Token:
    kind, now = params.get("grant_type"), clock.now()
    if kind not in ("authorization_code", "client_credentials"):
        raise oauth.OAuthError(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server.",
        )
    app = _client(request, params)
    if kind == "client_credentials":
        return oauth.issue_to_app(app, params.get("scope", "").strip() or "read", now)
    for name in ("code", "redirect_uri"):
        if not params.get(name):
            raise oauth.OAuthError("invalid_request", f"Missing required parameter: {name}.")
    code, redirect_uri = params.get("code", ""), params.get("redirect_uri", "")
    return oauth.trade(app, code, redirect_uri, params.get("code_verifier", ""), now)


def _client(request: HttpRequest, params: QueryDict) -> App:
    """The client by its secret, in the body or as HTTP Basic (RFC 6749, 2.3.1)."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return oauth.client(params.get("client_id", ""), params.get("client_secret", ""))
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = secret = ""
    return oauth.client(unquote(name), unquote(secret))


def _token(token: Token) -> Json:
    return {
        "access_token": token.token,
        "token_type": "Bearer",
        "scope": token.scopes,
        "created_at": int(token.created_at.timestamp()),
    }


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponse:
    try:
        params = parameters(request)
        oauth.revoke(_client(request, params), params.get("token", ""), clock.now())
    except oauth.OAuthError as error:
        return _refusal(error)
    except ApiError as error:
        return JsonResponse(error.body, status=error.status)
    return JsonResponse({})


def _refusal(error: oauth.OAuthError) -> HttpResponse:
    body = {"error": error.error, "error_description": error.description}
    return JsonResponse(body, status=error.status, headers={"Cache-Control": "no-store"})


def metadata(_request: HttpRequest) -> HttpResponse:
    """RFC 8414."""
    base = settings.BASE_URL
    return JsonResponse(
        {
            "issuer": f"{base}/",
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "scopes_supported": list(scopes.MEANING),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
