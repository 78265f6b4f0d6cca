"""From the outbox to a real server: signed, at least once, and never inside."""

import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.audit import Event
from accounts.models import Member
from accounts.webhooks import schedule
from accounts.webhooks.models import Webhook, WebhookMessage
from klout.tasks import deliver_webhooks_due
from klout.webhooks import mail, sending, services
from networks.http import Door
from tests.at_once import at_once
from tests.webhooks.conftest import EVERYTHING, Hook, Receiver, Tell

pytestmark = pytest.mark.django_db
PAGE = Path(django_settings.BASE_DIR) / "docs/api/webhooks.md"
WAITING, ACCEPTED, GIVEN_UP = WebhookMessage.State.values


def of_the_docs() -> Any:
    """`is_from_klout`, as the page prints it."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["is_from_klout"]


def test_what_comes_is_what_the_page_says(receiver: Receiver, hook: Hook, tell: Tell) -> None:
    tell()
    deliver_webhooks_due()
    ((headers, body),) = receiver.came
    (told,) = receiver.told
    assert set(told) == {"type", "version", "timestamp", "data"}
    assert told["type"] == "webhook.test"
    assert headers["content-type"] == "application/json"
    is_from_klout = of_the_docs()
    assert is_from_klout(hook.secret, headers, body)
    assert not is_from_klout(hook.secret, headers, body + b" ")
    assert not is_from_klout("whsec_" + "A" * 44, headers, body)
    assert not is_from_klout(hook.secret, headers | {"webhook-id": "msg_other"}, body)
    late = {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    assert not is_from_klout(hook.secret, headers | late, body)
    assert WebhookMessage.objects.get().state == ACCEPTED


def test_the_page_names_what_may_be_told_and_no_more() -> None:
    named = set(re.findall(r"^\| `(\w+\.\w+)` \|", PAGE.read_text(), re.M))
    assert named == {*EVERYTHING, "webhook.test"}


def test_while_a_secret_is_exchanged_both_sign(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    new = services.rotate_secret(hook.webhook, now)
    tell()
    sending.deliver_due(now)
    ((headers, body),) = receiver.came
    assert all(of_the_docs()(secret, headers, body) for secret in (new, hook.secret))
    tell()
    sending.deliver_due(now + services.BOTH_SIGN_FOR)
    headers, body = receiver.came[1]
    assert len(headers["webhook-signature"].split()) == 1


def test_what_is_refused_is_tried_again_later(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    receiver.status = 500
    tell()
    sending.deliver_due(now)
    waits = WebhookMessage.objects.get()
    assert waits.state == WAITING
    assert now < waits.due_at <= now + timedelta(minutes=1)
    sending.deliver_due(now)
    assert len(receiver.came) == 1, "not before it is due"
    receiver.status = 200
    sending.deliver_due(waits.due_at)
    ids = {headers["webhook-id"] for headers, _ in receiver.came}
    assert len(receiver.came) == 2
    assert len(ids) == 1, "a receiver knows it again"
    assert WebhookMessage.objects.get().state == ACCEPTED


def test_it_waits_as_long_as_the_server_asks(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
    sending._door_to.cache_clear()
    tell()
    sending.deliver_due(now)
    assert WebhookMessage.objects.get().due_at > now + timedelta(minutes=59)
    sending._door_to.cache_clear()


def test_after_three_days_it_is_switched_off_with_a_mail_and_a_note(
    receiver: Receiver, hook: Hook, tell: Tell, ada: Member, now: datetime, mailoutbox: Any
) -> None:
    receiver.status = 500
    tell()
    moments = []
    while message := WebhookMessage.objects.filter(state=WAITING).first():
        moments.append(message.due_at)
        sending.deliver_due(message.due_at)
    three_days = now + schedule.TRIED_FOR
    assert three_days <= moments[-1] < three_days + timedelta(minutes=1)
    assert len(receiver.came) == len(moments) == WebhookMessage.objects.get().tries
    assert len(moments) < 60
    off = Webhook.objects.get()
    assert off.off == Webhook.Off.FAILING
    assert ada.audit_entries.filter(event=Event.WEBHOOK_OFF, done_by="site").exists()
    assert mail.mail_switched_off(now) == 1
    assert mail.mail_switched_off(now) == 0
    (sent,) = mailoutbox
    assert receiver.url in sent.body
    assert f"/settings/webhooks/{off.pk}/" in sent.body
    with pytest.raises(services.Refused):
        services.send_test(off, now)
    services.switch_on(off, now)
    receiver.status = 200
    assert services.send_again(off, WebhookMessage.objects.get().pk, now)
    sending.deliver_due(now)
    assert WebhookMessage.objects.get().state == ACCEPTED


def test_one_message_that_a_server_does_not_take_switches_nothing_off(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    receiver.status = 400
    tell()
    sending.deliver_due(now)
    WebhookMessage.objects.update(due_at=now + schedule.TRIED_FOR)
    receiver.status = 200
    tell_another(hook, now + timedelta(minutes=1))
    receiver.status = 400
    sending.deliver_due(now + schedule.TRIED_FOR)
    assert {one.state for one in WebhookMessage.objects.all()} == {ACCEPTED, GIVEN_UP}
    assert Webhook.objects.get().off_at is None


def tell_another(hook: Hook, now: datetime) -> None:
    fields = {"happening": "k.received", "about": "x", "data": {}}
    WebhookMessage.objects.create(webhook=hook.webhook, happened_at=now, due_at=now, **fields)
    sending.deliver_due(now)


def test_who_is_gone_is_asked_no_more(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime, mailoutbox: Any
) -> None:
    receiver.status = 410
    tell()
    deliver_webhooks_due()
    assert Webhook.objects.get().off == Webhook.Off.GONE
    assert WebhookMessage.objects.get().state == GIVEN_UP
    assert "gone for good" in mailoutbox[0].body


def test_a_redirect_is_not_followed(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    tell()
    sending.deliver_due(now)
    assert len(receiver.came) == 1
    assert WebhookMessage.objects.get().problem == "redirected_away"


def test_an_answer_without_end_is_cut_off(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    receiver.status, receiver.body = 200, b"x" * 200_000
    tell()
    sending.deliver_due(now)
    assert WebhookMessage.objects.get().problem == "too_large"


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
def test_a_name_that_leads_inside_is_not_asked(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime, monkeypatch: Any, inside: str
) -> None:
    asked: list[object] = []
    door = Door(resolve=lambda *_: [inside], connect=lambda *where: asked.append(where))  # type: ignore[arg-type,return-value,func-returns-value]
    monkeypatch.setattr(sending, "_door", lambda: door)
    Webhook.objects.update(url="https://rebound.example/hook")
    tell()
    sending.deliver_due(now)
    assert WebhookMessage.objects.get().problem == "refused_address"
    assert asked == []


def test_a_worker_that_is_killed_loses_nothing(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    tell()
    assert len(sending.claim(now)) == 1, "and dies here, before or after sending"
    assert sending.deliver_due(now + timedelta(seconds=30)) == 0, "it is still its own"
    assert sending.deliver_due(now + sending.LEASE) == 1
    assert len(receiver.came) == 1


def test_who_comes_back_late_changes_nothing(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    tell()
    (stale,) = sending.claim(now)
    sending.deliver_due(now + sending.LEASE)
    sending.settle(stale, sending.Outcome(500), now + timedelta(hours=1))
    assert WebhookMessage.objects.get().state == ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_tasks_that_run_twice_at_once_tell_each_thing_once(
    receiver: Receiver, hook: Hook, now: datetime
) -> None:
    WebhookMessage.objects.bulk_create(
        WebhookMessage(
            webhook=hook.webhook,
            happening="k.received",
            about=str(n),
            data={"n": n},
            happened_at=now,
            due_at=now,
        )
        for n in range(100)
    )
    tried = at_once(*[lambda: sending.deliver_due(now)] * 3)
    assert sum(tried) == 100, tried
    assert sorted(one["data"]["n"] for one in receiver.told) == list(range(100))


def test_a_secret_that_no_key_opens_is_no_reason_to_stop(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime
) -> None:
    tell_another(hook, now)
    Webhook.objects.update(secret="not sealed")
    tell()
    sending.deliver_due(now)
    waiting = WebhookMessage.objects.get(state=WAITING)
    assert waiting.problem == "unreadable"


def test_a_new_key_of_the_site_changes_no_secret(
    receiver: Receiver, hook: Hook, tell: Tell, now: datetime, settings: Any
) -> None:
    services.rotate_secret(hook.webhook, now)
    key = Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [key, *settings.CREDENTIAL_KEYS]
    call_command("rotate_credentials", stdout=StringIO())
    settings.CREDENTIAL_KEYS = [key]
    tell()
    sending.deliver_due(now)
    ((headers, body),) = receiver.came
    assert of_the_docs()(hook.secret, headers, body)


BROKEN = [{"due_at": None}, {"state": "accepted"}, {"tries": 1}]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_a_message_that_cannot_be(
    hook: Hook, tell: Tell, broken: dict[str, Any]
) -> None:
    tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookMessage.objects.update(**broken)
