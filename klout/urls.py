"""Root routes; the only file that includes all apps."""

from django.urls import include, path

from klout import views

handler400 = "klout.views.errors.bad_request"
handler500 = "klout.views.errors.server_error"
# Looked up here by allauth.
handler429 = "klout.views.errors.too_many"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("how/", views.how, name="how"),
    path("healthz", views.healthz, name="healthz"),
    path("people/", views.people, name="people"),
    path("", include("accounts.urls")),
    path("", include("networks.urls")),
    path("", include("scoring.urls")),
    path("", include("gifting.urls")),
]
