"""Settings of what others see: the profile, the picture, share links and the badge."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sharing as services
from accounts.public_names import KEPT_BACK
from accounts.requests import member_of
from accounts.sharing_models import Badge, ShareLink
from klout import badges, showing
from klout.sharing_choices import choose_profile, profile_initial
from klout.sharing_forms import LinkForm, NameForm, ProfileForm
from klout.views.profile import page
from networks.services import pictures
from networks.shown import own_accounts
from scoring.badge import LOOKS, SIZES
from scoring.selectors import public_score

pages = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@pages
def sharing(request: HttpRequest) -> HttpResponse:
    """What stands on the profile, one by one."""
    member = member_of(request)
    accounts = own_accounts(member)
    initial = profile_initial(member, accounts)
    form = ProfileForm(request.POST or None, initial=initial, accounts=accounts)
    if form.is_valid():
        try:
            choose_profile(member, form.cleaned_data, timezone.now())
        except services.Refused as refused:
            form.add_error("is_public", str(refused))
        else:
            messages.success(request, _saved(form.cleaned_data["is_public"]))
            return redirect("sharing")
    return _sharing_page(request, form, NameForm())


def _saved(is_public: bool) -> str:
    if is_public:
        return _("Saved. Everybody may see your profile now, as you chose it.")
    return _("Saved. Your profile is private: nobody but you sees it.")


@login_required
@require_POST
def take_name(request: HttpRequest) -> HttpResponse:
    member, form = member_of(request), NameForm(request.POST)
    if form.is_valid():
        try:
            name = services.take_name(member, form.cleaned_data["name"], timezone.now())
        except services.Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Your address is /@%(name)s/ now.") % {"name": name})
            return redirect("sharing")
    accounts = own_accounts(member)
    choices = ProfileForm(initial=profile_initial(member, accounts), accounts=accounts)
    return _sharing_page(request, choices, form)


def _sharing_page(request: HttpRequest, form: ProfileForm, name_form: NameForm) -> HttpResponse:
    profile, name = showing.own_profile(member_of(request))
    context = {
        "form": form,
        "name_form": name_form,
        "profile": profile,
        "name": name,
        "address": f"{settings.BASE_URL}{reverse('profile', args=[name])}" if name else "",
        "kept_back_years": KEPT_BACK.days // 365,
    }
    return render(request, "pages/sharing/profile.html", context)


@login_required
@require_safe
def preview_profile(request: HttpRequest) -> HttpResponse:
    """The profile as others see it, before they do."""
    profile, name = showing.own_profile(member_of(request))
    shown = showing.shown_profile(profile, name, timezone.now())
    return page(request, shown, is_trial=True)


@login_required
@pages
def sharing_picture(request: HttpRequest) -> HttpResponse:
    """Which network's picture stands for the member, or none."""
    member = member_of(request)
    if request.method == "POST":
        wanted = request.POST.get("account", "")
        if not (wanted in ("", "none") or wanted.isdecimal()):
            raise Http404
        number = int(wanted) if wanted.isdecimal() else None
        if not pictures.choose(member, number):
            raise Http404
        messages.success(
            request,
            _("Saved. Your initials stand for you.")
            if number is None
            else _("Saved. This picture stands for you where members see you."),
        )
        return redirect("sharing_picture")
    return render(request, "pages/sharing/picture.html", {"accounts": own_accounts(member)})


@login_required
@pages
def share_links(request: HttpRequest) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            services.make_link(member, _link_choices(form), now)
        except services.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The link is made. Copy it from the list."))
            return redirect("share_links")
    links = ShareLink.objects.filter(member=member).order_by("-made_at", "-id")
    context = {
        "form": form,
        "links": [(link, _address("shared", link.address), link.ends_at > now) for link in links],
    }
    return render(request, "pages/sharing/links.html", context)


def _link_choices(form: LinkForm) -> services.LinkChoices:
    said = form.cleaned_data
    return services.LinkChoices(
        label=said["label"],
        lasts=LinkForm.LASTS[said["lasts"]],
        shows_score=said["shows_score"],
        shows_words=said["shows_words"],
        shows_networks=said["shows_networks"],
    )


@login_required
@require_POST
def revoke_link(request: HttpRequest, link_id: int) -> HttpResponse:
    if not services.revoke_link(member_of(request), link_id, timezone.now()):
        raise Http404
    messages.success(request, _("The link is revoked: its address leads nowhere now."))
    return redirect("share_links")


@login_required
@pages
def sharing_badge(request: HttpRequest) -> HttpResponse:
    """Make a badge, give it a new address, or take it away."""
    member, now = member_of(request), timezone.now()
    if request.method == "POST":
        _change_badge(request)
        return redirect("sharing_badge")
    badge = Badge.objects.filter(member=member).first()
    address = _address("badge", badge.address) if badge else ""
    context = {
        "badge": badge,
        "path": reverse("badge", args=[badge.address]) if badge else "",
        "has_score": public_score(member, now) is not None,
        "looks": [(look, size) for look in LOOKS for size in SIZES],
        "snippets": _snippets(address) if badge else (),
    }
    return render(request, "pages/sharing/badge.html", context)


def _change_badge(request: HttpRequest) -> None:
    member = member_of(request)
    before = services.revoke_badge(member, timezone.now())
    if before:
        badges.last_good().forget(before)
    if request.POST.get("badge") == "make":
        services.make_badge(member, timezone.now())
        messages.success(request, _("The badge is made."))
    else:
        messages.success(
            request,
            _(
                "The badge shows no number any more. Caches of others may show the old one for "
                "up to an hour."
            ),
        )


def _snippets(address: str) -> tuple[tuple[str, str], ...]:
    """(kind, what to copy) for places that take a badge; it needs no script."""
    dark = f"{address}?look=dark"
    return (
        ("Markdown", f"![Klout]({address})"),
        (
            "HTML",
            f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
            f'<img alt="Klout" src="{address}"></picture>',
        ),
    )


def _address(name: str, *args: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=args)}"
