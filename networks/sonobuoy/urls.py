"""Routes of the sonobuoy."""

from django.urls import path

from networks.sonobuoy import views

urlpatterns = [
    path("sonobuoy/", views.sonobuoy, name="sonobuoy"),
    path("sonobuoy/rest/", views.rest, name="rest"),
    path("sonobuoy/mail/", views.wishes, name="sonobuoy_mail"),
    path("sonobuoy/mail/stop/<str:token>/", views.stop_pings, name="stop_pings"),
    path("sonobuoy/<int:account_id>/", views.answer, name="sonobuoy_answer"),
    path("sonobuoy/<int:account_id>/threshold/", views.threshold, name="sonobuoy_threshold"),
]
