"""What happens is in the outbox, or nothing of it is: written where it happens."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from accounts.personal_data import provider
from accounts.webhooks import data
from accounts.webhooks.models import Webhook, WebhookMessage
from gifting import periods, services
from gifting.models import Move
from klout.webhooks import sending
from networks.models import LinkedAccount
from scoring.models import Score
from scoring.services import run_night
from tests.factories import make_account, make_reading
from tests.gifting.conftest import open_to_all
from tests.networks.conftest import server  # noqa: F401
from tests.sonobuoy.conftest import hear, lively  # noqa: F401
from tests.webhooks.conftest import Hook, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_waits(settings: Any) -> None:
    settings.GIVING_WAIT_DAYS = 0


def about() -> list[tuple[str, dict[str, Any]]]:
    return list(WebhookMessage.objects.order_by("pk").values_list("happening", "data"))


def scored(member: Member, now: datetime) -> None:
    account = make_account(member, now - timedelta(days=1))
    make_reading(account, now - timedelta(hours=2))


def test_a_night_tells_those_who_want_it_and_a_rerun_nobody_twice(
    hook: Hook, receiver: Receiver, ada: Member, grace: Member, now: datetime
) -> None:
    for member in (ada, grace):
        scored(member, now)
    for _ in range(2):
        run_night(now.date(), now)
    score = Score.objects.get(member=ada)
    told = {"date": f"{now:%Y-%m-%d}", "rule": score.rule}
    assert about() == [("score.new", told)]
    sending.deliver_due(now)
    assert receiver.told[0]["data"] == told


def test_a_night_of_days_gone_by_tells_nobody(hook: Hook, ada: Member, now: datetime) -> None:
    scored(ada, now)
    run_night(now.date(), now + timedelta(days=1))
    assert about() == []


def test_what_is_not_stored_is_not_told(hook: Hook, ada: Member, now: datetime) -> None:
    scored(ada, now)
    with transaction.atomic():
        run_night(now.date(), now)
        assert about()
        transaction.set_rollback(True)
    assert about() == []


def test_a_ping_is_told_once(
    hook: Hook,
    lively: Callable[..., LinkedAccount],  # noqa: F811
    ada: Member,
    now: datetime,
) -> None:
    account = lively(ada)
    assert hear(now) == 1
    assert about() == [("sonobuoy.ping", {"network": "mastodon", "days": 10})]
    LinkedAccount.objects.filter(pk=account.pk).update(listen_at=now)
    hear(now)
    assert len(about()) == 1


def gave(giver: Member, receiver: Member, now: datetime) -> Move:
    for member in (giver, receiver):
        open_to_all(member, now)
    note = services.Note(text="Your words on tides.")
    return services.give_k(giver, receiver, now, key=uuid4(), note=note)


def test_a_k_is_told_when_it_is_there_for_good_and_says_nothing_of_its_giver(
    hook: Hook, receiver: Receiver, ada: Member, grace: Member, now: datetime
) -> None:
    move = gave(grace, ada, now)
    sending.deliver_due(now)
    assert receiver.came == []
    sending.deliver_due(now + periods.UNDO_WINDOW)
    assert receiver.told[0]["data"] == {"k": move.k.address, "number": move.k_id, "step": 1}
    assert b"Grace" not in receiver.came[0][1]
    assert b"tides" not in receiver.came[0][1]


def test_a_k_that_was_taken_back_is_not_told(
    hook: Hook, ada: Member, grace: Member, now: datetime
) -> None:
    move = gave(grace, ada, now)
    assert about()
    services.take_back(grace, move.k.address, move.step, now + timedelta(minutes=1))
    assert about() == []


def test_nothing_is_written_for_who_did_not_ask(
    hook: Hook, ada: Member, grace: Member, now: datetime
) -> None:
    Webhook.objects.update(happenings=["score.new"])
    gave(grace, ada, now)
    assert about() == []
    Webhook.objects.update(happenings=["k.received"], off_at=now, off="member")
    services.give_k(ada, grace, now, key=uuid4())
    assert about() == []


def test_a_night_of_many_asks_as_often_as_one_of_one(
    hook: Hook, ada: Member, grace: Member, now: datetime
) -> None:
    from accounts.webhooks import outbox
    from accounts.webhooks.models import Happening

    counts = []
    for many in (1, 500):
        rows = f"SELECT {ada.pk}::bigint, {many} || ' ' || n, '{{}}'::jsonb"
        with CaptureQueriesContext(connection) as asked:
            sql = f"{rows} FROM generate_series(1, {many}) n"
            assert outbox.put(Happening.SCORE, sql, {}, now) == many
        counts.append(len(asked))
    assert counts == [1, 1]


def test_it_is_in_the_export_without_secrets_and_goes_with_the_member(
    hook: Hook, ada: Member, grace: Member, now: datetime
) -> None:
    gave(grace, ada, now)
    said: Any = provider.export(ada)["webhooks"]
    assert said["addresses"][0]["url"] == hook.webhook.url
    assert said["messages"][0]["happening"] == "k.received"
    assert hook.webhook.secret not in str(said)
    assert hook.secret not in str(hook.webhook.__dict__)


def test_what_was_told_is_forgotten_after_a_week(
    hook: Hook, ada: Member, grace: Member, now: datetime
) -> None:
    gave(grace, ada, now)
    sending.deliver_due(now + periods.UNDO_WINDOW)
    data.forget_settled(now + timedelta(days=6))
    assert about()
    data.forget_settled(now + data.KEPT)
    assert about() == []
