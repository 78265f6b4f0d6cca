"""Acts on a member, an account or an application: suspend, let in again, unlink.

Each asks for a reason and is on record.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import staff
from accounts.applications import suspending
from accounts.applications.models import Application
from accounts.audit import Event
from accounts.audit_models import AuditEntry
from accounts.models import Member
from accounts.operator_models import StaffAct
from accounts.requests import member_of
from klout.admin.forms import ReasonForm
from klout.admin.site import site
from networks.models import LinkedAccount
from networks.services.unlinking import unlink

Do = Callable[[str, datetime], str]

MEMBERS = "admin:accounts_member_changelist"
APPLICATIONS = "admin:accounts_application_changelist"


def suspend(request: HttpRequest, member_id: int) -> HttpResponse:
    member = get_object_or_404(Member, pk=member_id)

    def do(reason: str, now: datetime) -> str:
        staff.suspend(member_of(request), member, reason, now)
        return _("%s is suspended and signed out everywhere.") % member.name

    says = _(
        "They are signed out everywhere and cannot sign in. Their networks are not read, nothing "
        "of theirs is public, nobody can give K to them, and they give none. Nothing is deleted, "
        "and you can let them in again."
    )
    return _with_reason(request, _("Suspend %s") % member.name, says, _("Suspend"), do)


def let_in_again(request: HttpRequest, member_id: int) -> HttpResponse:
    member = get_object_or_404(Member, pk=member_id)

    def do(reason: str, now: datetime) -> str:
        staff.let_in_again(member_of(request), member, reason, now)
        return _("%s can sign in again.") % member.name

    says = _("They can sign in again, and everything goes on as it was.")
    return _with_reason(request, _("Let %s in again") % member.name, says, _("Let in again"), do)


def unlink_account(request: HttpRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(LinkedAccount.objects.select_related("member"), pk=account_id)
    member, handle = account.member, account.handle

    def do(reason: str, now: datetime) -> str:
        by = member_of(request)
        told = unlink(account, now, AuditEntry.By.OPERATOR)
        staff.note(by, StaffAct.What.UNLINKED, now, on=member, detail=handle, reason=reason)
        staff.tell(member, Event.OPERATOR_ACT, f"{handle}: {reason}", now)
        return told

    says = _(
        "Our access is taken back there, and what was read from it is deleted here. Scores that "
        "were computed stay as they are. It cannot be undone; the member can link it again."
    )
    return _with_reason(request, _("Unlink %s") % handle, says, _("Unlink"), do)


def suspend_application(request: HttpRequest, application_id: int) -> HttpResponse:
    application = get_object_or_404(Application, pk=application_id)

    def do(reason: str, now: datetime) -> str:
        suspending.suspend(member_of(request), application, reason, now)
        return _("%s is suspended, and its tokens open nothing.") % application.name

    says = _(
        "Its tokens open nothing from that moment on, it gets no new ones, and whom it asks is "
        "told that it is suspended. Its owner reads your reason. Nothing is deleted, and you can "
        "let it in again."
    )
    title = _("Suspend %s") % application.name
    return _with_reason(request, title, says, _("Suspend"), do, back=APPLICATIONS)


def let_application_in(request: HttpRequest, application_id: int) -> HttpResponse:
    application = get_object_or_404(Application, pk=application_id)

    def do(reason: str, now: datetime) -> str:
        suspending.let_in_again(member_of(request), application, reason, now)
        return _("%s may act again for those who let it in.") % application.name

    says = _(
        "What members allowed it holds again, as far as it has not ended or run out meanwhile. It "
        "may ask others."
    )
    title = _("Let %s in again") % application.name
    return _with_reason(request, title, says, _("Let in again"), do, back=APPLICATIONS)


def _with_reason(
    request: HttpRequest,
    title: str,
    says: str,
    button: str | Promise,
    do: Do,
    *,
    back: str = MEMBERS,
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do(form.cleaned_data["reason"], timezone.now()))
        except staff.NotPossible as error:
            messages.error(request, str(error))
        return redirect(back)
    context = {
        **site.each_context(request),
        "title": title,
        "says": says,
        "button": button,
        "form": form,
    }
    return render(request, "operator/act.html", context)
