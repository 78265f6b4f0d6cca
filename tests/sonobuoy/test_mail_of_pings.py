"""Pings by mail: asked for, in a plain voice, not at night, stopped with one press."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from smtplib import SMTPException

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from networks.listening_models import ListeningWishes, Ping
from networks.sonobuoy.answers import Answer, answer, wish_mail
from networks.sonobuoy.mail import ASK_AGAIN_AFTER, PINGS_MAIL, mail_pings
from tests.sonobuoy.conftest import DAY, hear

HOUR = timedelta(hours=1)


def wish(member: Member, now, *, pings=True, weekly=False, hours=(time(21), time(8))) -> None:
    wish_mail(
        member, pings=pings, weekly=weekly, quiet_from=hours[0], quiet_until=hours[1], now=now
    )


@pytest.fixture
def quiet(lively, ada, now):
    """Ada wants mail, and one of her networks has gone quiet a moment ago."""
    wish(ada, now)
    account = lively(ada, handle="@ada@known.example")
    hear(now)
    return account


def test_nobody_gets_it_unasked(lively, ada, now, mailoutbox):
    lively(ada)
    hear(now)
    assert mail_pings(now + DAY) == 0
    wish(ada, now + DAY)
    assert mail_pings(now + DAY) == 0, "what was on the page already is not mailed later"
    assert mailoutbox == []


def test_it_says_what_went_quiet_when_one_last_spoke_and_what_is_usual(quiet, now, mailoutbox):
    assert mail_pings(now) == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ada@example.com"], "It is quiet on Mastodon")
    assert "Mastodon, @ada@known.example" in mail.body
    assert "Your last post there was on 23 Oct 2026: 10 days of silence." in mail.body
    assert "every 2 days, and hardly ever after more than 3 days" in mail.body
    assert "There is nothing you need to do." in mail.body
    assert reverse("sonobuoy") in mail.body


def test_it_never_mentions_the_score_and_never_asks_for_a_post(quiet, now, mailoutbox):
    mail_pings(now)
    text = f"{mailoutbox[0].subject} {mailoutbox[0].body}".lower()
    for word in ("score", "points", "streak", "keep it up", "don't lose", "miss you", "post more"):
        assert word not in text


def test_it_comes_once(quiet, now, mailoutbox):
    for hours in range(0, 24 * 20, 12):
        hear(now + hours * HOUR)
        mail_pings(now + hours * HOUR)
    assert len(mailoutbox) == 1


def test_several_networks_at_once_are_one_mail(quiet, lively, ada, grace, now, mailoutbox):
    lively(ada)
    wish(grace, now)
    lively(grace)
    hear(now)
    assert mail_pings(now) == 2
    assert {mail.subject for mail in mailoutbox} == {
        "It is quiet on 2 networks",
        "It is quiet on Mastodon",
    }


def test_it_waits_until_quiet_hours_are_over_in_the_members_zone(lively, ada, now, mailoutbox):
    """Noon in UTC is six in the morning in Chicago."""
    Member.objects.filter(pk=ada.pk).update(time_zone="America/Chicago")
    wish(ada, now)
    lively(ada)
    hear(now)
    assert Ping.objects.get().mail_due_at == now + 2 * HOUR
    assert mail_pings(now + 1.9 * HOUR) == 0
    assert mail_pings(now + 2 * HOUR) == 1


def test_hours_made_quiet_meanwhile_are_kept_too(quiet, ada, now, mailoutbox):
    wish(ada, now, hours=(time(11), time(15)))
    assert mail_pings(now) == 0
    assert mail_pings(now + 3 * HOUR) == 1


def test_whoever_answers_or_stops_before_gets_none(quiet, lively, ada, now, mailoutbox):
    answer(quiet, Answer.FINE, now)
    other = lively(ada)
    hear(now)
    assert Ping.objects.get(account=other).mail_due_at == now
    wish(ada, now, pings=False)
    assert mail_pings(now + DAY) == 0
    assert mailoutbox == []


def test_whoever_is_closed_gets_none(quiet, ada, now, mailoutbox):
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert mail_pings(now) == 0


def test_it_speaks_the_language_of_the_member(quiet, ada, now, mailoutbox):
    """The day as German writes it, whatever language the worker was in."""
    Member.objects.filter(pk=ada.pk).update(language="de")
    mail_pings(now)
    assert "23. Oktober 2026" in mailoutbox[0].body


@pytest.mark.parametrize("error", [ConnectionRefusedError(), SMTPException("no")])
def test_a_mail_server_that_is_away_is_asked_again_in_an_hour(
    quiet, now, mailoutbox, monkeypatch, error
):
    def away(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert mail_pings(now) == 0
    monkeypatch.undo()
    assert mail_pings(now) == 0
    assert mail_pings(now + ASK_AGAIN_AFTER) == 1


def test_a_worker_killed_half_way_sends_no_second_mail(quiet, now, mailoutbox, monkeypatch):
    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("networks.sonobuoy.mail._mail", killed)
    with pytest.raises(KeyboardInterrupt):
        mail_pings(now)
    monkeypatch.undo()
    assert mail_pings(now + DAY) == 0
    assert Ping.objects.get().ended_at is None, "the page still shows it"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(quiet, now, mailoutbox):
    def work(_: int) -> int:
        try:
            return mail_pings(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(mailoutbox) == 1


# --- Stopping it ---------------------------------------------------------------------------------


def test_one_post_of_a_mail_program_stops_it(quiet, ada, now, mailoutbox, settings):
    """RFC 8058: the headers, then a POST without cookies, sign-in or token, answered at once."""
    mail_pings(now)
    (mail,) = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.search(r"<(https?://[^>]+)>", mail.extra_headers["List-Unsubscribe"])[1]
    assert url.startswith(settings.BASE_URL)
    assert url in mail.body
    path = url.removeprefix(settings.BASE_URL)
    program = Client(enforce_csrf_checks=True)
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not ListeningWishes.objects.get(member=ada).wants_pings
    assert program.post(path).status_code == 200


def test_looking_at_the_link_stops_nothing(client, quiet, ada):
    page = client.get(reverse("stop_pings", args=[PINGS_MAIL.token(ada)]))
    assert "Stop this mail" in page.text
    assert ListeningWishes.objects.get(member=ada).wants_pings


def test_a_link_stops_its_own_kind_only(client, quiet, ada):
    token = PINGS_MAIL.token(ada)
    assert client.post(reverse("stop_digest", args=[token])).status_code == 404
    for made_up in ("x", "a:b:c", token[:-1]):
        assert client.post(f"/sonobuoy/mail/stop/{made_up}/").status_code == 404
    assert ListeningWishes.objects.get(member=ada).wants_pings
