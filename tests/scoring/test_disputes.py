"""An objection to a score reaches a person, and the answer comes back."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.personal_data_contract import providers
from scoring.dispute_models import Dispute
from scoring.services import disputes
from scoring.tasks import mail_disputes_due
from tests.accounts.conftest import prove_it, sign_in
from tests.factories import make_account, make_score

pytestmark = pytest.mark.django_db
SAID = "The <b>reply</b> of Tuesday is missing."


@pytest.fixture
def score(ada, now):
    return make_score(ada, now, [make_account(ada, now)])


@pytest.fixture
def opened(ada, score, now) -> Dispute:
    return disputes.open_dispute(ada, score, SAID, now)


@pytest.fixture
def operator(mallory, client: Client) -> Client:
    mallory.is_staff = True
    mallory.save()
    sign_in(client, mallory.email, "correct horse 3")
    prove_it(client, "correct horse 3")
    return client


def test_the_way_there_is_on_the_page_that_explains(client, ada, score):
    client.force_login(ada)
    assert "/score/2026-11-02/dispute/" in client.get("/score/why/").content.decode()
    form = client.get("/score/2026-11-02/dispute/").content.decode()
    assert "What looks wrong to you?" in form
    assert "your score of 2 Nov 2026, by rule" in form
    assert "31" not in re.sub(r"<[^>]*>", "", form), "the number may be one that ada does not see"


def test_what_was_said_is_stored_with_a_reference_to_the_score(client, ada, score):
    client.force_login(ada)
    answer = client.post("/score/2026-11-02/dispute/", {"said": SAID}, follow=True)
    page = answer.content.decode()
    assert "A person will read it." in page
    assert "waits for a person" in page
    assert "&lt;b&gt;reply" in page
    stored = Dispute.objects.get()
    assert (stored.score, stored.said) == (score, SAID)


@pytest.mark.parametrize("said", ["", "   ", "x" * 2001])
def test_nothing_and_too_much_are_refused_and_kept_in_the_form(client, ada, score, said):
    client.force_login(ada)
    assert client.post("/score/2026-11-02/dispute/", {"said": said}).status_code == 200
    assert not Dispute.objects.exists()


def test_one_score_is_disputed_once_at_a_time(ada, opened, score, grace, now):
    with pytest.raises(disputes.NotTaken):
        disputes.open_dispute(ada, score, "Again.", now)
    disputes.answer(grace, opened.pk, "stands", "We looked.", now)
    assert disputes.open_dispute(ada, score, "And now?", now)


def test_five_may_wait(ada, now):
    scores = [make_score(ada, now, on=now.date() - timedelta(days=n)) for n in range(6)]
    for one in scores[:5]:
        disputes.open_dispute(ada, one, SAID, now)
    with pytest.raises(disputes.NotTaken, match="Five"):
        disputes.open_dispute(ada, scores[5], SAID, now)


def test_it_is_mailed_to_the_operator_once(opened, settings, mailoutbox):
    settings.OPERATOR_EMAIL = "operator@example.com"
    mail_disputes_due()
    mail_disputes_due()
    (mail,) = mailoutbox
    assert mail.to == ["operator@example.com"]
    assert SAID in mail.body
    assert f"/score/disputes/queue/{opened.pk}/" in mail.body


def test_the_operator_reads_it_in_their_own_language(opened, settings, mailoutbox, grace):
    grace.language = "de"
    grace.save(update_fields=["language"])
    settings.OPERATOR_EMAIL = grace.email.upper()
    mail_disputes_due()
    (mail,) = mailoutbox
    assert "Score" in mail.subject
    assert "looks wrong" not in mail.body
    assert SAID in mail.body


def test_without_an_address_it_waits_in_the_queue(opened, settings, mailoutbox):
    settings.OPERATOR_EMAIL = ""
    mail_disputes_due()
    assert mailoutbox == []


def test_the_operator_takes_it_up_and_answers(operator, opened, ada, mailoutbox):
    assert "Ada Lind" in operator.get("/score/disputes/queue/").content.decode()
    page = operator.get(f"/score/disputes/queue/{opened.pk}/").content.decode()
    assert "31.0" in page
    assert f"Score no. {opened.score_id}" in page
    opened.refresh_from_db()
    assert opened.state == "a person has taken it up"
    given = {"outcome": "mended", "answer": "A reply was read late; the next night has it."}
    operator.post(f"/score/disputes/queue/{opened.pk}/", given)
    opened.refresh_from_db()
    assert opened.state == "answered"
    mail_disputes_due()
    mail_disputes_due()
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.com"]
    assert "A reply was read late" in mail.body
    mine = Client()
    mine.force_login(ada)
    assert "A reply was read late" in mine.get("/score/disputes/").content.decode()


def test_an_answer_is_given_once(opened, grace, now):
    assert disputes.answer(grace, opened.pk, "stands", "First.", now)
    assert not disputes.answer(grace, opened.pk, "mended", "Second.", now)
    opened.refresh_from_db()
    assert opened.answer == "First."


def test_mallory_finds_neither_the_score_nor_what_was_said(mallory, opened):
    stranger = Client()
    stranger.force_login(mallory)
    assert stranger.get("/score/2026-11-02/dispute/").status_code == 404
    assert "Tuesday" not in stranger.get("/score/disputes/").content.decode()
    assert stranger.get("/score/disputes/queue/").status_code == 404
    assert stranger.get(f"/score/disputes/queue/{opened.pk}/").status_code == 404
    answer = {"outcome": "stands", "answer": "No."}
    assert stranger.post(f"/score/disputes/queue/{opened.pk}/", answer).status_code == 404


def test_the_database_holds_what_a_dispute_is(ada, score, opened, now):
    good = {"member": ada, "score": score, "said": "x", "opened_at": now}
    for fields, name in (
        ({}, "one_open_dispute_per_score"),
        ({"said": ""}, "dispute_says_something"),
        ({"answered_at": now}, "dispute_answered_in_full"),
        ({"answer": "Yes."}, "dispute_answered_in_full"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Dispute.objects.create(**(good | fields))


def test_it_is_taken_along_and_goes_with_the_member(ada, opened, now):
    (provider,) = (one for one in providers() if one.name == "scores")
    assert provider.export(ada)["disputes"][0]["said"] == SAID
    provider.erase(ada, now)
    assert not Dispute.objects.exists()


def test_lists_ask_as_much_for_many_as_for_few(operator, ada, now):
    mine = Client()
    mine.force_login(ada)
    asked = []
    for half in range(2):
        for n in range(3):
            day = now.date() - timedelta(days=half * 3 + n)
            one = disputes.open_dispute(ada, make_score(ada, now, on=day), SAID, now)
            if n:
                disputes.answer(ada, one.pk, "stands", "We looked.", now)
        with CaptureQueriesContext(connection) as queries:
            mine.get("/score/disputes/")
            operator.get("/score/disputes/queue/")
        asked.append(len(queries))
    assert asked[0] == asked[1]
