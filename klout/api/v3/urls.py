"""Routes of the API of today, and of the pages about it."""

from django.urls import path

from klout.api.v3 import pages
from klout.api.v3.api import api

urlpatterns = [
    path("api/", pages.guide, name="api_guide"),
    path("api/oauth/", pages.guide, {"name": "oauth"}, name="oauth_guide"),
    path("api/webhooks/", pages.guide, {"name": "webhooks"}, name="webhooks_guide"),
    path("api/classic/", pages.guide, {"name": "classic"}, name="classic_guide"),
    path("api/examples/<str:name>", pages.example, name="api_example"),
    path("api/v3/docs/", pages.reference, name="api_reference"),
    path("api/v3/openapi.json", pages.document, name="api_document"),
    path("api/v3/problems/<slug:slug>/", pages.problem, name="v3_problem"),
    path("api/v3/", api.urls),
]
