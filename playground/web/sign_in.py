"""Choosing whom to be. There is no password: nobody here is real."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from playground import clock, here
from playground.characters import CHARACTERS


def sign_in(request: HttpRequest) -> HttpResponse:
    onward = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = "/"
    problem = ""
    if request.method == "POST":
        name = request.POST.get("other", "").strip() or request.POST.get("person", "")
        person = here.world(clock.now()).population.by_acct(name.removeprefix("@"))
        if person and not person.host:
            request.session["account_id"] = person.id
            return redirect(onward)
        problem = f"Nobody called {name!r} lives here." if name else "Please choose somebody."
    shown = {"characters": CHARACTERS, "next": onward, "problem": problem}
    return render(request, "sign_in.html", shown, status=422 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("home")
