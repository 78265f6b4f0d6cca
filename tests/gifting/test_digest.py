"""The mail about K that has come: asked for, once a day at most, stopped with one press."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services, tasks
from gifting.digest import EVERY, MAIL, NAMED_MOST, mail_digests
from gifting.invitations import invitation
from gifting.member_models import Choices
from gifting.services import keeping, showing
from gifting.services.keeping import Remembered
from networks.models import LinkedAccount
from tests.gifting.conftest import open_to_all

LATER = timedelta(minutes=20)


@pytest.fixture
def asked_for(ada, everybody, now):
    showing.want_digest(ada, now, wants=True)
    return ada


def test_nobody_gets_it_unasked(ada, grace, give, now, mailoutbox):
    give(grace, ada, now)
    assert mail_digests(now + EVERY) == 0
    assert mailoutbox == []


def test_it_says_who_gave_and_not_what_they_wrote(asked_for, grace, give, now, mailoutbox):
    give(grace, asked_for, now, text="For the essay.")
    assert mail_digests(now + LATER) == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ada@example.com"], "A K has come to you")
    assert "Grace Oduya gave you K" in mail.body
    assert "with words" in mail.body
    assert "For the essay." not in mail.body
    assert reverse("received") in mail.body


def test_it_is_written_in_the_language_of_whoever_gets_it(asked_for, grace, give, now, mailoutbox):
    Member.objects.filter(pk=asked_for.pk).update(language="de")
    give(grace, asked_for, now)
    mail_digests(now + LATER)
    (mail,) = mailoutbox
    assert mail.subject == "Ein K ist zu dir gekommen"
    assert "Hallo Ada Lind," in mail.body
    assert "Grace Oduya hat dir K" in mail.body


def test_names_stand_in_it_as_they_are(asked_for, grace, give, now, mailoutbox):
    grace.name = "Grace & <Co>"
    grace.save()
    give(grace, asked_for, now)
    mail_digests(now + LATER)
    assert "Grace & <Co> gave you" in mailoutbox[0].body


def test_it_comes_once_a_day_at_most_and_only_with_news(
    asked_for, grace, mallory, give, now, mailoutbox
):
    give(grace, asked_for, now)
    for minutes in range(20, 60 * 23, 60):
        mail_digests(now + timedelta(minutes=minutes))
    assert len(mailoutbox) == 1
    give(mallory, asked_for, now + timedelta(hours=2))
    mail_digests(now + timedelta(hours=23))
    assert len(mailoutbox) == 1
    mail_digests(now + LATER + EVERY)
    assert len(mailoutbox) == 2
    assert "Grace" not in mailoutbox[1].body
    for day in range(2, 9):
        mail_digests(now + LATER + day * EVERY)
    assert len(mailoutbox) == 2


def test_a_gift_taken_back_within_ten_minutes_is_never_told(
    asked_for, grace, give, now, mailoutbox
):
    gift = give(grace, asked_for, now)
    mail_digests(now + timedelta(minutes=9))
    services.take_back(grace, gift.k.address, 1, now + timedelta(minutes=9))
    mail_digests(now + EVERY)
    assert mailoutbox == []


def test_what_came_before_it_was_asked_for_is_not_told(ada, grace, give, now, mailoutbox):
    give(grace, ada, now - timedelta(hours=1))
    showing.want_digest(ada, now, wants=True)
    mail_digests(now + EVERY)
    assert mailoutbox == []


def test_the_blocked_are_not_told_of(asked_for, grace, give, now, mailoutbox):
    gift = give(grace, asked_for, now)
    services.block(asked_for, gift.k.address, 1, now)
    mail_digests(now + EVERY)
    assert mailoutbox == []


def test_it_tells_of_people_kept_in_mind_who_are_here_now(asked_for, grace, now, mailoutbox):
    LinkedAccount.objects.filter(member=grace).update(findable=False)
    note = Remembered("mastodon", "@grace@known.example", "Grace from the talk")
    keeping.keep_handle(asked_for, note, now)
    LinkedAccount.objects.filter(member=grace).update(findable=True, introduced_at=now)
    keeping.meet(now)
    mail_digests(now + LATER)
    (mail,) = mailoutbox
    assert mail.subject == "Somebody you kept in mind is here"
    assert "Grace from the talk (@grace@known.example)" in mail.body
    mail_digests(now + LATER + EVERY)
    assert len(mailoutbox) == 1


def test_a_worker_killed_before_the_mail_loses_nothing(
    asked_for, grace, give, now, mailoutbox, monkeypatch
):
    """The day was claimed, so there is none today; what was not told is told tomorrow."""
    give(grace, asked_for, now)
    monkeypatch.setattr("gifting.digest._mail", _killed)
    with pytest.raises(KeyboardInterrupt):
        mail_digests(now + LATER)
    monkeypatch.undo()
    mail_digests(now + LATER)
    assert mailoutbox == []
    mail_digests(now + LATER + EVERY)
    assert "Grace Oduya" in mailoutbox[0].body


def test_a_worker_killed_after_the_mail_sends_no_second_one_that_day(
    asked_for, grace, give, now, mailoutbox, monkeypatch
):
    give(grace, asked_for, now)
    monkeypatch.setattr("gifting.digest._settle", _killed)
    with pytest.raises(KeyboardInterrupt):
        mail_digests(now + LATER)
    monkeypatch.undo()
    for hours in (1, 12, 24):
        mail_digests(now + timedelta(hours=hours))
    assert len(mailoutbox) == 1


def _killed(*_arguments: object, **_fields: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("error", [ConnectionRefusedError(), SMTPException("no")])
def test_a_mail_server_that_is_away_is_asked_again_tomorrow(
    asked_for, grace, give, now, mailoutbox, monkeypatch, error
):
    give(grace, asked_for, now)

    def away(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    assert mail_digests(now + LATER) == 0
    monkeypatch.undo()
    assert mail_digests(now + LATER) == 0
    assert mail_digests(now + LATER + EVERY) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(asked_for, grace, give, now, mailoutbox):
    give(grace, asked_for, now)

    def work(_: int) -> int:
        try:
            return mail_digests(now + LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(mailoutbox) == 1


def test_stopping_and_beginning_again_brings_no_second_mail_that_day(
    asked_for, grace, mallory, give, now, mailoutbox
):
    give(grace, asked_for, now)
    mail_digests(now + LATER)
    at = now + timedelta(hours=1)
    showing.want_digest(asked_for, at, wants=False)
    showing.want_digest(asked_for, at, wants=True)
    give(mallory, asked_for, at)
    mail_digests(at + LATER)
    assert len(mailoutbox) == 1
    mail_digests(at + EVERY)
    assert "Mallory Vex" in mailoutbox[1].body


def test_asking_for_it_twice_leaves_nothing_out(asked_for, grace, give, now, mailoutbox):
    give(grace, asked_for, now)
    showing.want_digest(asked_for, now + timedelta(minutes=15), wants=True)
    mail_digests(now + LATER)
    assert len(mailoutbox) == 1


def test_more_than_fit_are_said_to_be_more(asked_for, everybody, give, now, mailoutbox):
    for number in range(NAMED_MOST + 2):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Number {number}")
        open_to_all(member, now)
        give(member, asked_for, now)
    mail_digests(now + LATER)
    assert mailoutbox[0].body.count("gave you K") == NAMED_MOST
    assert "There are more than fit here." in mailoutbox[0].body


def test_whoever_left_or_is_closed_gets_none(asked_for, grace, give, now, mailoutbox):
    give(grace, asked_for, now)
    asked_for.is_active = False
    asked_for.save()
    assert mail_digests(now + EVERY) == 0


# --- Stopping it ---------------------------------------------------------------------------------


def stop_url(mail) -> str:
    return re.search(r"<(https?://[^>]+)>", mail.extra_headers["List-Unsubscribe"])[1]


def test_one_post_of_a_mail_program_stops_it(
    asked_for, grace, give, now, mailoutbox, settings, monkeypatch
):
    """RFC 8058: the headers, then a POST without cookies, sign-in or token, answered at once."""
    monkeypatch.setattr(timezone, "now", lambda: now + LATER)
    give(grace, asked_for, now)
    tasks.mail_digests_due()
    (mail,) = mailoutbox
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = stop_url(mail)
    assert url.startswith(settings.BASE_URL)
    program = Client(enforce_csrf_checks=True)
    path = url.removeprefix(settings.BASE_URL)
    answer = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Choices.objects.get(hand__member=asked_for).wants_digest
    assert program.post(path).status_code == 200


def test_looking_at_the_link_stops_nothing(client, asked_for):
    answer = client.get(reverse("stop_digest", args=[MAIL.token(asked_for)]))
    assert "Stop this mail" in answer.text
    assert Choices.objects.get(hand__member=asked_for).wants_digest


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "."])
def test_a_made_up_link_is_not_found(client, db, token):
    address = f"/k/digest/stop/{token}/"
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_a_link_of_the_invitation_stops_no_mail(client, asked_for, now):
    address = reverse("stop_digest", args=[invitation(asked_for, now)])
    assert client.post(address).status_code == 404
    assert Choices.objects.get(hand__member=asked_for).wants_digest


def test_it_is_asked_for_and_stopped_in_the_settings(client, ada):
    client.force_login(ada)
    client.post(reverse("k_choices"), {"wants_digest": "on"})
    assert Choices.objects.get(hand__member=ada).wants_digest
    assert 'name="wants_digest" checked' in client.get(reverse("k_settings")).text
    client.post(reverse("k_choices"), {"found_by_name": "on"})
    choices = Choices.objects.get(hand__member=ada)
    assert (choices.wants_digest, choices.found_by_name) == (False, True)
