"""The pages of webhooks."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.audit import Event
from accounts.models import Member
from accounts.webhooks.models import Webhook, WebhookMessage
from klout.webhooks import sending, services
from tests.accounts.conftest import at_ada as signed_in
from tests.accounts.conftest import confirmed_ada, prove_it
from tests.webhooks.conftest import EVERYTHING, Hook, Receiver

__all__ = ["confirmed_ada", "signed_in"]


@pytest.fixture
def at_ada(signed_in: Client) -> Client:
    prove_it(signed_in)
    return signed_in


def test_a_secret_is_shown_once_and_kept_sealed(
    at_ada: Client, receiver: Receiver, ada: Member
) -> None:
    said = {"url": receiver.url, "happenings": ["score.new"]}
    answer = at_ada.post("/settings/webhooks/new/", said)
    secret = answer.context["secret"]
    assert secret.startswith("whsec_")
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    made = Webhook.objects.get()
    assert secret not in str(made.__dict__)
    assert secret not in at_ada.get(f"/settings/webhooks/{made.pk}/").content.decode()
    assert "A new score" in at_ada.get("/settings/webhooks/").content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://2130706433/",
        "https://hooks.example:8443/",
        "https://ada:secret@hooks.example/",
        "ftp://hooks.example/",
        "https://hooks.example/\u202e",
        "hooks",
        "",
    ],
)
def test_nothing_is_told_at_an_address_like(at_ada: Client, url: str) -> None:
    said = {"url": url, "happenings": ["score.new"]}
    answer = at_ada.post("/settings/webhooks/new/", said)
    if answer.status_code == 200:
        # An invisible sign is quoted in the address, which is then of no harm.
        assert url.endswith("\u202e")
        return
    assert answer.status_code == 422
    assert not Webhook.objects.exists()


def test_something_is_chosen_and_a_test_is_nothing_to_choose(at_ada: Client) -> None:
    for happenings in ([], ["webhook.test"], ["everything"]):
        said = {"url": "https://hooks.example/", "happenings": happenings}
        assert at_ada.post("/settings/webhooks/new/", said).status_code == 422


def test_there_are_as_many_as_there_may_be(
    at_ada: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "WEBHOOKS_AT_MOST", 1)
    said = {"url": "https://hooks.example/", "happenings": ["score.new"]}
    answer = at_ada.post("/settings/webhooks/new/", said)
    assert answer.status_code == 409
    assert "Nothing was added" in answer.content.decode()


def test_a_test_is_sent_and_what_became_of_it_is_shown(
    at_ada: Client, hook: Hook, receiver: Receiver, now: datetime
) -> None:
    page = f"/settings/webhooks/{hook.webhook.pk}/"
    at_ada.post(f"{page}test/")
    again = at_ada.post(f"{page}test/", follow=True)
    assert "on its way already" in again.content.decode()
    receiver.status = 404
    message = WebhookMessage.objects.get()
    sending.deliver_due(message.due_at)
    said = at_ada.get(page).content.decode()
    assert "Answered 404" in said
    assert "tried 1 time" in said
    receiver.status = 200
    at_ada.post(f"{page}messages/{message.pk}/again/")
    message.refresh_from_db()
    sending.deliver_due(message.due_at)
    assert "accepted" in at_ada.get(page).content.decode()


def test_it_is_changed_switched_and_deleted_and_all_of_it_is_in_the_trail(
    at_ada: Client, hook: Hook, ada: Member
) -> None:
    page = f"/settings/webhooks/{hook.webhook.pk}/"
    at_ada.post(page, {"url": "https://hooks.example/", "happenings": ["k.received"]})
    changed = Webhook.objects.get()
    assert (changed.url, changed.happenings) == ("https://hooks.example/", ["k.received"])
    at_ada.post(f"{page}switch/", {"on": "0"})
    assert "switched off by you" in at_ada.get(page).content.decode()
    at_ada.post(f"{page}switch/", {"on": "1"})
    assert Webhook.objects.get().off_at is None
    assert at_ada.post(f"{page}secret/").context["secret"].startswith("whsec_")
    at_ada.post(f"{page}delete/")
    assert not Webhook.objects.exists()
    events = set(ada.audit_entries.values_list("event", flat=True))
    wanted = {event for event in Event if event.name.startswith("WEBHOOK")}
    assert wanted <= events


@pytest.mark.parametrize("act", ["", "switch/", "test/", "secret/", "delete/", "messages/1/again/"])
def test_a_webhook_of_somebody_else_is_not_found(
    at_ada: Client, receiver: Receiver, mallory: Member, now: datetime, act: str
) -> None:
    theirs, _ = services.add(mallory, receiver.url, EVERYTHING, now)
    said = {"url": "https://hooks.example/", "happenings": ["score.new"]}
    assert at_ada.post(f"/settings/webhooks/{theirs.pk}/{act}", said).status_code == 404
    assert Webhook.objects.get().url == receiver.url


def test_a_message_of_somebody_else_is_not_found(
    at_ada: Client, hook: Hook, mallory: Member, now: datetime
) -> None:
    theirs, _ = services.add(mallory, hook.webhook.url, EVERYTHING, now)
    services.send_test(theirs, now)
    message = WebhookMessage.objects.get()
    path = f"/settings/webhooks/{hook.webhook.pk}/messages/{message.pk}/again/"
    assert at_ada.post(path).status_code == 404


def test_a_page_asks_as_often_for_many_messages_as_for_one(
    at_ada: Client, hook: Hook, now: datetime
) -> None:
    counts: list[int] = []
    for n in range(2):
        for m in range(4):
            WebhookMessage.objects.create(
                webhook=hook.webhook,
                happening="k.received",
                about=f"{n} {m}",
                data={},
                happened_at=now,
                due_at=now,
            )
        with CaptureQueriesContext(connection) as asked:
            answer: Any = at_ada.get(f"/settings/webhooks/{hook.webhook.pk}/")
        assert len(answer.context["lately"]) == 4 * (n + 1)
        counts.append(len(asked))
    assert counts[0] == counts[1]
