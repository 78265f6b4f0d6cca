"""Signed tokens as a server opens them, by cryptography alone and not by our own code."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


def opened(token: str, key: dict[str, str] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of an ES256 token, verified with `key` or with the key in its header."""
    first, second, third = token.split(".")
    header, claims = json.loads(_bytes(first)), json.loads(_bytes(second))
    jwk = key or header["jwk"]
    assert (header["alg"], jwk["kty"], jwk["crv"]) == ("ES256", "EC", "P-256")
    numbers = ec.EllipticCurvePublicNumbers(_int(jwk["x"]), _int(jwk["y"]), ec.SECP256R1())
    signature = _bytes(third)
    pair = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    numbers.public_key().verify(
        encode_dss_signature(*pair), f"{first}.{second}".encode(), ec.ECDSA(hashes.SHA256())
    )
    return header, claims


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638."""
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    text = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _int(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")
