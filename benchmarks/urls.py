"""The product's pages and the bare view behind the same middleware and the same sign-in."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from benchmarks import bare

urlpatterns = [path("bare/", login_required(bare.view)), path("", include("klout.urls"))]
