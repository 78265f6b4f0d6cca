"""Root routes; the only file that includes all apps."""

from django.urls import include, path

from klout import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("how/", views.how, name="how"),
    path("healthz", views.healthz, name="healthz"),
    path("people/", views.people, name="people"),
    path("weekly/stop/<str:token>/", views.stop_weekly, name="stop_weekly"),
    path("", include("accounts.urls")),
    path("", include("networks.urls")),
    path("", include("scoring.urls")),
    path("", include("gifting.urls")),
]
