"""Threat 24: our mail is used against people: unasked, in floods, or without an end.

Figure: 0 mails after a no. What is mailed again and again is asked for first, is stopped by one
click and by one POST of a mail program (RFC 8058), and goes to the address of a member and no
other; each kind is tried in its own tests. Here: every kind has them.
"""

import itertools
import re
import time
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.test import Client

from tests.accounts.conftest import SIGN_UP
from tests.routes import routes
from tests.security.proofs import ROOT, stands

pytestmark = pytest.mark.django_db

# The kinds that come again and again, and where their no is tried.
AGAIN_AND_AGAIN = {
    "pings": "tests/sonobuoy/test_mail_of_pings.py",
    "weekly": "tests/sonobuoy/test_weekly_mail.py",
    "digest": "tests/gifting/test_digest.py",
}


@pytest.mark.parametrize("kind", AGAIN_AND_AGAIN)
def test_what_comes_again_is_asked_for_first_and_stopped_by_one_post(kind: str) -> None:
    stands(
        AGAIN_AND_AGAIN[kind],
        "test_nobody_gets_it_unasked",
        "test_one_post_of_a_mail_program_stops_it",
    )


def test_every_link_that_stops_a_mail_is_of_the_list(client: Client) -> None:
    named = [route for route in routes() if route.name.startswith("stop_")]
    stops = {route.name.removeprefix("stop_") for route in named if "/stop/" in route.address}
    assert stops == set(AGAIN_AND_AGAIN)
    for kind in stops:
        assert client.post(f"/{_path(kind)}/stop/made-up/").status_code == 404


def _path(kind: str) -> str:
    return {"pings": "sonobuoy/mail", "weekly": "weekly", "digest": "k/digest"}[kind]


@pytest.mark.parametrize(("path", "most"), [("signup", 20), ("password/reset", 10)])
def test_an_address_that_somebody_typed_is_written_to_so_often_a_day_and_no_more(
    mailed, mailoutbox, settings, monkeypatch, path: str, most: int
) -> None:
    """Time passes with every try, each from another place; whether it is a member is all one."""
    settings.ACCOUNT_RATE_LIMITS = settings.WRITTEN_TO
    clock = itertools.count(time.time(), 60)
    monkeypatch.setattr(
        ratelimit, "time", SimpleNamespace(time=clock.__next__, monotonic=time.monotonic)
    )
    for number in range(60):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        browser.post(f"/account/{path}/", SIGN_UP | {"email": "victim@example.com"})
    assert 1 <= len(mailoutbox) <= most


# Where a mail is made: by what it is, for one member each.
SENDERS = {
    "accounts/adapter.py",  # proofs of an address, and notices of safety
    "accounts/announcing.py",  # whoever wants announcements
    "accounts/exports/services.py",  # a file that was asked for is ready
    "accounts/leaving.py",  # a deletion that was asked for
    "accounts/mailing.py",  # reports and disputes: the operator, and who asked
    "accounts/stopping.py",  # what comes again, with its way to stop it
    "klout/mail_check.py",  # the operator tries the mail server
}


def test_mail_is_sent_in_few_places_that_can_be_looked_at() -> None:
    used = re.compile(r"\b(EmailMessage|EmailMultiAlternatives|send_mail|send_mass_mail)\(")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("accounts", "networks", "scoring", "gifting", "klout")
        for path in (ROOT / folder).rglob("*.py")
        if used.search(path.read_text())
    }
    assert found == SENDERS
