"""Every text goes through translation: pages in a language of brackets show none outside of them.

Pages are those a visitor, a new member and a member with a full life can open.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Member
from gifting.models import K, Move
from networks.models import LinkedAccount
from networks.registry import NOT_OFFERED, PLATFORMS
from networks.services import stop_list
from scoring.models import Score
from tests.lives import EXCERPTS, LONG_NAME, NAMES, full_life
from tests.routes import routes
from tests.words.pseudo import speak_it
from tests.words.visible import outside

pytestmark = pytest.mark.django_db

# Pages whose text stays in English, and says so; or that hold words of a person or a machine.
ENGLISH = {
    "about_network": "documentation, which is English",
    **dict.fromkeys(
        ("api_guide", "oauth_guide", "webhooks_guide", "classic_guide"), "documentation, English"
    ),
    "api_example": "for programs",
    "healthz": "for programs",
    "metrics": "for programs",
    "manifest": "for programs",
    "bluesky_client": "for programs",
    "webmention": "for programs, by the protocol",
    "score_history_csv": "for programs",
    "k_statement_csv": "for programs",
    "export_member": "data",
    "mail": "mails as they were sent",
}
NAMES_OF_OURS = ("Klout", "K", "UTC", "CSV", "JSON", "URL", "DID", "English", "Deutsch")
NETWORKS = [platform.label for platform in PLATFORMS.values()] + list(NOT_OFFERED.values())
PEOPLE = ["Ada Lind", "Grace Oduya", "Mallory Vex", LONG_NAME[:80], *NAMES, *filter(None, EXCERPTS)]
# Names of the rule's inputs are those of the code.
CODE = ["followers", "curation", "responder", "standing", "trust", "happened_on", "acts"]
GRAPHS = ["Advogato", "Bitcoin OTC", "Congress"]
INPUTS = [*CODE, "known host", "last good read"]
WORDS = [*NAMES_OF_OURS, *NETWORKS, *INPUTS, *GRAPHS]
ALLOWED = re.compile(
    "|".join(
        [
            r"https://(?=\s|$)",
            r"[\w.+-]*@[\w.@…-]+",  # handles and addresses
            r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?",  # hosts
            *map(re.escape, sorted(PEOPLE, key=len, reverse=True)),
            *(rf"(?<!\w){re.escape(word)}(?!\w)" for word in WORDS),
            r"\b[A-Z]{1,2}\b",  # initials
        ]
    )
)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def lived(ada: Member, grace: Member, mallory: Member, now: datetime) -> str:
    return full_life(ada, grace, mallory, now)


def _addresses(k: str = "") -> Iterator[tuple[str, str]]:
    """Every route with an address that leads somewhere, as far as there is something."""
    on = Score.objects.order_by("-on").values_list("on", flat=True).first()
    account = LinkedAccount.objects.order_by("pk").values_list("pk", flat=True).first()
    step = (
        Move.objects.filter(k__address=k).order_by("-step").values_list("step", flat=True).first()
    )
    for name, address, *_ in routes():
        if name == "stop_counting_who":
            address = "/stop-counting-me/on/mastodon/"
        if name == "stop_counting_code":
            token = stop_list.ask("github", "ada", stop_list.Wish.STOP, datetime.now(UTC))
            address = f"/stop-counting-me/code/{token}/"
        if name in ENGLISH or "(?P" in address:
            continue
        if "/k/" in address and k:
            address = address.replace("/2026-11-02/1/", f"/{k}/{step}/").replace("2026-11-02", k)
        elif on:
            address = address.replace("2026-11-02", str(on))
        if address.startswith("/networks/1/") and account:
            address = address.replace("/networks/1/", f"/networks/{account}/")
        if name in ("link", "callback"):
            for platform in PLATFORMS:
                yield name, f"/networks/link/{platform}/" if name == "link" else address
            continue
        yield name, address


def _left(client: Client, addresses: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """What is outside of the brackets, by address."""
    found = {}
    for name, address in addresses:
        answer = client.get(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or answer.status_code not in (200, 404, 405):
            continue
        words = outside(answer.text, ALLOWED)
        if words:
            found[f"{name} {address}"] = words
    return found


def test_a_visitor_reads_nothing_that_is_not_translated(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_it(monkeypatch)
    assert _left(client, _addresses()) == {}


def test_a_new_member_reads_nothing_that_is_not_translated(
    client: Client, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(ada)
    speak_it(monkeypatch)
    assert _left(client, _addresses()) == {}


def test_a_member_with_a_full_life_reads_nothing_that_is_not_translated(
    client: Client, ada: Member, lived: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert K.objects.filter(address=lived).exists()
    client.force_login(ada)
    speak_it(monkeypatch)
    assert _left(client, _addresses(lived)) == {}


def test_an_operator_reads_nothing_that_is_not_translated(
    client: Client, lived: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = Member.objects.create_superuser("op@example.com", "correct horse", name="Ada Lind")
    client.force_login(operator)
    speak_it(monkeypatch)
    assert _left(client, _addresses(lived)) == {}
