"""Pages that list things ask the database as often for many as for few.

Lists with more behind them have such a test beside their other tests; here are all the others.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import announcing, api_keys, registration, staff
from accounts.export_models import Export, Import
from accounts.models import Member
from accounts.operator_models import StaffAct
from gifting import services as gifting
from gifting.brought_models import BroughtMove
from networks.models import KnownHost, Poll
from scoring.models import Night
from tests import lives
from tests.factories import make_account, make_score
from tests.signing_in import lately_signed_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
N = 3


@pytest.fixture
def now() -> datetime:
    """Pages read the clock themselves."""
    return timezone.now()


class Lists:
    """Who is there; each method adds the `number`-th thing to a list."""

    def __init__(self, ada: Member, olga: Member, now: datetime) -> None:
        self.ada, self.olga, self.now = ada, olga, now
        lives.open_to_all(ada, now, handle="@ada@known.example")
        self.account = ada.linked_accounts.get()

    def announcement(self, number: int) -> None:
        until = self.now + 9 * DAY
        announcing.announce(self.olga, f"News {number}", "Words.", until, self.now)

    def brought_move(self, number: int) -> None:
        what = {"site": "other.example", "step": 1, "direction": "given", "other": "Grace"}
        BroughtMove.objects.create(member=self.ada, k=number, made_at=self.now, **what)

    def brought_file(self, number: int) -> None:
        when = dict.fromkeys(("exported_at", "uploaded_at", "taken_at"), self.now)
        Import.objects.create(member=self.ada, site="other.example", digest=str(number), **when)

    def api_key(self, number: int) -> None:
        api_keys.make_key(self.ada, f"Key {number}", ["scores"], self.now)

    def gift(self, number: int) -> str:
        giver = Member.objects.create_user(f"giver{number}@example.com", name=f"Giver {number}")
        lives.open_to_all(giver, self.now, handle=f"@giver{number}@known.example")
        return lives.give(giver, self.ada, self.now - DAY, "For you.")

    def block(self, number: int) -> None:
        gifting.block(self.ada, self.gift(number), 1, self.now)

    def report(self, number: int) -> None:
        gifting.report(self.ada, self.gift(number), 1, self.now, said="It hurts.")

    def invitation(self, number: int) -> None:
        registration.invite(self.olga, self.now, f"for {number}")

    def staff_act(self, number: int) -> None:
        staff.note(self.olga, StaffAct.What.TOOK_BACK, self.now, on=self.ada, detail=str(number))

    def poll(self, number: int) -> None:
        Poll.objects.create(account=make_account(self.ada, self.now), started_at=self.now)

    def score(self, number: int) -> None:
        make_score(self.ada, self.now, [self.account], on=self.now.date() - number * DAY)

    def night(self, number: int) -> None:
        on = self.now.date() - number * DAY
        Night.objects.create(on=on, rule="2026.1", cut_off_at=self.now, started_at=self.now)

    def known_host(self, number: int) -> None:
        where = {"platform": "mastodon", "host": f"h{number}.example"}
        KnownHost.objects.create(people=21, known_since=self.now, **where)

    def export(self, number: int) -> None:
        somebody = Member.objects.create_user(f"e{number}@example.com", name="Somebody")
        Export.objects.create(member=somebody, asked_at=self.now, next_try_at=self.now)


BY_MEMBER = {
    "/announcements/": Lists.announcement,
    "/k/brought/": Lists.brought_move,
    "/settings/import/": Lists.brought_file,
    "/settings/api/": Lists.api_key,
    "/k/settings/": Lists.block,
}
BY_OPERATOR = {
    "/k/reports/": Lists.report,
    "/admin/invitations/": Lists.invitation,
    "/admin/announcements/": Lists.announcement,
    "/admin/accounts/invitation/": Lists.invitation,
    "/admin/accounts/announcement/": Lists.announcement,
    "/admin/accounts/staffact/": Lists.staff_act,
    "/admin/accounts/export/": Lists.export,
    "/admin/accounts/import/": Lists.brought_file,
    "/admin/networks/poll/": Lists.poll,
    "/admin/networks/knownhost/": Lists.known_host,
    "/admin/scoring/night/": Lists.night,
    "/admin/scoring/score/": Lists.score,
    "/admin/gifting/move/": Lists.gift,
    "/admin/gifting/k/": Lists.gift,
    "/admin/gifting/allotment/": Lists.gift,
}


@pytest.fixture
def lists(ada: Member, now: datetime, settings: Any) -> Lists:
    settings.ADMIN_SECOND_FACTOR = False
    olga = Member.objects.create_user(
        "olga@example.com", "correct horse 9", name="Olga", is_staff=True, is_superuser=True
    )
    return Lists(ada, olga, now)


def queries(client: Client, address: str) -> int:
    client.get(address)  # What is asked once per process is asked.
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", [*BY_MEMBER, *BY_OPERATOR])
def test_queries_do_not_grow(lists: Lists, address: str) -> None:
    add: Callable[[Lists, int], Any] = (BY_MEMBER | BY_OPERATOR)[address]
    client = lately_signed_in(lists.ada if address in BY_MEMBER else lists.olga)
    for number in range(N):
        add(lists, number)
    few = queries(client, address)
    for number in range(N, 2 * N):
        add(lists, number)

    assert queries(client, address) == few
