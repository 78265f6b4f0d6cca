"""The product's pages and the bare views behind the same middleware and the same sign-in."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from benchmarks import bare, bare_pages, plain_lookup

urlpatterns = [
    path("bare/", login_required(bare.view)),
    path("plain/<str:kloutid>/", plain_lookup.view),
    path("bare/dashboard/", login_required(bare_pages.dashboard)),
    path("bare/statements/", login_required(bare_pages.statements)),
    path("", include("klout.urls")),
]
