"""The account of a member's K, as a page and as a file."""

import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.paging import page_of
from accounts.requests import member_of
from gifting import selectors
from gifting.selectors.statement import Line

LINES_PER_PAGE = 50
# With these a spreadsheet takes a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    page = page_of(request.GET)
    first = (page - 1) * LINES_PER_PAGE
    lines = selectors.statement(
        member_of(request), timezone.now(), first=first, count=LINES_PER_PAGE + 1
    )
    context = {
        "lines": lines[:LINES_PER_PAGE],
        "newer": page - 1,
        "older": page + 1 if len(lines) > LINES_PER_PAGE else None,
    }
    return render(request, "gifting/statement.html", context)


class _Echo:
    """A file for csv.writer that hands on what is written."""

    def write(self, text: str) -> str:
        return text


@login_required
@require_safe
def statement_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry, the oldest first; times in UTC."""
    lines = selectors.statement(member_of(request), timezone.now())
    response = StreamingHttpResponse(_rows(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="klout-k.csv"'
    return response


def _rows(lines: list[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["at", "entry", "with", "k", "address", "change", "balance"])
    for line in reversed(lines):
        yield writer.writerow(
            [
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                line.what,
                _as_text(line.name),
                line.number or "",
                line.address,
                line.change,
                line.balance,
            ]
        )


def _as_text(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name
