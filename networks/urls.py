"""Routes of `networks`."""

from django.urls import include, path, re_path

from networks import blog_views, picture_views, stop_views, views

urlpatterns = [
    path("", include("networks.sonobuoy.urls")),
    path("", include("networks.topics.urls")),
    path("networks/", views.networks, name="networks"),
    re_path(
        r"^pictures/(?P<digest>[0-9a-f]{32})-(?P<size>large|small)\.webp$",
        picture_views.picture,
        name="picture",
    ),
    path("stop-counting-me/", stop_views.stop_counting, name="stop_counting"),
    path(
        "stop-counting-me/on/<slug:platform>/",
        stop_views.stop_counting_who,
        name="stop_counting_who",
    ),
    path(
        "stop-counting-me/code/<str:token>/",
        stop_views.stop_counting_code,
        name="stop_counting_code",
    ),
    path("networks/prove/", blog_views.prove, name="prove"),
    path("me/<str:address>/", blog_views.me, name="me"),
    path("webmention/<str:endpoint>/", blog_views.webmention, name="webmention"),
    path("networks/about/<slug:name>/", views.about, name="about_network"),
    path("networks/link/<str:platform>/", views.link, name="link"),
    path("networks/bluesky/client-metadata.json", views.bluesky_client, name="bluesky_client"),
    path("networks/callback/<str:platform>/<str:host>/", views.callback, name="link_callback"),
    path("networks/<int:account_id>/reading/", views.progress, name="account_progress"),
    path("networks/<int:account_id>/read/", views.read_now, name="read_now"),
    path("networks/<int:account_id>/consent/", views.relink, name="relink"),
    path("networks/<int:account_id>/findable/", views.findable, name="set_findable"),
    path("networks/<int:account_id>/unlink/", views.unlink, name="unlink"),
]
