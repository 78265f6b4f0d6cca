"""Root routes; the only file that includes all apps."""

from django.conf import settings
from django.urls import include, path

from klout import views
from klout.admin import records  # noqa: F401 (what the operator can look up)
from klout.admin.site import site

urlpatterns = [
    path(settings.ADMIN_PATH, site.urls),
    path("", views.landing, name="landing"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("how/", views.how, name="how"),
    path("healthz", views.healthz, name="healthz"),
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/<int:announcement_id>/close/", views.close, name="close_announcement"),
    path("people/", views.people, name="people"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.terms, name="terms"),
    path("contact/", views.contact, name="contact"),
    path("", include("accounts.urls")),
    path("", include("networks.urls")),
    path("", include("scoring.urls")),
    path("", include("gifting.urls")),
]
