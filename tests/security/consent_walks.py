"""Walks to the consent page of a real server on loopback and back, and a twin that means harm."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from django.urls import reverse

from networks.models import LinkedAccount
from tests.connectors.fake_http import Handler
from tests.connectors.fake_mastodon import FakeMastodon


class EvilTwin(FakeMastodon):
    """Claims to be ada of the good server, takes every code, and writes down what it is sent."""

    def _grant(self, to: Handler, form: dict[str, str]) -> None:
        granted = {"token_type": "Bearer", "scope": form.get("scope", "read"), "created_at": 1}
        self._send(to, 200, granted | {"access_token": self.token()})

    @property
    def heard(self) -> str:
        return json.dumps([self.asked, self.posted])


class Walk:
    """One walk: begun in `browser` at `server`; `state` and `code` are what would come back."""

    def __init__(self, browser: Client, server: FakeMastodon, begin: str = "") -> None:
        self.browser, self.server = browser, server
        address, form = begin or reverse("link", args=["mastodon"]), {"typed": server.host}
        page = browser.post(address, form | {"findable": "no"})
        self.url = page.context["url"]
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.url).query).items()}
        self.state, self.redirect_uri = query["state"], query["redirect_uri"]
        self.code = server.consent(self.url)

    def back(
        self,
        browser: Client | None = None,
        at: FakeMastodon | None = None,
        platform: str = "mastodon",
        **changed: Any,
    ) -> Any:
        """Come back, with the answer changed; a value of None leaves its part out."""
        answer = {"state": self.state, "code": self.code} | changed
        query = {name: value for name, value in answer.items() if value is not None}
        address = reverse("link_callback", args=[platform, (at or self.server).host])
        return (browser or self.browser).get(f"{address}?{urlencode(query, doseq=True)}")


def links(good: FakeMastodon, evil: FakeMastodon) -> set[tuple[str, str, str]]:
    """Who holds which account at which of the two."""
    names = {good.host: "good", evil.host: "evil"}
    return {
        (account.member.name.partition(" ")[0], names[account.host], account.remote_id)
        for account in LinkedAccount.objects.select_related("member")
    }
