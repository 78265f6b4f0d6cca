"""What a person sees when something went wrong."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import path, reverse

from klout import urls
from klout.views.errors import server_error
from tests.routes import routes

# What they ask is answered as they read it, see tests/api/v3/ and tests/applications/.
PROGRAMS = ("v3_", "oauth_token", "oauth_revoke")


def _fail_with(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("fails/400/", _fail_with(BadRequest())),
    path("fails/403/", _fail_with(PermissionDenied())),
    path("fails/500/", _fail_with(RuntimeError("boom"))),
    path("fails/503/", _fail_with(OperationalError("the database is shutting down"))),
]
handler400, handler429, handler500 = urls.handler400, urls.handler429, urls.handler500


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
        ("/fails/503/", 503, "The database does not answer"),
    ],
)
def test_an_error_says_what_happened_and_what_to_do(visitor, address, status, words):
    response = visitor.get(address)

    assert response.status_code == status
    assert words in response.text
    assert "To the start" in response.text
    assert "base.css" in response.text


def test_every_address_behind_a_button_has_a_page_for_whoever_opens_it(client, ada):
    """A page of ours with the masthead, in place of the empty answer of the framework."""
    client.force_login(ada)
    answers = {
        route.name: client.get(route.address)
        for route in routes()
        if "(?P" not in route.address and not route.name.startswith(PROGRAMS)
    }
    wrong = {name: answer for name, answer in answers.items() if answer.status_code == 405}
    assert {"set_findable", "show_score_once", "rest"} <= wrong.keys()
    for name, answer in wrong.items():
        assert "the address behind a button" in answer.text, name
        assert "POST" in answer["Allow"], name
        assert "Ada Lind" in answer.text, name


def test_programs_are_not_sent_pages_with_a_wrong_method(client, db):
    answer = client.put("/how/", headers={"accept": "application/json"})
    assert answer.status_code != 405 or not answer.content


def test_a_form_that_is_too_large_says_so(visitor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = visitor.post("/account/login/", {"login": "a" * 200})

    assert answer.status_code == 413
    assert "too much for one form" in answer.text
    assert "To the start" in answer.text


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


def test_the_number_of_a_broken_request_is_on_the_page_and_in_the_answer(visitor):
    response = visitor.get("/fails/500/")

    assert f"<code>{response.headers['X-Request-ID']}</code>" in response.text


def test_while_the_database_is_away_it_says_when_to_come_again(visitor):
    assert visitor.get("/fails/503/").headers["Retry-After"] == "30"


@pytest.mark.parametrize("status", [400, 500, 503])
def test_these_pages_ask_the_database_nothing(visitor, ada, status):
    visitor.force_login(ada)

    def refuse(execute, sql, params, many, context):
        # What middleware asks about who is there has been asked before the view fails.
        assert "accounts_member" in sql or "django_session" in sql or sql.startswith("SAVEPOINT")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert visitor.get(f"/fails/{status}/").status_code == status


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/fails/400/", "Diese Anfrage war nicht zu lesen"),
        ("/fails/403/", "Diese Seite steht dir nicht offen"),
        ("/nothing/", "Hier ist nichts"),
        ("/fails/500/", "Bei uns ist etwas kaputtgegangen"),
        ("/fails/503/", "Die Datenbank antwortet nicht"),
    ],
)
def test_an_error_speaks_the_language_of_the_browser(visitor, address, words):
    response = visitor.get(address, headers={"accept-language": "de"})

    assert words in response.text
    assert 'lang="de"' in response.text


def test_who_tries_passwords_again_and_again_reads_when_to_come_back(visitor, settings):
    for _ in range(40):
        response = visitor.post(reverse("account_login"), {"login": "a@example.com"})
        if response.status_code == 429:
            break

    assert response.status_code == 429
    assert "Try again at" in response.text
    assert response.headers["Retry-After"] == "300"


def test_a_request_for_a_host_that_is_not_ours_is_refused_in_our_look(client, db):
    answer = client.get("/", headers={"host": "somebody.else.example"})

    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()
