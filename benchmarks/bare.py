"""The measure: a Django view that does one INSERT in a transaction, and nothing else.

Its project has no middleware, no session and no form. It is served by the same gunicorn with the
same options, on a connection with the same settings.
"""

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

TABLE = "CREATE TABLE bare (id bigserial PRIMARY KEY, giver bigint NOT NULL, words text NOT NULL)"


def insert(giver: int, words: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (giver, words) VALUES (%s, %s)", [giver, words])


def view(request: HttpRequest) -> HttpResponse:
    insert(int(request.POST["giver"]), request.POST["words"])
    return HttpResponse(status=302, headers={"Location": "/"})


def minimal(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Nothing but Django itself."""
    return HttpResponse("ok")


urlpatterns = [path("", view), path("minimal/", minimal)]
