"""Somebody looks or sends more often than a person does."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def slower(request: HttpRequest, said: str, wait: timedelta) -> HttpResponse:
    """`said` tells what was not done and how long to wait; programs read it in Retry-After."""
    response = render(request, "gifting/slower.html", {"said": said}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
