"""A mail to try whether mail goes out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import staff
from accounts.operator_models import StaffAct
from accounts.requests import member_of
from klout.admin.forms import MailForm
from klout.admin.site import site
from klout.mail_check import Step, check_mail


def try_mail(request: HttpRequest) -> HttpResponse:
    by, steps = member_of(request), list[Step]()
    form = MailForm(request.POST or None, to=by.email)
    if request.method == "POST" and form.is_valid():
        steps = check_mail(form.cleaned_data["to"])
        outcome = "sent" if steps[-1].is_well else f"failed at: {steps[-1].name}"
        staff.note(by, StaffAct.What.TRIED_MAIL, timezone.now(), detail=outcome)
    context = {
        **site.each_context(request),
        "title": _("Does mail go out?"),
        "form": form,
        "steps": steps,
    }
    return render(request, "operator/mail.html", context)
