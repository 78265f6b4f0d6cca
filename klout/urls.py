"""Root routes; the only file that includes all apps."""

from django.conf import settings
from django.urls import include, path, re_path

from klout import views
from klout.admin import records  # noqa: F401 (what the operator can look up)
from klout.admin.site import site
from klout.views import comparing, pictures, profile, sharing

# A public name, in any case; what cannot be one is not looked for.
NAME = r"[A-Za-z0-9_-]{3,30}"
# A random address of a share link or a badge.
ADDRESS = r"[A-Za-z0-9_-]{22}"

handler400 = "klout.views.errors.bad_request"
handler500 = "klout.views.errors.server_error"
# Looked up here by allauth.
handler429 = "klout.views.errors.too_many"

urlpatterns = [
    path(settings.ADMIN_PATH, site.urls),
    path("", views.landing, name="landing"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("how/", views.how, name="how"),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/<int:announcement_id>/close/", views.close, name="close_announcement"),
    path("people/", views.people, name="people"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.terms, name="terms"),
    path("contact/", views.contact, name="contact"),
    re_path(rf"^@(?P<name>{NAME})/$", profile.profile, name="profile"),
    re_path(rf"^shared/(?P<address>{ADDRESS})/$", profile.shared, name="shared"),
    re_path(rf"^badge/(?P<address>{ADDRESS})\.svg$", pictures.badge, name="badge"),
    re_path(rf"^preview/(?P<what>@{NAME}|{ADDRESS})\.png$", pictures.preview, name="preview"),
    path("settings/sharing/", sharing.sharing, name="sharing"),
    path("settings/sharing/name/", sharing.take_name, name="take_name"),
    path("settings/sharing/preview/", sharing.preview_profile, name="preview_profile"),
    path("settings/sharing/picture/", sharing.sharing_picture, name="sharing_picture"),
    path("settings/sharing/links/", sharing.share_links, name="share_links"),
    path("settings/sharing/links/<int:link_id>/revoke/", sharing.revoke_link, name="revoke_link"),
    path("settings/sharing/badge/", sharing.sharing_badge, name="sharing_badge"),
    path("compare/", comparing.comparing, name="comparing"),
    path("compare/<int:question_id>/", comparing.compared, name="compared"),
    path("compare/<int:question_id>/answer/", comparing.answer_comparing, name="answer_comparing"),
    path("compare/<int:question_id>/end/", comparing.end_comparing, name="end_comparing"),
    path("weekly/stop/<str:token>/", views.stop_weekly, name="stop_weekly"),
    path("", include("accounts.urls")),
    path("", include("networks.urls")),
    path("", include("scoring.urls")),
    path("", include("gifting.urls")),
    path("", include("klout.webhooks.urls")),
    path("", include("klout.api.classic.urls")),
    path("", include("klout.api.v3.urls")),
]
