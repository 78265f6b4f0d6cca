"""The page of a member's topics, with a switch at each. Somebody else's topic is not found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import member_of
from networks.topic_models import Topic
from networks.topics import choices
from networks.topics.selectors import own_topics


@login_required
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    found = own_topics(member_of(request))
    return render(request, "networks/topics/topics.html", {"topics": found})


@login_required
@require_POST
def hide_topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    """Hide it (`hidden=yes`), or show it again (`no`)."""
    topic = get_object_or_404(Topic, pk=topic_id, member=member_of(request))
    said = request.POST.get("hidden")
    if said == "yes":
        choices.hide(topic, timezone.now())
        messages.success(
            request, _("%(topic)s is hidden. It stays on this page only.") % {"topic": topic.name}
        )
    elif said == "no":
        choices.show(topic)
        messages.success(request, _("%(topic)s is not hidden any more.") % {"topic": topic.name})
    else:
        messages.warning(request, _("Nothing was changed: please use one of the buttons here."))
    return redirect("topics")
