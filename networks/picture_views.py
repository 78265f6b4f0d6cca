"""Pictures of members, served from here. Their addresses never mean another picture."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from networks.picture_models import AccountPicture

FOR_EVER = "public, max-age=31536000, immutable"
NOTHING_IN_IT = "default-src 'none'; frame-ancestors 'none'"


@require_safe
def picture(request: HttpRequest, digest: str, size: str) -> HttpResponse:
    """One query, and no session: whoever was shown the address may fetch what is there."""
    found = AccountPicture.objects.filter(digest=digest).values_list(size, flat=True).first()
    if found is None:
        return HttpResponseNotFound("There is no such picture.", content_type="text/plain")
    etag = f'"{digest}-{size}"'
    answer = HttpResponse(bytes(found), content_type="image/webp")
    answer["Cache-Control"], answer["ETag"] = FOR_EVER, etag
    answer["Content-Security-Policy"] = NOTHING_IN_IT
    answer["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=etag, response=answer) or answer
