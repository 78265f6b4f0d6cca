"""Django's admin as this site uses it: to look. What can be done is in `acts`, each act a view."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from klout.admin import health
from klout.admin.guard import AnyView, operators_only, reads_only

# Signing in and out, and passwords, have their own pages with their own protections.
_ELSEWHERE = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class OperatorSite(admin.AdminSite):
    site_header = _("Klout, for its operator")
    site_title = _("Operator")
    index_title = _("How it is")
    index_template = "operator/index.html"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of Django's own: for operators, and in a transaction that cannot write."""
        return operators_only(super().admin_view(reads_only(view), cacheable))

    def act_view(self, view: AnyView) -> AnyView:
        """A page of ours that may write."""
        return operators_only(super().admin_view(view))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from klout.admin import acts, announcing, inviting, mailing

        pages: list[tuple[str, AnyView, str]] = [
            ("member/<int:member_id>/suspend/", acts.suspend, "suspend"),
            ("member/<int:member_id>/let-in/", acts.let_in_again, "let_in_again"),
            ("account/<int:account_id>/unlink/", acts.unlink_account, "unlink_account"),
            (
                "application/<int:application_id>/suspend/",
                acts.suspend_application,
                "suspend_application",
            ),
            (
                "application/<int:application_id>/let-in/",
                acts.let_application_in,
                "let_application_in",
            ),
            ("invitations/", inviting.invitations, "invitations"),
            ("invitations/<int:invitation_id>/take-back/", inviting.take_back, "take_back"),
            ("announcements/", announcing.announcements, "announcements"),
            ("announcements/<int:announcement_id>/withdraw/", announcing.withdraw, "withdraw"),
            ("mail/", mailing.try_mail, "try_mail"),
        ]
        ours = [path(route, self.act_view(view), name=name) for route, view, name in pages]
        theirs = [url for url in super().get_urls() if getattr(url, "name", "") not in _ELSEWHERE]
        return [*ours, *theirs]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        found = {"health": health.look(timezone.now())}
        return super().index(request, (extra_context or {}) | found)


site = OperatorSite(name="admin")
