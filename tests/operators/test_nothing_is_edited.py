"""No way to edit a score or a balance: every page of the operator, asked in every way."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver

from accounts.models import Member
from accounts.operator_models import StaffAct
from gifting import services as gifting
from gifting.models import Move
from klout.admin.guard import reads_only
from klout.admin.site import site
from scoring.models import Score
from tests.factories import make_account, make_application, make_score

pytestmark = pytest.mark.django_db

# What acts may change: what is on record, who is let in, what is invited to, announced, unlinked.
MAY_CHANGE = {
    "accounts_staffact",
    "accounts_auditentry",
    "accounts_announcement",
    "accounts_invitation",
    "accounts_member",
    "accounts_application",
    "networks_linkedaccount",
    "networks_consent",
}


@pytest.fixture
def world(ada: Member, grace: Member, now: datetime) -> None:
    account = make_account(ada, now)
    make_application(ada, now)
    make_account(grace, now)
    make_score(ada, now, [account])
    gifting.accept_from(grace, "all")
    gifting.give_k(ada, grace, now, key=uuid4(), note=gifting.Note(text="for the essay"))


def tables() -> dict[str, str]:
    """A digest of every row of every table of ours."""
    names = [model._meta.db_table for model in apps.get_models() if model is not Session]
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            # That its account is linked is no part of what a contribution says.
            row = "to_jsonb(r)" + (" - 'account_id'" if name == "scoring_contribution" else "")
            rows = f"string_agg(({row})::text, '|' ORDER BY ({row})::text)"
            cursor.execute(f'SELECT md5({rows}) FROM "{name}" r')
            found[name] = cursor.fetchone()[0]
    return found


def addresses(entries: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for entry in entries:
        route = str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, prefix + route)
        elif "(?P<url>" not in route:
            yield prefix + route


def filled(address: str) -> Iterator[str]:
    """The address for each row there is."""
    if "(?P<app_label>" in address:
        yield from (f"/admin/{label}/" for label in ("accounts", "scoring", "gifting", "networks"))
    elif "<" not in address:
        yield address
    else:
        head, _, rest = address.partition("<")
        _, _, tail = rest.partition(">")
        for pk in _keys(head):
            yield head + str(pk) + tail


def _keys(head: str) -> list[int]:
    parts = head.strip("/").split("/")
    if len(parts) == 3:
        return list(apps.get_model(parts[1], parts[2]).objects.values_list("pk", flat=True)[:3])
    if "member" in head:
        return list(Member.objects.filter(is_staff=False).values_list("pk", flat=True))
    return list(apps.get_model("networks", "LinkedAccount").objects.values_list("pk", flat=True))


def everywhere() -> list[str]:
    return [one for address in addresses(site.urls[0], "/admin/") for one in filled(address)]


TRIES = (
    {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
    {"post": "yes", "_save": "Save"},
    {"hundredths": "10000", "low_hundredths": "10000", "high_hundredths": "10000", "size": "99"},
    {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "1", "_save": "Save"},
    {"reason": "to see what it does", "title": "A", "text": "B", "days": "3", "note": "C"},
)


def test_nobody_edits_a_score_or_a_balance_by_any_page_or_action(
    at_olga: Client, world: None
) -> None:
    before = tables()
    visited = everywhere()
    assert len(visited) > 80
    for address in visited:
        assert at_olga.get(address).status_code in (200, 302, 403, 404, 405), address
    assert tables() == before, "looking changed something"
    for address in visited:
        for tried in TRIES:
            answer = at_olga.post(address, tried)
            assert answer.status_code in (200, 302, 403, 404, 405), (address, tried)
    after = tables()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= MAY_CHANGE, changed - MAY_CHANGE
    assert StaffAct.objects.exists()
    assert Score.objects.get().hundredths == 3100
    assert Move.objects.count() == 1
    # Of the members nothing but whether they are let in.
    assert set(Member.objects.values_list("name", flat=True)) == {
        "Ada Lind",
        "Grace Oduya",
        "Olga Operator",
    }


def test_a_page_that_tried_to_write_is_refused_by_the_database(ada: Member) -> None:
    def careless(_request: object) -> None:
        Member.objects.update(name="edited")

    with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
        reads_only(careless)(RequestFactory().get("/"))
    ada.refresh_from_db()
    assert ada.name == "Ada Lind"
    # And whoever comes after it writes as before.
    Member.objects.update(name="Ada Again")


def test_no_word_token_or_hash_is_shown(at_olga: Client, world: None, ada: Member) -> None:
    account = ada.linked_accounts.get()
    account.credentials = "sealed-canary"
    account.save()
    for address in everywhere():
        page = at_olga.get(address, follow=True).content.decode()
        for secret in ("for the essay", "sealed-canary", str(account.person_hash), ada.password):
            assert secret not in page, (address, secret)


def test_members_do_not_find_the_pages(client: Client, ada: Member) -> None:
    client.force_login(ada)
    for address in everywhere():
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address
