"""The audit trail: everything that concerns safety lands there, and nobody changes a line."""

import re
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditEntry, Event
from accounts.export_models import Export
from accounts.exports import making
from accounts.models import Member
from accounts.services import erase_member
from tests.accounts.conftest import PASSWORD, code_in, link_in, prove_it, sign_in

pytestmark = pytest.mark.django_db


def events(member: Member) -> list[str]:
    return list(audit.trail_of(member).values_list("event", flat=True))


@contextmanager
def refused() -> Any:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name == "audit_only_grows"


@pytest.fixture
def entry(ada: Member, now: datetime) -> AuditEntry:
    return audit.record(ada, Event.SIGNED_IN, now, detail="with a passkey")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditentry SET event = 'paused'",
        "UPDATE accounts_auditentry SET detail = ''",
        "UPDATE accounts_auditentry SET happened_at = now()",
        "UPDATE accounts_auditentry SET place = ''",
        "DELETE FROM accounts_auditentry",
    ],
)
def test_no_raw_statement_changes_or_removes_a_line(entry: AuditEntry, sql: str) -> None:
    with refused(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.get() == entry


def test_while_forgetting_only_where_it_came_from_may_go(entry: AuditEntry) -> None:
    with refused(), audit.forgetting():
        AuditEntry.objects.update(detail="")
    with audit.forgetting():
        AuditEntry.objects.update(place="", browser="")
    with refused():
        AuditEntry.objects.all().delete()


def test_a_line_is_kept_for_a_year_and_its_place_for_a_month(ada: Member, now: datetime) -> None:
    request = RequestFactory().get("/", headers={"user-agent": "Mozilla Firefox Linux"})
    old, middle, new = (
        audit.record(ada, Event.SIGNED_IN, now - age, request=request)
        for age in (
            audit.KEPT + timedelta(seconds=1),
            audit.PLACE_KEPT + timedelta(seconds=1),
            timedelta(days=1),
        )
    )
    assert new.place == "127.0.0.0/24"
    audit.forget_old(now)
    assert not AuditEntry.objects.filter(pk=old.pk).exists()
    middle.refresh_from_db()
    assert (middle.place, middle.browser) == ("", "")
    new.refresh_from_db()
    assert new.browser == "Firefox on Linux"


def test_it_goes_with_the_member(entry: AuditEntry, ada: Member, now: datetime) -> None:
    erase_member(ada, now)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_place_is_a_network_and_never_an_address(address: str, place: str) -> None:
    assert audit.coarse(address) == place


def test_signing_in_and_failing_to(client: Client, confirmed_ada: Member) -> None:
    sign_in(client, confirmed_ada.email, "wrong horse")
    sign_in(client, confirmed_ada.email.upper(), PASSWORD)
    assert events(confirmed_ada) == ["signed_in", "sign_in_failed"]
    failed = AuditEntry.objects.get(event="sign_in_failed")
    assert failed.done_by == "somebody"
    assert failed.place == "127.0.0.0/24"


def test_failing_with_the_address_of_nobody_leaves_no_trace(client: Client, ada: Member) -> None:
    sign_in(client, "nobody@example.com", "wrong horse")
    assert not AuditEntry.objects.exists()


def test_many_failures_within_an_hour_do_not_fill_the_trail(ada: Member, now: datetime) -> None:
    for second in range(30):
        audit.record_failure(ada, now + timedelta(seconds=second), None)
    assert events(ada) == ["more_failed"] + ["sign_in_failed"] * audit.FAILED_AN_HOUR
    audit.record_failure(ada, now + timedelta(hours=2), None)
    assert events(ada)[0] == "sign_in_failed"


def test_changing_the_password(at_ada: Client, confirmed_ada: Member) -> None:
    prove_it(at_ada)
    new = "a sentence that nobody knows"
    at_ada.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new})
    assert events(confirmed_ada)[0] == "password_changed"


def test_resetting_the_password(
    client: Client, confirmed_ada: Member, mailed: None, mailoutbox: list[Any]
) -> None:
    client.post("/account/password/reset/", {"email": confirmed_ada.email})
    answer = client.get(link_in(mailoutbox[-1]), follow=True)
    form = answer.redirect_chain[-1][0]
    client.post(form, {"password1": "a sentence that nobody knows"})
    assert events(confirmed_ada)[0] == "password_reset"


def test_changing_the_address(
    at_ada: Client, confirmed_ada: Member, mailed: None, mailoutbox: list[Any]
) -> None:
    prove_it(at_ada)
    at_ada.post("/account/email/", {"action_add": "", "email": "ada@elsewhere.example"})
    at_ada.post("/account/confirm-email/", {"action": "verify", "code": code_in(mailoutbox[-1])})
    told = AuditEntry.objects.get(event="address_changed")
    assert told.detail == "ada@example.com → ada@elsewhere.example"
    assert "address_confirmed" in events(confirmed_ada)


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_and_no_code_in_the_trail(at_ada: Client, confirmed_ada: Member) -> None:
    Authenticator.objects.create(user=confirmed_ada, type="totp", data={"secret": "x"})
    prove_it(at_ada)
    at_ada.post("/account/2fa/recovery-codes/generate/")
    assert events(confirmed_ada)[0] == "codes_made"
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    written = str(list(AuditEntry.objects.values()))
    assert not any(code in written for code in codes)


def test_signing_out_another_browser(at_ada: Client, confirmed_ada: Member) -> None:
    phone = Client(headers={"user-agent": "Firefox Android"})
    sign_in(phone, confirmed_ada.email, PASSWORD)
    at_ada.post("/account/sessions/")
    told = AuditEntry.objects.get(event="sessions_ended")
    assert told.detail == "Firefox on Android"


def test_taking_the_data_along(at_ada: Client, confirmed_ada: Member) -> None:
    prove_it(at_ada)
    at_ada.post("/settings/export/")
    making.make_due(timezone.now())
    made = Export.objects.get(member=confirmed_ada)
    for close in at_ada.get(f"/settings/export/{made.pk}/")._resource_closers:
        close()
    assert "exported" in events(confirmed_ada)


def test_the_page_shows_mine_and_nobody_elses(
    at_ada: Client, confirmed_ada: Member, grace: Member, now: datetime
) -> None:
    audit.record(confirmed_ada, Event.NETWORK_LINKED, now, detail="@ada@known.example (Mastodon)")
    audit.record(grace, Event.NETWORK_LINKED, now, detail="@grace@known.example (Mastodon)")
    page = at_ada.get("/settings/trail/").content.decode()
    assert "@ada@known.example" in page
    assert "@grace@known.example" not in page


def test_an_act_of_the_operator_is_told_as_one(ada: Member, client: Client, now: datetime) -> None:
    by = AuditEntry.By.OPERATOR
    audit.record(ada, Event.SUSPENDED, now, detail="Spam.", by=by)
    client.force_login(ada)
    page = client.get("/settings/trail/").content.decode()
    assert "The operator suspended the account" in page
    assert "by the operator" in page


def test_the_page_has_pages_and_asks_as_much_for_many_as_for_few(
    client: Client, ada: Member, now: datetime
) -> None:
    client.force_login(ada)
    asked = []
    for _ in range(2):
        for number in range(40):
            audit.record(ada, Event.SIGNED_IN, now, detail=str(number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/settings/trail/").content.decode()
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert re.search(r'href="\?page=2"', page)
    assert client.get("/settings/trail/?page=2").status_code == 200
    assert client.get("/settings/trail/?page=nonsense").status_code == 200
