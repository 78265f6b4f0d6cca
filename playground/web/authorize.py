"""The consent page: https://docs.joinmastodon.org/methods/oauth/#authorize"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from playground import clock, oauth
from playground.api.scopes import MEANING
from playground.middleware import allow_form_to
from playground.people import Person
from playground.web.context import me


class _Redirect(HttpResponseRedirect):
    """Apps may have schemes of their own."""

    def __init__(self, address: str) -> None:
        self.allowed_schemes = [urlsplit(address).scheme]
        super().__init__(address)


def authorize(request: HttpRequest) -> HttpResponse:
    params = request.POST if request.method == "POST" else request.GET
    try:
        ask = oauth.read_ask(params)
    except oauth.OAuthError as error:
        # Nothing is known to be safe to send the browser to.
        return render(request, "refused.html", {"reason": error.description}, status=400)
    try:
        oauth.check_ask(ask, params)
    except oauth.OAuthError as error:
        return _go(request, ask, error=error.error, error_description=error.description)
    person = me(request)
    if not person or _must_sign_in_again(request):
        return _to_sign_in(request.GET)
    if request.method == "POST":
        return _decide(request, ask, person)
    return _ask_for_consent(request, ask)


def _must_sign_in_again(request: HttpRequest) -> bool:
    return request.method == "GET" and request.GET.get("force_login", "") in ("true", "1")


def _to_sign_in(params: QueryDict) -> HttpResponse:
    kept = params.copy()
    kept.pop("force_login", None)
    onward = f"{reverse('authorize')}?{kept.urlencode()}"
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': onward})}")


def _decide(request: HttpRequest, ask: oauth.Ask, person: Person) -> HttpResponse:
    if request.POST.get("decision") != "authorize":
        return _go(
            request,
            ask,
            error="access_denied",
            error_description="The resource owner or authorization server denied the request.",
        )
    return _go(request, ask, code=oauth.grant(ask, person.id, clock.now()))


def _go(request: HttpRequest, ask: oauth.Ask, **answer: str) -> HttpResponse:
    if ask.redirect_uri == oauth.OUT_OF_BAND:
        return render(request, "out_of_band.html", answer)
    return _Redirect(ask.back(**answer))


def _ask_for_consent(request: HttpRequest, ask: oauth.Ask) -> HttpResponse:
    shown = {
        "app": ask.app,
        "scopes": [(scope, MEANING[scope]) for scope in ask.scopes.split()],
        "params": list(request.GET.items()),
        "back_to": urlsplit(ask.redirect_uri).netloc,
        "here": request.get_full_path(),
    }
    response = render(request, "consent.html", shown)
    parts = urlsplit(ask.redirect_uri)
    if parts.netloc:
        allow_form_to(response, f"{parts.scheme}://{parts.netloc}")
    return response
