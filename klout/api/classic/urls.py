"""Routes of the API of old: with and without a slash at the end, and never a redirect."""

from django.urls import path, re_path

from klout.api.classic import v1, views

KIND = r"\.(?P<kind>json|xml)/?$"
PART = r"[^/]+"

urlpatterns = [
    re_path(rf"^1/klout{KIND}", v1.klout, name="v1_klout"),
    re_path(rf"^1/users/show{KIND}", v1.show, name="v1_show"),
    re_path(rf"^1/users/topics{KIND}", v1.topics, name="v1_topics"),
    re_path(rf"^1/soi/influenced_by{KIND}", v1.influenced_by, name="v1_influenced_by"),
    re_path(rf"^1/soi/influencer_of{KIND}", v1.influencer_of, name="v1_influencer_of"),
    re_path(
        rf"^v2/identity\.json/(?:klout|ks)/(?P<kloutid>{PART})/(?P<code>{PART})/?$",
        views.identity_of_kloutid,
        name="v2_identity_of_kloutid",
    ),
    re_path(
        rf"^v2/identity\.json/(?P<code>{PART})/(?P<network_id>{PART})/?$",
        views.identity_by_id,
        name="v2_identity_by_id",
    ),
    re_path(
        rf"^v2/identity\.json/(?P<network>{PART})/?$",
        views.identity_by_name,
        name="v2_identity_by_name",
    ),
    re_path(rf"^v2/user\.json/(?P<kloutid>{PART})/score/?$", views.score, name="v2_score"),
    re_path(rf"^v2/user\.json/(?P<kloutid>{PART})/topics/?$", views.topics, name="v2_topics"),
    re_path(
        rf"^v2/user\.json/(?P<kloutid>{PART})/influence/?$", views.influence, name="v2_influence"
    ),
    re_path(rf"^v2/user\.json/(?P<kloutid>{PART})/?$", views.user, name="v2_user"),
    path("1/<path:rest>", views.unknown, name="v1_unknown"),
    path("v2/<path:rest>", views.unknown, name="v2_unknown"),
]
