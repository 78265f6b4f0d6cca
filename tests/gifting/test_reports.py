"""Reports reach the operator once, and are forgotten after 30 days."""

from datetime import timedelta
from uuid import uuid4

import pytest

from gifting import refusals, selectors, services, tasks
from gifting.models import Decision, Move, Report, Words
from gifting.refusals import NotYours, Refusal
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
        patch.setattr("accounts.mailing.send_mail", refuse)
        assert mail_reports(now) == 0
    assert mail_reports(now) == 1


def refuse(*_):
    raise ConnectionRefusedError


def test_a_report_is_kept_for_30_days(report, now):
    assert forget_old_reports(now + timedelta(days=30)) == 0
    assert forget_old_reports(now + timedelta(days=30, seconds=1)) == 1
    tasks.forget_reports_due()


@pytest.fixture
def operator(mallory):
    mallory.is_staff = True
    mallory.save()
    return mallory


def test_a_decision_is_recorded_and_in_force_at_once(report, ada, grace, mallory, operator, now):
    decision = services.decide(operator, report.pk, "stopped", now, reason="Not here.")
    assert (decision.decided_by, decision.decided_at, decision.reason) == (
        operator,
        now,
        "Not here.",
    )
    assert Words.objects.get(move=report.move).text == ""
    assert selectors.why_not_give(ada, now) == str(refusals.STOPPED)
    with pytest.raises(Refusal, match="has stopped gifts from you"):
        services.give_k(ada, mallory, now, key=uuid4())
    # Nothing is clawed back.
    assert Move.objects.in_place().get(k=report.move.k_id).receiver.member == grace


def test_a_second_decision_changes_nothing(report, operator, now):
    first = services.decide(operator, report.pk, "nothing", now)
    assert services.decide(operator, report.pk, "stopped", now) == first
    assert Words.objects.get(move=report.move).text == "Something unkind."


def test_a_stop_can_be_lifted(report, ada, operator, now):
    decision = services.decide(operator, report.pk, "stopped", now)
    services.let_give_again(operator, decision.pk, now)
    assert selectors.why_not_give(ada, now) == ""
    assert Decision.objects.get().lifted_by == operator


def test_only_the_operator_decides(report, grace, now):
    with pytest.raises(NotYours):
        services.decide(grace, report.pk, "stopped", now)
    with pytest.raises(NotYours):
        services.let_give_again(grace, 1, now)


def test_whoever_reported_is_told_in_a_mail_and_at_the_gift(
    report, grace, operator, now, mailoutbox, settings
):
    settings.OPERATOR_EMAIL = ""
    gift = report.move.k.address, 1
    assert "has not decided yet" in selectors.what_became_of(grace, *gift)
    services.decide(operator, report.pk, "words_gone", now, reason="It was unkind.")
    assert mail_reports(now) == 1
    assert mail_reports(now) == 0
    (mail,) = mailoutbox
    assert mail.to == ["grace@example.com"]
    told = "the words and the link were taken away. They say: “It was unkind.”"
    assert told in mail.body
    assert told in selectors.what_became_of(grace, *gift)
    assert selectors.what_became_of(operator, *gift) == ""


def test_the_decision_stays_when_the_words_are_forgotten(report, grace, operator, now):
    services.decide(operator, report.pk, "nothing", now)
    forget_old_reports(now + timedelta(days=31))
    assert Decision.objects.get().report is None
    with pytest.raises(Refusal, match="was decided"):
        services.report(grace, report.move.k.address, 1, now)


def test_reports_and_blocks_are_limited_by_the_hour(ada, grace, give, now, monkeypatch):
    monkeypatch.setattr("gifting.limits.REPORTS_AN_HOUR", 0)
    monkeypatch.setattr("gifting.limits.BLOCKS_AN_HOUR", 0)
    gift = give(ada, grace, text="Hello.")
    with pytest.raises(Refusal, match="reports within an hour"):
        services.report(grace, gift.k.address, 1, now)
    with pytest.raises(Refusal, match="people within an hour"):
        services.block(grace, gift.k.address, 1, now)


@pytest.mark.parametrize("path", ["/k/reports/", "/k/reports/1/"])
def test_the_queue_is_not_there_for_members(client, grace, report, path):
    client.force_login(grace)
    assert client.get(path).status_code == 404


def test_the_operator_sees_the_words_and_decides(client, report, operator):
    client.force_login(operator)
    client.post("/account/reauthenticate/", {"password": "correct horse 3"})
    assert "Grace Oduya" in client.get("/k/reports/").content.decode()
    page = client.get(f"/k/reports/{report.pk}/").content.decode()
    assert "Something unkind." in page
    assert "This hurts." in page
    assert client.post(f"/k/reports/{report.pk}/", {}).status_code == 200
    sent = {"outcome": "words_gone", "reason": "Unkind."}
    assert client.post(f"/k/reports/{report.pk}/", sent).status_code == 302
    assert "Take the words and the link away" in client.get("/k/reports/").content.decode()
