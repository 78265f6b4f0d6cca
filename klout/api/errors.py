"""Whatever goes wrong below the old API's addresses is told in JSON, as its clients expect."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from klout.api.classic import wire

PREFIXES = ("/1/", "/v2/")
SENTENCES = {
    400: "This request cannot be read.",
    404: "There is nothing here.",
    500: "Something broke on our side. It is not your doing; ask again in a minute.",
}


def errors_in_json(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of errors become `{"error": ..., "description": ...}` there; nothing else changes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not is_page or not request.path.startswith(PREFIXES):
            return response
        sentence = SENTENCES.get(response.status_code, "This cannot be answered.")
        response.content = json.dumps(wire.error(response.status_code, sentence)).encode()
        response["Content-Type"] = "application/json"
        return response

    return middleware
