"""What a person sees when something went wrong."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path
from django.views.defaults import server_error

from klout import urls


def _fail_with(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("fails/400/", _fail_with(BadRequest())),
    path("fails/403/", _fail_with(PermissionDenied())),
    path("fails/500/", _fail_with(RuntimeError("boom"))),
]


@pytest.fixture
def visitor(db, settings):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/fails/400/", 400, "could not be read"),
        ("/fails/403/", 403, "not open to you"),
        ("/nothing/", 404, "nothing here"),
        ("/fails/500/", 500, "broke on our side"),
    ],
)
def test_an_error_says_what_happened_and_what_to_do(visitor, address, status, words):
    response = visitor.get(address)

    assert response.status_code == status
    assert words in response.text
    assert "To the start" in response.text
    assert "base.css" in response.text


def test_a_broken_page_needs_no_database():
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert b"broke on our side" in response.content


def test_a_broken_page_does_not_pretend_that_a_member_is_signed_out(visitor):
    assert "Sign in" not in visitor.get("/fails/500/").text


def test_a_stale_form_says_to_load_the_page_again(db):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "ada"})

    assert response.status_code == 403
    assert "gone stale" in response.text


def test_too_many_tries_say_to_wait(db, rf):
    from allauth.core.internal.ratelimit import respond_429
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()

    response = respond_429(request)

    assert response.status_code == 429
    assert "Try again at" in response.text
    assert response.headers["Retry-After"] == "300"
