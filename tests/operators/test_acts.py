"""What an operator can do: each act with a reason, on record, and told to the member."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import staff
from accounts.audit_models import AuditEntry, Event
from accounts.models import Member
from accounts.operator_models import StaffAct
from accounts.services import erase_member
from networks.models import LinkedAccount
from networks.services import polling
from tests.accounts.conftest import is_signed_in, prove_it, sign_in
from tests.factories import make_account
from tests.operators.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def suspend(at_olga: Client, member: Member, reason: str = "Spam in words.") -> Any:
    return at_olga.post(f"/admin/member/{member.pk}/suspend/", {"reason": reason})


def test_a_suspended_member_is_out_at_once_and_cannot_sign_in(at_olga: Client, ada: Member) -> None:
    at_ada = Client()
    sign_in(at_ada, ada.email, "correct horse 1")
    assert is_signed_in(at_ada)
    suspend(at_olga, ada)
    assert not is_signed_in(at_ada)
    answer = sign_in(at_ada, ada.email, "correct horse 1")
    assert answer.headers["Location"] == "/account/inactive/"


def test_nothing_of_a_suspended_member_is_read_and_all_goes_on_afterwards(
    at_olga: Client, ada: Member, now: datetime
) -> None:
    account = make_account(ada, now, next_poll_at=now)
    suspend(at_olga, ada)
    assert polling.claim_due(now, 10) == []
    ada.refresh_from_db()
    assert not ada.takes_part
    at_olga.post(f"/admin/member/{ada.pk}/let-in/", {"reason": "A mistake of mine."})
    assert polling.claim_due(now, 10) == [account.pk]
    client = Client()
    sign_in(client, ada.email, "correct horse 1")
    assert is_signed_in(client)


def test_the_act_is_on_record_and_the_member_reads_the_reason(
    at_olga: Client, olga: Member, ada: Member
) -> None:
    suspend(at_olga, ada)
    act = StaffAct.objects.get(what="suspended")
    assert (act.by, act.by_name, act.on_member) == (olga, "Olga Operator", ada)
    assert act.reason == "Spam in words."
    entry = AuditEntry.objects.get(member=ada, event=Event.SUSPENDED)
    assert (entry.done_by, entry.detail) == ("operator", "Spam in words.")
    suspend(at_olga, ada)
    assert StaffAct.objects.filter(what="suspended").count() == 1


def test_without_a_reason_nothing_is_done(at_olga: Client, ada: Member) -> None:
    page = suspend(at_olga, ada, reason="  ")
    assert page.status_code == 200
    ada.refresh_from_db()
    assert ada.is_active


def test_nobody_locks_themselves_out(at_olga: Client, olga: Member) -> None:
    answer = at_olga.post(f"/admin/member/{olga.pk}/suspend/", {"reason": "x"}, follow=True)
    assert "You cannot suspend yourself" in answer.content.decode()
    olga.refresh_from_db()
    assert olga.is_active


def test_an_account_is_unlinked_with_a_reason(at_olga: Client, ada: Member, now: datetime) -> None:
    account = make_account(ada, now)
    at_olga.post(f"/admin/account/{account.pk}/unlink/", {"reason": "Its host asked us to."})
    assert not LinkedAccount.objects.exists()
    act = StaffAct.objects.get()
    assert (act.what, act.detail, act.reason) == (
        "unlinked",
        account.handle,
        "Its host asked us to.",
    )
    said = list(AuditEntry.objects.filter(member=ada).values_list("event", "done_by"))
    assert ("operator_act", "operator") in said
    assert ("network_unlinked", "operator") in said


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_staffact SET reason = 'another'",
        "UPDATE accounts_staffact SET by_name = 'Somebody Else'",
        "UPDATE accounts_staffact SET what = 'invited'",
        "DELETE FROM accounts_staffact",
    ],
)
def test_the_record_only_grows(olga: Member, ada: Member, now: datetime, change: str) -> None:
    staff.suspend(olga, ada, "a reason", now)
    refused = pytest.raises(IntegrityError, match="only added")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_an_act_forgets_whom_it_was_about_when_they_leave(
    olga: Member, ada: Member, now: datetime
) -> None:
    staff.suspend(olga, ada, "a reason", now)
    erase_member(ada, now)
    act = StaffAct.objects.get()
    assert (act.what, act.on_member, act.reason, act.by) == ("suspended", None, "", olga)
    erase_member(olga, now)
    act.refresh_from_db()
    assert (act.by, act.by_name) == (None, "")


def test_the_pages_want_a_second_factor(client: Client, olga: Member, settings: Any) -> None:
    sign_in(client, olga.email, PASSWORD)
    assert client.get("/admin/").headers["Location"].startswith("/account/reauthenticate/")
    prove_it(client, PASSWORD)
    page = client.get("/admin/")
    assert page.status_code == 403
    assert "A second factor first" in page.content.decode()
    settings.ADMIN_SECOND_FACTOR = False
    assert client.get("/admin/").status_code == 200


def test_the_health_page_tells_how_it_is(at_olga: Client, ada: Member, now: datetime) -> None:
    make_account(ada, now, next_poll_at=now, failures=2, last_problem="unreachable")
    page = at_olga.get("/admin/").content.decode()
    for told in ("Polls due", "there was none yet", "the broker does not answer", "Mastodon"):
        assert told in page
    assert "We could not reach the server." in page
    assert "Disk of the exports" in page


def test_health_asks_the_same_however_many_there_are(
    at_olga: Client, ada: Member, now: datetime
) -> None:
    counts = []
    for _ in range(2):
        for number in range(4):
            make_account(ada, now, next_poll_at=now, failures=1, last_problem=f"code{number}")
        for address in ("/admin/", "/admin/accounts/member/", "/admin/networks/linkedaccount/"):
            with CaptureQueriesContext(connection) as queries:
                at_olga.get(address)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
