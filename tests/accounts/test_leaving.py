"""Deleting an account: at once, with a short undo, and for good."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import erased, leaving
from accounts.models import Member
from accounts.tasks import erase_due
from tests.accounts.conftest import PASSWORD, is_signed_in, prove_it, sign_in

pytestmark = pytest.mark.django_db
REQUEST = RequestFactory().get("/")


@pytest.fixture(autouse=True)
def list_of_the_erased(settings: Any, tmp_path: Path) -> Path:
    settings.ERASED_LIST = tmp_path / "kept/erased.txt"
    return settings.ERASED_LIST


def _asked(client: Client) -> str:
    """Ask for the deletion; the address of the page that undoes it."""
    prove_it(client)
    answer = client.post("/settings/delete/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_everything_stops_in_the_moment_it_is_asked_for(
    at_ada: Client, confirmed_ada: Member
) -> None:
    phone = Client()
    sign_in(phone, confirmed_ada.email, PASSWORD)
    _asked(at_ada)
    confirmed_ada.refresh_from_db()
    assert confirmed_ada.takes_part is False
    assert not is_signed_in(at_ada)
    assert not is_signed_in(phone)


def test_a_session_that_slipped_through_signs_nobody_in(client: Client, ada: Member) -> None:
    client.force_login(ada)
    Member.objects.update(erase_at=timezone.now())
    assert not is_signed_in(client)


def test_the_undo_is_shown_and_mailed(
    at_ada: Client, confirmed_ada: Member, mailoutbox: list[Any]
) -> None:
    where = _asked(at_ada)
    assert "it can be undone" in at_ada.get(where).content.decode()
    (mail,) = mailoutbox
    assert mail.to == [confirmed_ada.email]
    assert f"http://localhost:8000{where}" in mail.body
    assert "15 minutes" in mail.body


def test_looking_at_the_link_undoes_nothing_and_a_post_does(
    at_ada: Client, confirmed_ada: Member
) -> None:
    where = _asked(at_ada)
    at_ada.get(where)
    assert Member.objects.get().erase_at is not None
    answer = at_ada.post(where, follow=True)
    assert "everything is as it was" in answer.content.decode()
    member = Member.objects.get()
    assert (member.erase_at, member.takes_part) == (None, True)
    sign_in(at_ada, member.email, PASSWORD)
    assert is_signed_in(at_ada)
    trail = at_ada.get("/settings/trail/").content.decode()
    assert "Deletion was asked for" in trail
    assert "The deletion was undone" in trail
    assert "This deletion was undone" in at_ada.get(where).content.decode()


def test_the_password_does_not_let_in_who_leaves(at_ada: Client, confirmed_ada: Member) -> None:
    _asked(at_ada)
    answer = at_ada.post(
        "/account/login/", {"login": confirmed_ada.email, "password": PASSWORD}, follow=True
    )
    assert "This account is closed" in answer.content.decode()
    assert not is_signed_in(at_ada)


def test_asked_twice_the_time_to_undo_stays(ada: Member, now: datetime) -> None:
    leaving.ask(ada, now, REQUEST)
    later = now + timedelta(minutes=5)
    leaving.ask(ada, later, REQUEST)
    assert Member.objects.get().erase_at == now + leaving.UNDO_FOR


def test_a_link_of_an_earlier_asking_undoes_nothing(ada: Member, now: datetime) -> None:
    first = leaving.ask(ada, now, REQUEST)
    assert leaving.undo(first, now, REQUEST)
    again = now + timedelta(minutes=1)
    ada.refresh_from_db()
    second = leaving.ask(ada, again, REQUEST)
    assert not leaving.undo(first, again, REQUEST)
    assert leaving.undo(second, again, REQUEST)


def test_a_forged_link_is_not_found(client: Client, ada: Member, now: datetime) -> None:
    token = leaving.ask(ada, now, REQUEST)
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "nonsense"):
        assert client.get(f"/leaving/{forged}/").status_code == 404
        assert client.post(f"/leaving/{forged}/").status_code == 404


def test_after_a_quarter_of_an_hour_it_is_too_late(ada: Member, now: datetime) -> None:
    token = leaving.ask(ada, now, REQUEST)
    over = now + leaving.UNDO_FOR
    assert leaving.erase_due(over - timedelta(seconds=1)) == 0
    assert not leaving.undo(token, over, REQUEST)
    assert leaving.erase_due(over) == 1
    assert not Member.objects.exists()
    found = leaving.look(token, over)
    assert found is not None
    assert not found.can_undo


def test_the_page_says_when_it_is_over(client: Client, ada: Member) -> None:
    token = leaving.ask(ada, timezone.now() - timedelta(hours=1), REQUEST)
    erase_due()
    assert "Your account is deleted" in client.get(f"/leaving/{token}/").content.decode()


def test_mail_that_cannot_be_sent_stops_nothing(
    at_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.leaving.send_mail", refuse)
    assert at_ada.get(_asked(at_ada)).status_code == 200


def test_what_fails_is_tried_again_and_holds_nobody_up(
    ada: Member, grace: Member, now: datetime, settings: Any
) -> None:
    for member in (ada, grace):
        leaving.ask(member, now, REQUEST)
    over = now + leaving.UNDO_FOR
    here = "tests.accounts.test_leaving"
    settings.PERSONAL_DATA_PROVIDERS = ["accounts.personal_data.provider", f"{here}.fails_for_ada"]
    assert leaving.erase_due(over) == 1
    assert list(Member.objects.values_list("email", flat=True)) == ["ada@example.com"]
    settings.PERSONAL_DATA_PROVIDERS = ["accounts.personal_data.provider"]
    assert leaving.erase_due(over) == 0, "leased"
    assert leaving.erase_due(over + leaving.LEASE) == 1


class _FailsForAda:
    name = "failing"

    def export(self, member: Member) -> dict[str, object]:
        return {}

    def erase(self, member: Member, now: datetime) -> None:
        if member.name == "Ada Lind":
            raise ConnectionError


fails_for_ada = _FailsForAda()


def test_nobody_is_erased_who_was_not_written_down(
    ada: Member, now: datetime, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    settings.ERASED_LIST = tmp_path / "a-file/erased.txt"
    leaving.ask(ada, now, REQUEST)
    assert leaving.erase_due(now + leaving.UNDO_FOR) == 0
    assert Member.objects.exists()


def test_the_list_tells_nothing_but_a_day(
    ada: Member, now: datetime, list_of_the_erased: Path
) -> None:
    address, key = ada.address, ada.pk
    leaving.erase_for_good(ada, now)
    (line,) = list_of_the_erased.read_text().splitlines()
    assert re.fullmatch(r"2026-11-02 [0-9a-f]{40}", line)
    assert address not in line
    assert str(key) not in line.split()[1] or len(str(key)) < 4
    assert list_of_the_erased.stat().st_mode & 0o077 == 0


def test_the_mark_needs_the_key(ada: Member, settings: Any) -> None:
    before = erased.mark_of(ada.address)
    settings.RESPONDER_KEY = "another"
    assert erased.mark_of(ada.address) != before


def test_a_line_cut_off_is_passed_over(list_of_the_erased: Path) -> None:
    list_of_the_erased.parent.mkdir()
    list_of_the_erased.write_text("2026-11-02 abc\n2026-11-\n\n2026-11-03 def\n")
    assert erased.marks() == {"abc", "def"}


def test_whoever_came_back_is_erased_again(
    ada: Member, grace: Member, now: datetime, django_user_model: Any
) -> None:
    stored = {f.attname: getattr(ada, f.attname) for f in Member._meta.concrete_fields}
    stored.pop("takes_part")
    leaving.erase_for_good(ada, now)
    Member.objects.create(**stored)
    assert leaving.replay_erasures(now) == 1
    assert list(Member.objects.all()) == [grace]
    assert leaving.replay_erasures(now) == 0


def test_a_deletion_that_was_asked_for_before_the_backup_is_carried_out_after_it(
    ada: Member, now: datetime
) -> None:
    leaving.ask(ada, now, REQUEST)
    assert leaving.erase_due(now + timedelta(days=40)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_an_undo_and_a_worker_at_once_one_wins(settings: Any) -> None:
    for attempt in range(10):
        ada = Member.objects.create_user(f"ada{attempt}@example.com", name="Ada Lind")
        now = datetime(2026, 11, 2, 12, tzinfo=UTC)
        token = leaving.ask(ada, now, REQUEST)
        undone: list[bool] = []
        at = now + leaving.UNDO_FOR
        workers = [
            threading.Thread(target=_in_a_thread, args=(leaving.erase_due, at)),
            threading.Thread(
                target=_in_a_thread,
                args=(
                    lambda moment, token=token, undone=undone: undone.append(
                        leaving.undo(token, moment, REQUEST)
                    ),
                    at - timedelta(seconds=1),
                ),
            ),
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert Member.objects.filter(pk=ada.pk).exists() == undone[0]


def _in_a_thread(work: Any, moment: datetime) -> None:
    try:
        work(moment)
    finally:
        connection.close()


def test_confirmed_addresses_go_as_well(confirmed_ada: Member, now: datetime) -> None:
    leaving.erase_for_good(confirmed_ada, now)
    assert not EmailAddress.objects.exists()
