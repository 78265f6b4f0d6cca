"""ES256 keys, and what is signed with them (RFC 7515, RFC 7518)."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

_BYTES = 32  # Of a number on the curve P-256.


class SigningKey:
    """A private key on P-256. As text it is its number in base64url: 43 characters, a secret."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @classmethod
    def new(cls) -> "SigningKey":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_text(cls, text: str) -> "SigningKey":
        """Raises ValueError for anything that `text()` did not write."""
        number = int.from_bytes(urlsafe_b64decode(f"{text}="), "big")
        return cls(ec.derive_private_key(number, ec.SECP256R1()))

    def text(self) -> str:
        return _number(self._private.private_numbers().private_value)

    @property
    def public(self) -> dict[str, str]:
        """The public half as a JWK (RFC 7517)."""
        point = self._private.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(point.x), "y": _number(point.y)}

    @property
    def name(self) -> str:
        """The thumbprint of the public half (RFC 7638)."""
        parts = json.dumps(self.public, sort_keys=True, separators=(",", ":"))
        return digest(parts)

    def signed(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """The claims as a signed token."""
        parts = ({**header, "alg": "ES256"}, claims)
        text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        signature = self._private.sign(text.encode("ascii"), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signature)
        return f"{text}.{encoded(r.to_bytes(_BYTES, 'big') + s.to_bytes(_BYTES, 'big'))}"


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def digest(text: str) -> str:
    """SHA-256 in base64url without padding."""
    return encoded(hashlib.sha256(text.encode("ascii")).digest())


def _number(value: int) -> str:
    return encoded(value.to_bytes(_BYTES, "big"))
