"""Requests that prove to come from whoever holds a key (DPoP, RFC 9449).

Servers hand out nonces and answer a request that has none, or an old one, with a fresh one: it is
then sent once more. The clock is read here: a proof says when it was made, and a run takes minutes.
"""

import re
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from networks.connectors.bluesky.keys import SigningKey, digest
from networks.http import Answer, Door

_NONCE = re.compile(r"[\x21-\x7e]{1,500}")
_CHALLENGE = "use_dpop_nonce"


class BoundDoor:
    """The door, with a proof of `key` on each request; remembers each server's last nonce."""

    def __init__(self, door: Door, key: SigningKey) -> None:
        self._door = door
        self._key = key
        self._nonces: dict[str, str] = {}

    def post(self, url: str, data: Mapping[str, str]) -> Answer:
        """Send a form."""
        answer = self._door.post(url, data=data, headers=self._proof("POST", url))
        if self._is_challenged(url, answer):
            answer = self._door.post(url, data=data, headers=self._proof("POST", url))
            self._is_challenged(url, answer)
        return answer

    def get(self, url: str, params: Mapping[str, str | int], token: str) -> Answer:
        """Fetch with a token that is bound to the key."""
        answer = self._door.get(url, params=params, headers=self._proof("GET", url, token))
        if self._is_challenged(url, answer):
            answer = self._door.get(url, params=params, headers=self._proof("GET", url, token))
        return answer

    def _proof(self, method: str, url: str, token: str = "") -> dict[str, str]:
        claims: dict[str, str | int] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
        }
        if nonce := self._nonces.get(urlsplit(url).netloc):
            claims["nonce"] = nonce
        if token:
            claims["ath"] = digest(token)
        proof = self._key.signed({"typ": "dpop+jwt", "jwk": self._key.public}, claims)
        return {"DPoP": proof} | ({"Authorization": f"DPoP {token}"} if token else {})

    def _is_challenged(self, url: str, answer: Answer) -> bool:
        """Whether the server wants its nonce in the proof; remembers the one it gives."""
        nonce = answer.headers.get("dpop-nonce", "")
        if not _NONCE.fullmatch(nonce):
            return False
        self._nonces[urlsplit(url).netloc] = nonce
        said = answer.headers.get("www-authenticate", "") + answer.body[:500].decode("latin-1")
        return answer.status in (400, 401) and _CHALLENGE in said
