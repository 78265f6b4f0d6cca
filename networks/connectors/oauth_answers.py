"""What several platforms have in common when they are asked for a token (RFC 6749)."""

from collections.abc import Mapping
from typing import Any

from networks.connectors.base import AppRegistration, Permanent, Transient
from networks.connectors.fields import Unreadable, mapping, secret
from networks.http import Answer


def operators_app(options: Mapping[str, str], scopes: str) -> AppRegistration:
    """The application that the operator made at a platform. Raises Permanent where none is set."""
    client_id, client_secret = options.get("client_id", ""), options.get("client_secret", "")
    if not client_id or not client_secret:
        raise Permanent("no application is set", code="app_forgotten")
    return AppRegistration(client_id, client_secret, scopes)


def oauth_error(answer: Answer) -> str:
    """The error that the answer names (5.2), or "" where it is nothing of the kind."""
    try:
        return str(mapping(answer.json()).get("error"))
    except (Unreadable, Transient):
        return ""


def token_in(host: str, granted: Mapping[str, Any]) -> str:
    """The access token that was granted. Raises Transient (garbage) where there is none."""
    try:
        return secret(granted.get("access_token"))
    except Unreadable as error:
        raise no_token(host) from error


def bearer_token_in(host: str, granted: Mapping[str, Any]) -> str:
    """The same, where it works for whoever bears it (7.1)."""
    token = token_in(host, granted)
    if str(granted.get("token_type", "bearer")).lower() != "bearer":
        raise Transient(f"{host}: not a bearer token", code="garbage")
    return token


def granted_in(host: str, answer: Answer) -> Mapping[str, Any]:
    """What an answer of success holds. Raises Transient (garbage) where it is no object."""
    try:
        return mapping(answer.json())
    except Unreadable as error:
        raise no_token(host) from error


def no_token(host: str) -> Transient:
    return Transient(f"{host}: no token in the answer", code="garbage")
