"""Addresses, as Mastodon has them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from playground import trouble
from playground.api import accounts, apps, instance, notifications, statuses
from playground.web import acts, authorize, pages, pictures, sign_in

View = Callable[..., HttpResponse]


def only(**views: View) -> View:
    """Pick the view by method; a method without one has no such address, as in Mastodon."""

    @csrf_exempt
    def pick(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else request.method
        view = views.get(method or "")
        return view(request, **kwargs) if view else nothing_here(request)

    return pick


def nothing_here(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 - Django names it
) -> HttpResponse:
    if request.path.startswith(("/api/", "/oauth/token", "/oauth/revoke")):
        return JsonResponse({"error": "Not Found"}, status=404)
    return pages.not_found(request)


handler404 = nothing_here

_ACCOUNT = "api/v1/accounts/<account_id>"
_STATUS = "api/v1/statuses/<status_id>"

urlpatterns = [
    path("api/v1/apps", only(POST=apps.create)),
    path("api/v1/apps/verify_credentials", only(GET=apps.verify_credentials)),
    path("oauth/token", only(POST=apps.token)),
    path("oauth/revoke", only(POST=apps.revoke)),
    path("oauth/userinfo", only(GET=accounts.userinfo, POST=accounts.userinfo)),
    path(".well-known/oauth-authorization-server", apps.metadata),
    path("api/v1/accounts/verify_credentials", only(GET=accounts.verify_credentials)),
    path("api/v1/accounts/lookup", only(GET=accounts.lookup)),
    path("api/v1/accounts/relationships", only(GET=accounts.relationships)),
    path(_ACCOUNT, only(GET=accounts.show)),
    path(f"{_ACCOUNT}/statuses", only(GET=accounts.statuses)),
    path(f"{_ACCOUNT}/following", only(GET=accounts.following)),
    path(f"{_ACCOUNT}/followers", only(GET=accounts.followers)),
    path(f"{_ACCOUNT}/follow", only(POST=accounts.follow)),
    path(f"{_ACCOUNT}/unfollow", only(POST=accounts.unfollow)),
    path("api/v1/notifications", only(GET=notifications.index)),
    path("api/v1/notifications/<notification_id>", only(GET=notifications.show)),
    path("api/v1/statuses", only(POST=statuses.create)),
    path(_STATUS, only(GET=statuses.show, DELETE=statuses.delete)),
    path(f"{_STATUS}/context", only(GET=statuses.context)),
    path(f"{_STATUS}/favourited_by", only(GET=statuses.favourited_by)),
    path(f"{_STATUS}/reblogged_by", only(GET=statuses.reblogged_by)),
    path(f"{_STATUS}/quotes", only(GET=statuses.quotes)),
    path(f"{_STATUS}/favourite", only(POST=statuses.favourite)),
    path(f"{_STATUS}/unfavourite", only(POST=statuses.unfavourite)),
    path(f"{_STATUS}/reblog", only(POST=statuses.reblog)),
    path(f"{_STATUS}/unreblog", only(POST=statuses.unreblog)),
    path("api/v1/instance", only(GET=instance.v1)),
    path("api/v2/instance", only(GET=instance.v2)),
    path(".well-known/nodeinfo", instance.nodeinfo_links),
    path("nodeinfo/2.0", only(GET=instance.nodeinfo)),
    path("oauth/authorize", authorize.authorize, name="authorize"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("", pages.home, name="home"),
    path("write", acts.write, name="write"),
    path("acts/<int:status_id>/<what>", acts.act, name="act"),
    path("@<acct>", pages.profile, name="profile"),
    path("@<acct>/<int:status_id>", pages.status, name="status"),
    path("users/<username>", pages.to_profile),
    path("users/<username>/statuses/<int:status_id>", pages.to_status),
    path("users/<username>/statuses/<int:status_id>/activity", pages.to_status),
    path("tags/<tag>", pages.tag, name="tag"),
    path("avatars/<int:account_id>.svg", pictures.avatar),
    path("avatars/<int:account_id>.png", pictures.avatar_png),
    path("headers/<int:account_id>.svg", pictures.header),
    path("icon.svg", pictures.icon, name="icon"),
    path("style.css", pictures.style, name="style"),
    path("trouble/", trouble.switch),
]
