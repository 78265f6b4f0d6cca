"""Secrets of programs that act for a member or are told things: of applications and webhooks."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.applications import services as applications
from accounts.models import Member
from accounts.webhooks.models import CHOOSABLE, WebhookMessage
from klout.webhooks import sending
from klout.webhooks import services as webhooks
from tests.applications.conftest import CALLBACK, VERIFIER, App

EVERYTHING = [one.value for one in CHOOSABLE]
STATE = "canary-of-a-state"


class PlantedPrograms:
    """An application of the member's that they let in themselves, and a webhook, in all states:
    a code that waits and one that was used, tokens that open and those before them, the secrets
    of before and after a change. What is told goes to `url`.
    """

    def __init__(self, member: Member, browser: Client, url: str) -> None:
        now = timezone.now()
        described = applications.Described("Tide Table", "https://app.example/", [CALLBACK])
        made, first = applications.register(member, described, now, is_confidential=True)
        self.app = App(made, applications.rotate_secret(made, now), browser)
        self.used = self.app.back(state=STATE)["code"]
        self.before = self.app.trade(self.used).json()
        self.tokens = self.app.refresh(self.before["refresh_token"]).json()
        self.waiting = self.app.back(state=STATE)["code"]
        self.webhook, signs = webhooks.add(member, url, EVERYTHING, now)
        self.signs = webhooks.rotate_secret(self.webhook, now)
        self.canaries = [
            *(first, self.app.secret, VERIFIER, STATE, self.used, self.waiting),
            *(pair["access_token"] for pair in (self.before, self.tokens)),
            # What stands before the dot names its grant, and opens nothing.
            *(pair["refresh_token"].partition(".")[2] for pair in (self.before, self.tokens)),
            *(secret.removeprefix("whsec_") for secret in (signs, self.signs)),
        ]

    def break_everything(self, monkeypatch: pytest.MonkeyPatch, breaks: Any) -> list[bytes]:
        """Each endpoint and the sender fail with secrets in their hands; what was answered."""
        app, answers = self.app, []
        callers = Client(raise_request_exception=False)
        with monkeypatch.context() as patch:
            patch.setattr("tests.applications.conftest.Client", lambda: callers)
            patch.setattr("accounts.applications.grants.new_tokens", breaks)
            answers += [app.trade(self.waiting), app.refresh(self.tokens["refresh_token"])]
            patch.setattr("accounts.applications.grants.give", breaks)
            app.browser.raise_request_exception = False
            answers.append(app.answer(state=STATE))
            patch.setattr("accounts.applications.grants.with_token", breaks)
            answers.append(app.post("/oauth/revoke/", token=self.tokens["access_token"]))
            patch.setattr("accounts.applications.grants.opened_by", breaks)
            answers.append(callers.get("/api/v3/me", headers=self._bearer()))
        # Refused: in an address, by names in another spelling, and used for the second time.
        where = f"/oauth/token/?client_s%65cret={app.secret}&c%6Fde={self.waiting}"
        answers.append(callers.post(where, {"grant_type": "authorization_code"}))
        # This page has a link back to the application, which takes its own state along.
        app.ask(state=STATE, scope="everything")
        answers.append(callers.get(f"/api/v3/me?acc%65ss_token={self.tokens['access_token']}"))
        self._fail_to_send(monkeypatch, breaks)
        answers += [app.refresh(self.before["refresh_token"]), app.trade(self.used)]
        return [answer.content for answer in answers]

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def _fail_to_send(self, monkeypatch: pytest.MonkeyPatch, breaks: Any) -> None:
        now = timezone.now()
        webhooks.send_test(self.webhook, now)
        for broken in ("klout.webhooks.sending._door", "klout.webhooks.sending.settle"):
            with monkeypatch.context() as patch:
                patch.setattr(broken, breaks)
                sending.deliver_due(now)
            WebhookMessage.objects.update(due_at=now)
        # Sealed to another place, so that it does not open.
        self.webhook.__class__.objects.update(address="another")
        sending.deliver_due(now)
