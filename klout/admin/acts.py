"""Acts on a member: suspend, let in again, unlink. Each asks for a reason and is on record."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import staff
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


def _with_reason(
    request: HttpRequest, title: str, says: str, button: str | Promise, do: Do
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, do(form.cleaned_data["reason"], timezone.now()))
        except staff.NotPossible as error:
            messages.error(request, str(error))
        return redirect("admin:accounts_member_changelist")
    context = {
        **site.each_context(request),
        "title": title,
        "says": says,
        "button": button,
        "form": form,
    }
    return render(request, "operator/act.html", context)
