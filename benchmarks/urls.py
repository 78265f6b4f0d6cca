"""The product's pages and the bare views behind the same middleware and the same sign-in."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from benchmarks import bare, plain_lookup

urlpatterns = [
    path("bare/", login_required(bare.view)),
    path("plain/<str:kloutid>/", plain_lookup.view),
    path("", include("klout.urls")),
]
