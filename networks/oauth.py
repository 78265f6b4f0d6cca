"""The secrets of one walk to a consent page and back (RFC 6749, RFC 7636, RFC 9700)."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit


def new_state() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    """A PKCE verifier: 43 to 128 unreserved characters (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(48)


def challenge(verifier: str) -> str:
    """The S256 challenge that goes out for `verifier` (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def fingerprint(text: str) -> str:
    """What is kept of a state or a session key: enough to know it again, not to use it."""
    return hashlib.sha256(text.encode()).hexdigest()


def by_number(address: str) -> str:
    """The same address on this machine by its number, where it names `localhost`.

    Some servers take only the number for a way back to the member's own machine (RFC 8252, 8.3).
    """
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname != "localhost":
        return address
    return parts._replace(netloc=parts.netloc.replace("localhost", "127.0.0.1", 1)).geturl()


def speaks_for(issuer: str, host: str, *, is_required: bool = False) -> bool:
    """Whether an `iss` parameter (RFC 9207) names `host`; one not required may be missing."""
    if not issuer:
        return not is_required
    try:
        named = urlsplit(issuer).netloc.lower()
    except ValueError:
        return False
    return hmac.compare_digest(named.encode(), host.lower().encode())
