"""An application of mallory's that runs on a server, one that runs on devices, and their ways."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.applications import services
from accounts.applications.models import Application
from accounts.models import Member
from tests.accounts.conftest import at_ada as signed_in
from tests.accounts.conftest import confirmed_ada, prove_it

__all__ = ["confirmed_ada", "signed_in"]

CALLBACK = "https://app.example/back?from=klout"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def now() -> datetime:
    """Views read the clock themselves."""
    return timezone.now()


@pytest.fixture
def at_ada(signed_in: Client) -> Client:
    prove_it(signed_in)
    return signed_in


@dataclass
class App:
    """An application as its maker has it, and a browser in which ada is signed in."""

    application: Application
    secret: str
    browser: Client

    def question(self, **changed: str) -> dict[str, str]:
        asked = {
            "response_type": "code",
            "client_id": self.application.client_id,
            "redirect_uri": CALLBACK,
            "scope": "score:read k:read",
            "state": "a state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changed
        return {name: value for name, value in asked.items() if value}

    def ask(self, **changed: str) -> Any:
        return self.browser.get("/oauth/authorize/", self.question(**changed))

    def answer(self, answer: str = "yes", scopes: Any = None, **changed: str) -> Any:
        address = self.ask(**changed).request
        said = {"answer": answer, "scopes": scopes or ["score:read", "k:read"]}
        return self.browser.post(f"/oauth/authorize/?{address['QUERY_STRING']}", said)

    def back(self, **changed: Any) -> dict[str, str]:
        """What the application reads in the address that the member comes back by."""
        address = self.answer(**changed).context["address"]
        assert address.startswith(CALLBACK.partition("?")[0])
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    def post(self, path: str, **said: str) -> Any:
        who = {"client_id": self.application.client_id, "client_secret": self.secret}
        both = {name: value for name, value in (who | said).items() if value}
        return Client().post(path, both)

    def trade(self, code: str, /, **changed: str) -> Any:
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.post("/oauth/token/", **(said | {"code_verifier": VERIFIER} | changed))

    def refresh(self, token: str, /, **changed: str) -> Any:
        said = {"grant_type": "refresh_token", "refresh_token": token}
        return self.post("/oauth/token/", **(said | changed))

    def tokens(self, **changed: Any) -> dict[str, Any]:
        answer = self.trade(self.back(**changed)["code"])
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


MakeApp = Callable[..., App]


@pytest.fixture
def make_app(mallory: Member, at_ada: Client, now: datetime) -> Iterator[MakeApp]:
    def make(*, is_confidential: bool = True, uris: tuple[str, ...] = (CALLBACK,)) -> App:
        described = services.Described("Tide Table", "https://app.example/", uris)
        made = services.register(mallory, described, now, is_confidential=is_confidential)
        return App(*made, at_ada)

    return make


@pytest.fixture
def app(make_app: MakeApp) -> App:
    return make_app()


@pytest.fixture
def device_app(make_app: MakeApp) -> App:
    return make_app(is_confidential=False)
