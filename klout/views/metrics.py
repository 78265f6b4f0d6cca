"""What Prometheus reads. Not there for anybody without the token of the settings."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from klout.watching.answers import of_this_machine
from klout.watching.state import StateOfTheSite


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The web processes of this machine, then the state of the whole site."""
    if not _may_ask(request):
        raise Http404
    site = CollectorRegistry()
    site.register(StateOfTheSite(timezone.now()))
    with of_this_machine() as machine:
        text = generate_latest(machine)
    return HttpResponse(text + generate_latest(site), content_type=CONTENT_TYPE_PLAIN_1_0_0)


def _may_ask(request: HttpRequest) -> bool:
    """Without a token set nobody may: how a site does is its operator's business."""
    asked = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(asked, wanted)
