"""The pages for bringing an export of another site."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.imports import services
from accounts.imports.fields import NotAnExport
from accounts.requests import member_of

SHOWN = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The ZIP file that the other site made"),
        help_text=gettext_lazy("At most 50 MB."),
        error_messages={
            "required": gettext_lazy("No file arrived. Choose one, of at most 50 MB."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )


@login_required
def bring(request: HttpRequest) -> HttpResponse:
    """Upload one, and what was brought before."""
    member = member_of(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            brought = services.bring(member, form.cleaned_data["file"], timezone.now())
            return redirect("import_one", brought.pk)
        except NotAnExport as error:
            form.add_error("file", _("Nothing was taken over. %s") % error)
    context = {"form": form, "imports": member.imports.order_by("-pk")[:SHOWN]}
    return render(request, "accounts/import.html", context)


@login_required
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """What is in it and would be taken over; then, on one's word, it is."""
    member, now = member_of(request), timezone.now()
    brought = get_object_or_404(member.imports, pk=import_id)
    if request.method == "POST" and "leave" in request.POST:
        if brought.taken_at is None:
            services.forget(brought)
            messages.success(request, _("The file is deleted, and nothing was taken over."))
        return redirect("import")
    try:
        if request.method == "POST":
            if services.take_over(member, import_id, now, request) is None:
                raise Http404
            return redirect("import_one", import_id)
        looked = None if brought.taken_at else services.look(brought)
    except NotAnExport as error:
        messages.error(request, _("Nothing was taken over. %s") % error)
        return redirect("import")
    return render(request, "accounts/import_one.html", {"brought": brought, "looked": looked})
