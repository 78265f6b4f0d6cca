"""For people: how the API is used, what each problem means, and the calls to try out."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from klout.api.v3 import openapi, problems
from klout.api.v3.api import api
from klout.api.v3.rendering import as_json
from networks.about_pages import as_html

DOCS = Path(settings.BASE_DIR) / "docs" / "api"
# Programs to read, to copy and to run.
EXAMPLES = ("tour.sh", "client.py", "classic-tour.sh", "klout_classic.py")
# Where a page of the docs links another, or a program, members find it here.
LINKS = {
    "v3.md": "/api/",
    **{f"{name}.md": f"/api/{name}/" for name in ("oauth", "webhooks", "classic")},
    **{name: f"/api/examples/{name}" for name in EXAMPLES},
}
# How the docs call the site; a page calls it by its own address, so that what it shows can be run.
ANY_SITE = "http://localhost:8000"


@require_safe
def guide(request: HttpRequest, name: str = "v3") -> HttpResponse:
    """A page of docs/api/, as it stands there."""
    title, body = _guide(name)
    return render(request, "api/guide.html", {"title": title, "body": body})


@require_safe
def example(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """A program of docs/api/, as it stands there."""
    if name not in EXAMPLES:
        raise Http404
    text = (DOCS / name).read_text().replace(ANY_SITE, settings.BASE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """All calls, to read and to try out."""
    return render(request, "api/reference.html")


@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the `type` of a problem leads."""
    kind = problems.BY_SLUG.get(slug)
    if kind is None:
        raise Http404
    context = {"kind": kind, "kinds": problems.KINDS}
    return render(request, "api/problem.html", context)


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for programs."""
    response = HttpResponse(as_json(openapi.document(api)), content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    etag = f'"{openapi.digest(api)}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101
    return answer


@cache
def _guide(name: str) -> tuple[str, SafeString]:
    title, _, body = (DOCS / f"{name}.md").read_text().partition("\n")
    html = as_html(body.replace(ANY_SITE, settings.BASE_URL))
    for page, address in LINKS.items():
        html = html.replace(f'href="{page}"', f'href="{address}"')
    return title.removeprefix("# "), mark_safe(html)  # noqa: S308 (our own text)
