"""What the operator can look up. Nothing here can be added, changed or deleted.

No token, no key, no hash of a person, no words of a gift, no post and no mail is shown.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.applications.models import Application
from accounts.export_models import Export, Import
from accounts.models import Member
from accounts.operator_models import Announcement, Invitation, StaffAct
from gifting.models import Allotment, K, Move
from klout.admin.site import site
from networks.models import KnownHost, LinkedAccount, Poll
from networks.spending_models import Spending
from scoring.models import Contribution, Night, Score

PER_PAGE = 50


class Records(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table to read."""

    actions = None
    list_per_page = PER_PAGE
    list_max_show_all = 0
    show_full_result_count = False
    shown: ClassVar[tuple[str, ...]] = ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.shown

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.shown

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


def _link(words: Any, name: str, *args: object) -> str:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}", args=args), words)


@admin.register(Member, site=site)
class Members(Records):
    list_display = ("name", "email", "act", "joined_at", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    ordering = ("-joined_at", "-pk")
    shown = (
        *("name", "email", "joined_at", "age_stated_at", "last_login", "is_active", "is_staff"),
        *("resting_since", "networks", "act"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("password")

    @admin.display(description=_("networks"))
    def networks(self, member: Member) -> str:
        label = _("linked accounts")
        url = reverse("admin:networks_linkedaccount_changelist")
        return format_html('<a href="{}?member__id={}">{}</a>', url, member.pk, label)

    @admin.display(description=_("to do"))
    def act(self, member: Member) -> str:
        if member.is_active:
            return _link(_("Suspend"), "suspend", member.pk)
        return _link(_("Let in again"), "let_in_again", member.pk)


@admin.register(LinkedAccount, site=site)
class LinkedAccounts(Records):
    list_display = (
        *("handle", "platform", "act", "host", "member", "state", "last_read_at"),
        *("last_problem", "failures"),
    )
    list_filter = ("platform", "state")
    search_fields = ("handle", "host")
    list_select_related = ("member",)
    ordering = ("-pk",)
    shown = (
        *("member", "platform", "host", "handle", "url", "state", "findable", "linked_at"),
        *("served_by", "next_poll_at", "polling_until", "last_read_at", "first_read_done_at"),
        *("failures", "last_problem", "last_problem_at", "act"),
    )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "member__id" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("to do"))
    def act(self, account: LinkedAccount) -> str:
        return _link(_("Unlink"), "unlink_account", account.pk)


@admin.register(Application, site=site)
class Applications(Records):
    """Programs of members, without what opens anything."""

    list_display = ("name", "client_id", "act", "owner", "home_page", "made_at", "suspended_at")
    search_fields = ("name", "client_id", "home_page", "owner__name")
    list_select_related = ("owner",)
    ordering = ("-pk",)
    shown = (
        *("name", "client_id", "owner", "home_page", "redirect_uris", "made_at"),
        *("suspended_at", "suspended_for", "act"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("secret_digest")

    @admin.display(description=_("to do"))
    def act(self, application: Application) -> str:
        if application.suspended_at is None:
            return _link(_("Suspend"), "suspend_application", application.pk)
        return _link(_("Let in again"), "let_application_in", application.pk)


@admin.register(Poll, site=site)
class Polls(Records):
    list_display = ("account", "started_at", "finished_at", "outcome", "problem", "pages")
    list_filter = ("outcome", "account__platform")
    list_select_related = ("account",)
    ordering = ("-started_at", "-pk")
    shown = (
        *("account", "started_at", "finished_at", "outcome", "problem", "progress", "pages"),
        *("posts", "reactions", "outreach", "set_aside"),
    )


@admin.register(Night, site=site)
class Nights(Records):
    list_display = ("on", "rule", "cut_off_at", "finished_at", "members", "accounts", "problem")
    ordering = ("-on", "rule")
    shown = (
        *("on", "rule", "cut_off_at", "started_at", "finished_at", "members", "accounts"),
        *("phases", "set_aside", "problem"),
    )


class Contributions(admin.TabularInline):  # type: ignore[type-arg]
    model = Contribution
    template = "operator/contributions.html"
    fields = ("platform", "handle", "state", "tenths", "audience", "curation", "people", "acts")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Score, site=site)
class Scores(Records):
    list_display = ("member", "on", "rule", "exact", "days_of_data", "backfilled", "computed_at")
    list_select_related = ("member",)
    list_filter = ("rule",)
    search_fields = ("member__name", "member__email")
    ordering = ("-on", "-pk")
    inlines = (Contributions,)
    shown = (
        *("member", "on", "rule", "exact", "low_hundredths", "high_hundredths", "reach"),
        *("cut_off_at", "backfilled", "days_of_data", "computed_at"),
    )


@admin.register(Move, site=site)
class Moves(Records):
    """The ledger of K, without the words."""

    list_display = ("k", "step", "kind", "giver_name", "receiver_name", "declined", "made_at")
    list_filter = ("kind",)
    list_select_related = ("k", "giver__member", "receiver__member")
    ordering = ("-pk",)
    shown = ("k", "step", "kind", "giver_name", "receiver_name", "declined", "made_at")

    @admin.display(description=_("giver"))
    def giver_name(self, move: Move) -> str:
        return move.giver.shown_name

    @admin.display(description=_("receiver"))
    def receiver_name(self, move: Move) -> str:
        return move.receiver.shown_name


@admin.register(K, site=site)
class Ks(Records):
    list_display = ("__str__", "period_id", "slot", "size")
    ordering = ("-pk",)
    shown = ("hand", "period_id", "slot", "size")


@admin.register(Allotment, site=site)
class Allotments(Records):
    list_display = ("hand", "period_id", "size", "granted_at")
    list_select_related = ("hand",)
    ordering = ("-pk",)
    shown = ("hand", "period_id", "size", "granted_at")


@admin.register(StaffAct, site=site)
class StaffActs(Records):
    list_display = ("done_at", "by_name", "what", "on_member", "detail", "reason")
    list_filter = ("what",)
    list_select_related = ("on_member",)
    ordering = ("-done_at", "-pk")
    shown = ("done_at", "by_name", "what", "on_member", "detail", "reason")


def _plain(model: type[Model], *columns: str, ordering: tuple[str, ...] = ("-pk",)) -> None:
    """A table that needs nothing but its columns."""
    shown: dict[str, Any] = {"list_display": columns, "shown": columns, "ordering": ordering}
    register: Callable[..., None] = site.register
    register(model, type(f"{model.__name__}Records", (Records,), shown))


_plain(Spending, "platform", "month", "spent", "reserved", "stopped_with")
_plain(KnownHost, "host", "platform", "people", "known_since")
_plain(Export, "asked_at", "attempts", "ready_at", "expires_at", "failed_at", "size")
_plain(Import, "site", "exported_at", "uploaded_at", "taken_at")
_plain(Invitation, "note", "made_at", "expires_at", "used_at", "taken_back_at")
_plain(Announcement, "__str__", "made_at", "shown_until", "withdrawn_at")
