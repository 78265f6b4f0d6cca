"""The people who moved a member."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/people.html")
