"""How answers are written: JSON in UTF-8, moments in UTC."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder


class Encoder(NinjaJSONEncoder):
    """Moments as RFC 3339 with a Z, to the second."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(o, date):
            return o.isoformat()
        return super().default(o)


def as_json(data: Any) -> bytes:
    return json.dumps(data, cls=Encoder, ensure_ascii=False).encode()


class Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        return as_json(data)
