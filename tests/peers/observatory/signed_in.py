"""The product as gunicorn serves it, to a browser that is signed in: by COOKIE."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from klout.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["HTTP_COOKIE"] = os.environ["COOKIE"]
    answer: Iterable[bytes] = product(environ, start_response)
    return answer
