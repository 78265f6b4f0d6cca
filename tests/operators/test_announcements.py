"""What all members are told: before a rule counts, each once, closed for good."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import announcing
from accounts.mail_kinds import switch_mail
from accounts.models import Member
from accounts.operator_models import Announcement, StaffAct, Told
from klout.announcing import announce_rules, notice
from scoring import rule, versions
from scoring.versions import Version

pytestmark = pytest.mark.django_db

SOON = timezone.now().date() + timedelta(days=20)


def news_for(member: Member, now: datetime) -> list[Announcement]:
    """As the session brings the member along."""
    return announcing.news_of(announcing.with_news(Member.objects.filter(pk=member.pk), now).get())


@pytest.fixture
def coming(monkeypatch: Any) -> None:
    """A second version of the rule is listed, and counts in twenty days."""
    first = versions.VERSIONS[0]
    listed = (first, Version("2099.1", SOON, rule.score))
    monkeypatch.setattr(versions, "VERSIONS", listed)


def test_a_rule_announces_itself_once_before_it_counts(ada: Member, coming: None) -> None:
    now = timezone.now()
    assert announce_rules(now) == 1
    assert announce_rules(now + timedelta(days=1)) == 0
    (told,) = [notice(one) for one in news_for(ada, now)]
    assert told.title == "Rule 2099.1 is coming"
    assert f"From {SOON.day} " in told.text
    assert [path for _words, path in told.links] == ["/how/", "/score/history/"]
    assert Announcement.objects.get().shown_until.date() == SOON + timedelta(days=30)


def test_a_rule_that_counts_already_is_no_news(monkeypatch: Any, now: datetime) -> None:
    older = (versions.VERSIONS[0], Version("2026.2", date(2026, 3, 1), rule.score))
    monkeypatch.setattr(versions, "VERSIONS", older)
    assert announce_rules(now) == 0


def test_it_is_on_the_dashboard_until_it_is_closed(client: Client, ada: Member) -> None:
    olga = Member.objects.create_user("olga@example.com", "x", name="Olga", is_staff=True)
    now = timezone.now()
    made = announcing.announce(olga, "We move", "On Sunday.", now + timedelta(days=3), now)
    client.force_login(ada)
    assert "We move" in client.get("/dashboard/").content.decode()
    client.post(f"/announcements/{made.pk}/close/")
    client.post(f"/announcements/{made.pk}/close/")
    assert "We move" not in client.get("/dashboard/").content.decode()
    assert "We move" in client.get("/announcements/").content.decode()
    assert Told.objects.count() == 1
    assert client.post("/announcements/999999/close/").status_code == 404
    assert StaffAct.objects.get().detail == "We move"


def test_who_joined_later_is_told_nothing_of_before(ada: Member) -> None:
    olga = Member.objects.create_user("olga@example.com", "x", name="Olga", is_staff=True)
    before = ada.joined_at - timedelta(days=1)
    announcing.announce(olga, "A", "B", ada.joined_at + timedelta(days=9), before)
    assert news_for(ada, timezone.now()) == []


def test_withdrawn_or_over_nobody_sees_it(at_olga: Client, ada: Member) -> None:
    at_olga.post("/admin/announcements/", {"title": "A", "text": "B", "days": "2"})
    now = timezone.now()
    assert len(news_for(ada, now)) == 1
    assert news_for(ada, now + timedelta(days=3)) == []
    at_olga.post(f"/admin/announcements/{Announcement.objects.get().pk}/withdraw/")
    assert news_for(ada, now) == []


def test_mail_comes_once_and_only_to_those_who_want_it(
    ada: Member, grace: Member, coming: None, mailoutbox: list[Any]
) -> None:
    now = timezone.now()
    switch_mail(ada, "accounts.announcements", now, on=True)
    announce_rules(now)
    assert announcing.mail_due(notice, now) == 1
    assert announcing.mail_due(notice, now) == 0
    (mail,) = mailoutbox
    assert mail.to == [ada.email]
    assert mail.subject == "Rule 2099.1 is coming"
    assert "http://localhost:8000/how/" in mail.body
    assert "http://localhost:8000/settings/mail/" in mail.body


def test_a_mail_that_failed_is_tried_again(
    ada: Member, coming: None, mailoutbox: list[Any], monkeypatch: Any
) -> None:
    now = timezone.now()
    switch_mail(ada, "accounts.announcements", now, on=True)
    announce_rules(now)

    def fail(_self: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("accounts.announcing.EmailMessage.send", fail)
        assert announcing.mail_due(notice, now) == 0
    assert announcing.mail_due(notice, now) == 1
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("fields", [{"rule": "1", "title": "A", "text": "B"}, {"title": "A"}, {}])
def test_an_announcement_is_of_a_rule_or_in_words(now: datetime, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match="announcement_of_a_rule"), transaction.atomic():
        Announcement.objects.create(made_at=now, shown_until=now, **fields)
