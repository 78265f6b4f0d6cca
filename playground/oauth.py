"""Apps, codes and tokens: what may be asked for, and what is given."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict

from playground.api import scopes as scopes_
from playground.models import App, Grant, Token

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CODE_LIVES = timedelta(minutes=10)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class OAuthError(Exception):
    """An error of RFC 6749 with the words that Mastodon's library uses."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


def _unknown_client() -> OAuthError:
    return OAuthError(
        "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method.",
        401,
    )


def _bad_grant() -> OAuthError:
    return OAuthError(
        "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the "
        "redirection URI used in the authorization request, or was issued to another client.",
    )


def _bad_scope() -> OAuthError:
    return OAuthError("invalid_scope", "The requested scope is invalid, unknown, or malformed.")


@dataclass(frozen=True)
class Ask:
    """A request for consent whose client and redirect address are known to be good."""

    app: App
    redirect_uri: str
    state: str
    scopes: str
    challenge: str

    def back(self, **answer: str) -> str:
        """The address to send the browser to with the answer."""
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        values = answer | ({"state": self.state} if self.state else {})
        return f"{self.redirect_uri}{joint}{urlencode(values)}"


def read_ask(params: QueryDict) -> Ask:
    """Raises OAuthError if client or redirect address are not good: then nothing is sent back."""
    app = App.objects.filter(client_id=params.get("client_id", "")).first()
    if not app:
        raise _unknown_client()
    redirect_uri = params.get("redirect_uri", "")
    if redirect_uri not in app.redirect_uris.split("\n"):
        raise OAuthError("invalid_redirect_uri", "The redirect uri included is not valid.")
    return Ask(
        app=app,
        redirect_uri=redirect_uri,
        state=params.get("state", ""),
        scopes=params.get("scope", "").strip() or "read",
        challenge=params.get("code_challenge", ""),
    )


def check_ask(ask: Ask, params: QueryDict) -> None:
    """Raises OAuthError for what the client is to be told at its redirect address."""
    if params.get("response_type") != "code":
        raise OAuthError(
            "unsupported_response_type",
            "The authorization server does not support this response type.",
        )
    if not scopes_.are_known(ask.scopes) or not scopes_.are_within(ask.scopes, ask.app.scopes):
        raise _bad_scope()
    method = params.get("code_challenge_method", "")
    if (ask.challenge or method) and method != "S256":
        raise OAuthError("invalid_request", "The code_challenge_method must be S256.")
    if method and not _CHALLENGE.fullmatch(ask.challenge):
        raise OAuthError("invalid_request", "Code challenge is required.")


def grant(ask: Ask, account_id: int, now: datetime) -> str:
    """The person agreed: a code, good once and for ten minutes."""
    made = Grant.objects.create(
        code=secrets.token_urlsafe(32),
        app=ask.app,
        account_id=account_id,
        redirect_uri=ask.redirect_uri,
        scopes=ask.scopes,
        challenge=ask.challenge,
        granted_at=now,
    )
    return made.code


def client(client_id: str, client_secret: str) -> App:
    app = App.objects.filter(client_id=client_id).first()
    if not app or not secrets.compare_digest(app.client_secret.encode(), client_secret.encode()):
        raise _unknown_client()
    return app


def trade(app: App, code: str, redirect_uri: str, verifier: str, now: datetime) -> Token:
    """A code for a token, once."""
    found = Grant.objects.filter(code=code).first()
    if not found or found.app_id != app.pk or found.redirect_uri != redirect_uri:
        raise _bad_grant()
    if found.granted_at + CODE_LIVES < now or not _is_verified(found.challenge, verifier):
        raise _bad_grant()
    if not Grant.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise _bad_grant()
    return issue(app, found.scopes, found.account_id, now)


def _is_verified(challenge: str, verifier: str) -> bool:
    if not challenge:
        return True
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return secrets.compare_digest(made, challenge)


def issue(app: App, scopes: str, account_id: int | None, now: datetime) -> Token:
    return Token.objects.create(
        token=secrets.token_urlsafe(32),
        app=app,
        account_id=account_id,
        scopes=scopes,
        created_at=now,
    )


def issue_to_app(app: App, scopes: str, now: datetime) -> Token:
    if not scopes_.are_known(scopes) or not scopes_.are_within(scopes, app.scopes):
        raise _bad_scope()
    return issue(app, scopes, None, now)


def revoke(app: App, token: str, now: datetime) -> None:
    """Unknown tokens are as good as revoked (RFC 7009); another client's are refused."""
    found = Token.objects.filter(token=token).first()
    if found and found.app_id != app.pk:
        raise OAuthError("unauthorized_client", "You are not authorized to revoke this token", 403)
    Token.objects.filter(token=token, revoked_at=None).update(revoked_at=now)
