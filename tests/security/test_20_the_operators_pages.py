"""Threat 20: the operator's pages are found, entered or used without a trace.

Figure: at an address of the operator's choice, behind a second factor, in transactions that only
read but for a few acts, each of which is on a record that only grows. That no page or action
edits a score or a balance, and that members do not find the pages, is in
tests/operators/test_nothing_is_edited.py.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import staff
from accounts.applications import suspending
from accounts.models import Member
from accounts.operator_models import Announcement, Invitation, StaffAct
from klout.admin.site import site
from tests.factories import make_account, make_application
from tests.security.proofs import stands
from tests.security.test_18_broken_access_control import at

pytestmark = pytest.mark.django_db

# Every act: what is sent to do it.
ACTS = {
    "suspend": {"reason": "spam"},
    "let_in_again": {"reason": "a mistake"},
    "unlink_account": {"reason": "not theirs"},
    "suspend_application": {"reason": "it asks for what it does not need"},
    "let_application_in": {"reason": "mended"},
    "invitations": {"note": "for Lin"},
    "take_back": {},
    "announcements": {"title": "A", "text": "B", "days": "3"},
    "withdraw": {},
    "try_mail": {"to": "olga@example.com"},
}


@pytest.fixture
def olga(db) -> Member:
    return Member.objects.create_user(
        "olga@example.com", "x", name="Olga", is_staff=True, is_superuser=True
    )


@pytest.fixture
def at_olga(olga, settings) -> Client:
    settings.ADMIN_SECOND_FACTOR = False
    return at(olga)


def addresses(ada: Member, mallory: Member, olga: Member) -> dict[str, str]:
    now = timezone.now()
    staff.suspend(olga, mallory, "before", now)
    suspended = make_application(ada, now).application
    suspending.suspend(olga, suspended, "before", now)
    later = now + timedelta(days=1)
    invitation = Invitation.objects.create(token_hash="a" * 64, made_at=now, expires_at=later)
    told = Announcement.objects.create(title="A", text="B", made_at=now, shown_until=later)
    of = {
        "suspend": ada.pk,
        "let_in_again": mallory.pk,
        "unlink_account": make_account(ada, now).pk,
        "suspend_application": make_application(ada, now).application_id,
        "let_application_in": suspended.pk,
        "take_back": invitation.pk,
        "withdraw": told.pk,
    }
    return {name: reverse(f"admin:{name}", args=[of[name]] if name in of else []) for name in ACTS}


def test_every_act_is_on_record(at_olga: Client, ada, mallory, olga) -> None:
    where = addresses(ada, mallory, olga)
    for name in ("unlink_account", *(set(ACTS) - {"unlink_account"})):
        before = StaffAct.objects.count()
        assert at_olga.post(where[name], ACTS[name]).status_code in (200, 302), name
        assert StaffAct.objects.count() == before + 1, name
        assert StaffAct.objects.latest("pk").by == olga


def test_every_page_that_may_write_is_an_act_of_the_list() -> None:
    ours = {one.name for one in site.get_urls() if getattr(one, "name", None) in _writing()}
    assert ours == set(ACTS)


def _writing() -> set[str]:
    """The pages that are not wrapped in a transaction that only reads."""
    from klout.admin import acts, announcing, inviting, mailing

    return {
        name
        for module in (acts, announcing, inviting, mailing)
        for name, view in vars(module).items()
        if getattr(view, "__module__", "") == module.__name__ and callable(view)
    }


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_staffact SET reason = 'another'",
        "UPDATE accounts_staffact SET done_at = now()",
        "UPDATE accounts_staffact SET what = 'invited'",
        "DELETE FROM accounts_staffact",
    ],
)
def test_no_statement_changes_what_was_done(olga, ada, sql: str) -> None:
    staff.note(olga, StaffAct.What.SUSPENDED, timezone.now(), on=ada, reason="spam")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert StaffAct.objects.get().reason == "spam"


def test_without_a_second_factor_nothing_is_shown_or_done(olga, ada, settings) -> None:
    assert settings.ADMIN_SECOND_FACTOR
    browser = at(olga)
    for address in ("/admin/", reverse("admin:suspend", args=[ada.pk])):
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"reason": "x"}).status_code == 403
    ada.refresh_from_db()
    assert ada.is_active


def test_a_sign_in_of_an_hour_ago_is_asked_for_again(olga) -> None:
    browser = Client()
    browser.force_login(olga)
    assert browser.get("/admin/").headers["Location"].startswith("/account/reauthenticate/")


def test_the_rest_is_proved_where_it_belongs() -> None:
    stands(
        "tests/operators/test_nothing_is_edited.py",
        "test_nobody_edits_a_score_or_a_balance_by_any_page_or_action",
        "test_a_page_that_tried_to_write_is_refused_by_the_database",
        "test_members_do_not_find_the_pages",
    )
    stands("tests/security/test_23_headers.py", "test_what_production_settings_come_to")
    stands("tests/accounts/test_audit.py", "test_no_raw_statement_changes_or_removes_a_line")
