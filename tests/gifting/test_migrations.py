"""A Klout with gifts in it is brought up to date: nothing of the ledger is lost or changed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Member
from gifting import selectors, services
from tests.factories import make_account

WEEKS_ONLY = [("gifting", "0003_what_members_wish")]
THIS_WEEK = date(2026, 11, 2)


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def before(transactional_db):
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield migrate(WEEKS_ONLY)
    migrate(newest)


def test_gifts_of_before_periods_were_stored(before, ada, grace, mallory, now):
    one, other, third = (
        before.get_model("gifting", "Hand").objects.create(member_id=member.pk)
        for member in (ada, grace, mallory)
    )
    before.get_model("gifting", "Allotment").objects.create(
        hand=one, period=THIS_WEEK, size=5, granted_at=now
    )
    given, declined = (
        before.get_model("gifting", "K").objects.create(
            hand=one, period=THIS_WEEK, size=5, slot=slot, address=f"address-{slot}"
        )
        for slot in (1, 2)
    )
    for k, receiver in ((given, other), (declined, third)):
        move(before, k, 1, "first", one, receiver, now, had_from=0, bars=one.pk)
    back = {"had_from": one.pk, "bars": 0, "prev_kind": "first", "declined": True}
    move(before, declined, 2, "back", third, one, now + timedelta(hours=1), **back)

    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    for member in (ada, grace, mallory):
        make_account(member, now)
    later = now + timedelta(hours=2)
    purse = selectors.purse(Member.objects.get(pk=ada.pk), later)
    assert (purse.fresh, [held.k_id for held in purse.returned]) == (3, [declined.pk])
    assert [held.k_id for held in selectors.received(grace, later, 9)] == [given.pk]
    assert purse.period_ends_on == THIS_WEEK + timedelta(days=7)
    services.accept_from(mallory, "all")
    passed = services.pass_on(grace, mallory, "address-1", later, key=uuid4())
    assert (passed.k_id, passed.step) == (given.pk, 2)


def move(apps, k, step, kind, giver, receiver, made_at, **more) -> None:
    key = None if kind == "back" else uuid4()
    apps.get_model("gifting", "Move").objects.create(
        k=k,
        step=step,
        kind=kind,
        giver=giver,
        receiver=receiver,
        made_at=made_at,
        key=key,
        **more,
    )
