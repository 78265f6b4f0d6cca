"""The OpenAPI document (3.1), generated from the calls and their shapes."""

from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import translation
from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from accounts.api_models import KEY_MOST
from klout.api import quota
from klout.api.v3 import idempotency, problems
from klout.api.v3.rendering import as_json
from klout.api.v3.shapes.problem import Problem

VERSION = "3.0"
DESCRIPTION = """\
What your own programs, and applications that you let in, can read and do in your name.

Send a key of yours, or an access token, as `Authorization: Bearer …`. Errors are problems
(RFC 9457), lists go on by cursors, reads have ETags, writes take an `Idempotency-Key`. There is no
bulk lookup, no search by score and no list of members; where a score is, its terms of use are.
"""
PARAMETERS = {
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "description": "The ETag of the answer that you have.",
        "schema": {"type": "string"},
        "example": '"1f3870be274f6c49b3e31a0c6728957f"',
    },
    "IdempotencyKey": {
        "in": "header",
        "name": idempotency.HEADER,
        "required": False,
        "description": "Random and new for each thing to do. Sent again, it is the same thing.",
        "schema": {
            "type": "string", "maxLength": KEY_MOST, "pattern": f"^{idempotency.WRITTEN}$",
        },
        "example": "0b0f8f0e-7d5a-4c39-9a53-2f2f3a6b8f11",
    },
}  # fmt: skip
HEADERS = {
    "ETag": ("Names this very answer.", '"1f3870be274f6c49b3e31a0c6728957f"'),
    "RateLimit-Policy": ("How much may be asked, and in how many seconds.", quota.POLICY),
    "RateLimit": ("How much is left, and for how many seconds.", '"second";r=9;t=1'),
    "Retry-After": ("Seconds to wait.", "1"),
    "WWW-Authenticate": ("What is needed.", 'Bearer realm="Klout"'),
    idempotency.REPEATED: ("`true` where it is the answer of an earlier request.", "true"),
}
SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of your own, from your settings, or an access token.",
    }
}


def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole document, in English, without anything of a request in it."""
    return _document(api, settings.BASE_URL)


@cache
def _document(api: NinjaAPI, site: str) -> dict[str, Any]:
    with translation.override("en"):
        schema: dict[str, Any] = dict(api.get_openapi_schema())
        schema["servers"] = [{"url": site}]
        parts = schema["components"]
        parts["schemas"] |= _problem()
        parts["parameters"], parts["headers"] = PARAMETERS, _headers()
        parts["examples"] = {kind.slug: {"value": _example(kind)} for kind in problems.KINDS}
        parts["securitySchemes"] = SECURITY
        _show_examples(schema)
        return schema


def digest(api: NinjaAPI) -> str:
    """Names this very document."""
    return sha256(as_json(document(api))).hexdigest()[:32]


def _problem() -> dict[str, Any]:
    """The schemas of errors, which no call names among its own answers."""
    _, found = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _headers() -> dict[str, Any]:
    return {
        name: {"description": said, "schema": {"type": "string"}, "example": example}
        for name, (said, example) in HEADERS.items()
    }


def _example(kind: problems.Kind) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": str(kind.title),
        "status": kind.status,
        "detail": f"{kind.meaning} {kind.then}",
        "request_id": "3f2b1c0d9e8a7f65",
    }


def _show_examples(schema: dict[str, Any]) -> None:
    """Beside each body stands one, put together from the examples of its fields."""
    schemas = schema["components"]["schemas"]
    for path in schema["paths"].values():
        for call in path.values():
            for parameter in call["parameters"]:
                # The library writes those of a schema here, where OpenAPI has another shape.
                if examples := parameter.pop("examples", None):
                    parameter["example"] = examples[0]
            bodies = [call.get("requestBody", {}), *call["responses"].values()]
            for body in bodies:
                for content in body.get("content", {}).values():
                    if "examples" not in content:
                        content["example"] = _example_of(content["schema"], schemas)


def _example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "properties" in schema:
        fields = schema["properties"].items()
        return {name: _example_of(field, schemas) for name, field in fields}
    if schema.get("type") == "array" and "$ref" in schema["items"]:
        return [_example_of(schema["items"], schemas)]
    nested = [one for one in schema.get("anyOf", ()) if "$ref" in one]
    return _example_of(nested[0], schemas) if nested else schema["examples"][0]
