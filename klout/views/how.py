"""The rule in words and symbols, and what it cannot tell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def how(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/how.html")
