"""Reports reach the operator once, and are forgotten after 30 days."""

from datetime import timedelta

import pytest

from gifting import services, tasks
from gifting.models import Report
from gifting.reports import forget_old_reports, mail_reports


@pytest.fixture
def report(ada, grace, give, now) -> Report:
    gift = give(ada, grace, text="Something unkind.", link="https://known.example/1")
    return services.report(grace, gift.k.address, 1, now, said="This hurts.")


def test_a_report_is_mailed_to_the_operator_once(report, now, settings, mailoutbox):
    settings.OPERATOR_EMAIL = "operator@example.com"
    assert mail_reports(now) == 1
    assert mail_reports(now) == 0
    (mail,) = mailoutbox
    assert mail.to == ["operator@example.com"]
    for part in ("Something unkind.", "https://known.example/1", "This hurts.", "Ada Lind"):
        assert part in mail.body


def test_without_an_address_it_waits(report, now, settings, mailoutbox):
    settings.OPERATOR_EMAIL = ""
    tasks.mail_reports_due()
    assert mailoutbox == []
    settings.OPERATOR_EMAIL = "operator@example.com"
    tasks.mail_reports_due()
    assert len(mailoutbox) == 1


def test_mail_that_fails_is_tried_again(report, now, settings, mailoutbox, monkeypatch):
    settings.OPERATOR_EMAIL = "operator@example.com"
    with monkeypatch.context() as patch:
        patch.setattr("gifting.reports.send_mail", refuse)
        assert mail_reports(now) == 0
    assert mail_reports(now) == 1


def refuse(*_):
    raise ConnectionRefusedError


def test_a_report_is_kept_for_30_days(report, now):
    assert forget_old_reports(now + timedelta(days=30)) == 0
    assert forget_old_reports(now + timedelta(days=30, seconds=1)) == 1
    tasks.forget_reports_due()
