"""The settings: what a member may choose, see and stop."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit, pausing, sessions
from accounts.choices import LooksForm, NameForm
from accounts.mail_kinds import mail_kinds, switch_mail
from accounts.models import Member
from accounts.paging import page_of
from accounts.requests import member_of
from accounts.selectors import ways_in
from accounts.zones import zone_names

ENTRIES_ON_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; the form is that of the name."""
    member = member_of(request)
    form = NameForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("You are called %(name)s from now on.") % {"name": member.name})
        return redirect("settings")
    return _shown(request, member, name_form=form)


@login_required
@require_POST
def looks(request: HttpRequest) -> HttpResponse:
    """Language, colours and time zone."""
    member = member_of(request)
    form = LooksForm(request.POST, instance=Member.objects.get(pk=member.pk))
    if not form.is_valid():
        return _shown(request, member, looks_form=form)
    form.save()
    chosen = form.cleaned_data["language"] or request.LANGUAGE_CODE
    with translation.override(chosen):
        messages.success(request, form.what_changed())
    return redirect(f"{reverse('settings')}#looks")


def _shown(
    request: HttpRequest,
    member: Member,
    *,
    name_form: NameForm | None = None,
    looks_form: LooksForm | None = None,
) -> HttpResponse:
    kinds = mail_kinds(member)
    context = {
        "form": name_form or NameForm(instance=member),
        "looks_form": looks_form or LooksForm(instance=member),
        "zones": zone_names(),
        "ways": ways_in(member, timezone.now()),
        "mail_on": sum(kind.is_on for kind in kinds if kind.has_switch),
        "mail_with_switch": sum(kind.has_switch for kind in kinds),
    }
    return render(request, "accounts/settings.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Every mail there is; those that one may do without have a switch."""
    member = member_of(request)
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        kind = switch_mail(member, request.POST.get("kind", ""), timezone.now(), on=on)
        if kind is None:
            raise Http404
        said = _("“%(mail)s” is mailed from now on.") if on else _("“%(mail)s” is mailed no more.")
        messages.success(request, said % {"mail": kind.title})
        return redirect("mail_settings")
    return render(request, "accounts/mail_settings.html", {"kinds": mail_kinds(member)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def browsers(request: HttpRequest) -> HttpResponse:
    """The browsers signed in as the member; a POST signs out all but this one."""
    member, now = member_of(request), timezone.now()
    if request.method == "POST":
        ended = sessions.end_others(member, now, request)
        said = ngettext(
            "%(count)d other browser is signed out.",
            "%(count)d other browsers are signed out.",
            ended,
        )
        messages.success(request, said % {"count": ended})
        return redirect("usersessions_list")
    found = sessions.browsers_of(member, request.session.session_key, now)
    return render(request, "accounts/browsers.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_of(request)
    session = get_object_or_404(UserSession, pk=pk, user=member)
    sessions.end_one(member, session, timezone.now(), request)
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


@never_cache
@login_required
@require_GET
def audit_trail(request: HttpRequest) -> HttpResponse:
    """What happened to the account, newest first."""
    pages = Paginator(audit.trail_of(member_of(request)), ENTRIES_ON_A_PAGE)
    page = pages.get_page(page_of(request.GET))
    context = {
        "entries": page.object_list,
        "newer": page.previous_page_number() if page.has_previous() else None,
        "older": page.next_page_number() if page.has_next() else None,
        "kept_days": audit.KEPT.days,
        "place_kept_days": audit.PLACE_KEPT.days,
    }
    return render(request, "accounts/audit_trail.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    """What a pause is; a POST begins it, or ends it."""
    member, now = member_of(request), timezone.now()
    if request.method != "POST":
        return render(request, "accounts/pause.html")
    if request.POST.get("pause") == "1":
        pausing.pause(member, now, request)
        messages.success(
            request,
            _("Your account is paused. Nothing is read, scored or mailed, and nobody sees you."),
        )
    else:
        pausing.resume(member, now, request)
        messages.success(
            request, _("Welcome back: the pause is over, and your networks are read again.")
        )
    return redirect("pause")
