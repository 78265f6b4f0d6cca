"""What the dashboard is measured against: the same queries, and no template.

`dashboard` asks the same selectors as the page does. `statements` sends the same SQL as the page
did once for this member, without the ORM around it.
"""

import os
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member
from accounts.requests import member_of
from klout.views.dashboard import build
from scoring.seen import seen
from scoring.visitors import seen_by

BODY = "x" * 1_000


def _file() -> Path:
    return Path(os.environ["DATA_DIR"]) / "statements.sql"


def remember_statements(member: Member) -> None:
    """Keep what the page asks beside the session and the member, for the servers to send."""
    now = timezone.now()
    with CaptureQueriesContext(connection) as queries:
        build(member, seen(member.score_shown, now.date()), now)
    _file().write_text("\0".join(query["sql"] for query in queries))


def dashboard(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    build(member_of(request), seen_by(request, now), now)
    return HttpResponse(BODY)


def statements(request: HttpRequest) -> HttpResponse:
    member_of(request)
    with connection.cursor() as cursor:
        for statement in _file().read_text().split("\0"):
            cursor.execute(statement.replace("%", "%%"), [])
            cursor.fetchall()
    return HttpResponse(BODY)
