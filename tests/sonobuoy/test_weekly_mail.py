"""The weekly mail: asked for, once a week at most, only with news, stopped with one press."""

import re
from datetime import time, timedelta
from smtplib import SMTPException
from uuid import uuid4

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services
from gifting.services import showing
from klout.digest import ASK_AGAIN_AFTER, WEEKLY_MAIL, mail_weekly
from klout.tasks import mail_weekly_due
from networks.listening_models import ListeningWishes
from networks.models import LinkedAccount
from networks.sonobuoy.answers import WEEK, stop_weekly, wish_mail
from tests.gifting.conftest import open_to_all
from tests.sonobuoy.conftest import DAY, hear

HOUR = timedelta(hours=1)


def wish(member: Member, now, *, pings=False, weekly=True) -> None:
    no_hours = {"quiet_from": time(0), "quiet_until": time(0)}
    wish_mail(member, pings=pings, weekly=weekly, now=now, **no_hours)


@pytest.fixture
def asked_for(ada, grace, now):
    for member in (ada, grace):
        open_to_all(member, now - 10 * DAY)
    LinkedAccount.objects.update(last_read_at=now + 30 * DAY)
    wish(ada, now)
    return ada


def give(giver: Member, receiver: Member, at) -> None:
    note = services.Note("For the essay.", "")
    services.give_k(giver, receiver, at, key=uuid4(), note=note)


def test_nobody_gets_it_unasked(asked_for, ada, grace, now, mailoutbox):
    wish(ada, now, weekly=False)
    give(grace, ada, now)
    assert mail_weekly(now + 2 * WEEK) == 0
    assert mailoutbox == []


def test_a_week_in_which_nothing_happened_has_no_mail(asked_for, now, mailoutbox):
    for days in range(30):
        mail_weekly(now + days * DAY)
    assert mailoutbox == []


def test_it_tells_of_k_without_the_words_once_a_week(asked_for, grace, now, mailoutbox):
    give(grace, asked_for, now + DAY)
    for hours in range(0, 24 * 21, 6):
        mail_weekly(now + hours * HOUR)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ada@example.com"], "What happened this week")
    assert "Grace Oduya gave you K" in mail.body
    assert "For the essay." not in mail.body
    assert "score" not in mail.body.lower()


def test_what_the_daily_mail_tells_is_not_told_twice(asked_for, grace, now, mailoutbox):
    showing.want_digest(asked_for, now, wants=True)
    give(grace, asked_for, now + DAY)
    assert mail_weekly(now + WEEK) == 0


def test_it_tells_of_a_network_gone_quiet_unless_pings_are_mailed(
    asked_for, lively, now, mailoutbox
):
    lively(asked_for, handle="@ada@quiet.example", last_read_at=now + 5 * WEEK)
    hear(now + HOUR)
    assert mail_weekly(now + WEEK) == 1
    assert "It has gone quiet on:\nMastodon, @ada@quiet.example." in mailoutbox[0].body
    assert mail_weekly(now + 2 * WEEK) == 0, "a silence that lasts is no news"
    lively(asked_for, last_read_at=now + 5 * WEEK, listen_at=now + 2 * WEEK)
    wish(asked_for, now, pings=True)
    hear(now + 2 * WEEK + HOUR)
    assert mail_weekly(now + 3 * WEEK) == 0


def test_it_tells_once_of_a_network_that_cannot_be_read(asked_for, lively, now, mailoutbox):
    lively(
        asked_for,
        state=LinkedAccount.State.NEEDS_CONSENT,
        last_problem="access_revoked",
        last_problem_at=now + 2 * DAY,
    )
    assert mail_weekly(now + WEEK) == 1
    assert "It can no longer be read:" in mailoutbox[0].body
    assert "no longer lets us read this account" in mailoutbox[0].body
    assert mail_weekly(now + 2 * WEEK) == 0


def test_it_waits_for_the_end_of_quiet_hours(asked_for, grace, now, mailoutbox):
    hours = {"quiet_from": time(11), "quiet_until": time(15)}
    wish_mail(asked_for, pings=False, weekly=True, now=now, **hours)
    give(grace, asked_for, now + DAY)
    assert mail_weekly(now + WEEK) == 0
    assert mail_weekly(now + WEEK + 2.9 * HOUR) == 0
    assert mail_weekly(now + WEEK + 3 * HOUR) == 1


def test_stopping_and_beginning_again_brings_no_second_mail_that_week(
    asked_for, grace, now, mailoutbox
):
    give(grace, asked_for, now + DAY)
    mail_weekly(now + WEEK)
    stop_weekly(asked_for)
    wish(asked_for, now + WEEK + HOUR)
    for days in range(7):
        mail_weekly(now + WEEK + days * DAY)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("error", [ConnectionRefusedError(), SMTPException("no")])
def test_a_mail_server_that_is_away_is_asked_again_in_an_hour(
    asked_for, grace, now, mailoutbox, monkeypatch, error
):
    def away(*_: object) -> int:
        raise error

    give(grace, asked_for, now + DAY)
    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert mail_weekly(now + WEEK) == 0
    monkeypatch.undo()
    assert mail_weekly(now + WEEK) == 0
    assert mail_weekly(now + WEEK + ASK_AGAIN_AFTER) == 1


def test_a_worker_killed_half_way_sends_no_second_mail_and_loses_nothing(
    asked_for, grace, now, mailoutbox, monkeypatch
):
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    give(grace, asked_for, now + DAY)
    monkeypatch.setattr("klout.digest._mail", killed)
    with pytest.raises(KeyboardInterrupt):
        mail_weekly(now + WEEK)
    monkeypatch.undo()
    assert mail_weekly(now + WEEK + DAY) == 0
    assert mail_weekly(now + 2 * WEEK) == 1
    assert "Grace Oduya" in mailoutbox[0].body


def test_one_post_of_a_mail_program_stops_it(
    asked_for, ada, grace, now, mailoutbox, settings, monkeypatch
):
    give(grace, asked_for, now + DAY)
    monkeypatch.setattr(timezone, "now", lambda: now + WEEK)
    mail_weekly_due()
    (mail,) = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.search(r"<(https?://[^>]+)>", mail.extra_headers["List-Unsubscribe"])[1]
    program = Client(enforce_csrf_checks=True)
    path = url.removeprefix(settings.BASE_URL)
    assert "Stop this mail" in program.get(path).text
    assert ListeningWishes.objects.get(member=ada).wants_weekly
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not ListeningWishes.objects.get(member=ada).wants_weekly


def test_a_link_of_another_mail_stops_nothing(client, asked_for):
    assert (
        client.post(reverse("stop_pings", args=[WEEKLY_MAIL.token(asked_for)])).status_code == 404
    )
