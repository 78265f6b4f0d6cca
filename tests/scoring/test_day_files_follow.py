"""The day files follow what changes, and whoever leaves is gone from them."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from accounts.services import erase_member
from networks.models import LinkedAccount, Outreach, Reaction
from networks.services.unlinking import unlink
from scoring.day_files import keeping, writing
from scoring.day_files.keeping import FilesBusy, keeper, rewrite_changed
from scoring.file_models import DayFile, DayFileChange
from scoring.services.day_files import check_day_files
from tests.factories import make_outreach, make_reaction
from tests.scoring.day_files import A_DAY, same_as_postgres, score_rows, write_up_to

# --- What changes ---


def test_changes_of_what_the_files_hold_are_noted_and_no_others(heard, now):
    reaction = heard.reactions.order_by("happened_at").last()
    Reaction.objects.update(kind="quote", post_remote_id="x")
    Outreach.objects.update(url="https://known.example/")
    heard.save()
    assert not DayFileChange.objects.exists()
    Reaction.objects.filter(pk=reaction.pk).update(standing=3)
    change = DayFileChange.objects.get()
    assert (change.account_id, change.recorded_on) == (heard.pk, reaction.recorded_at.date())
    LinkedAccount.objects.update(person_hash=5)
    assert DayFileChange.objects.filter(account_id=heard.pk, recorded_on=None).exists()


def test_many_rows_of_an_account_are_one_note_a_day(heard, now):
    for _ in range(30):
        make_reaction(heard, now - A_DAY)
    Reaction.objects.all().delete()
    assert DayFileChange.objects.count() == 4


def test_what_was_taken_away_does_not_count_in_the_next_night(heard, now):
    write_up_to(now)
    heard.reactions.order_by("pk").first().delete()
    assert same_as_postgres(now)
    assert not DayFileChange.objects.exists()


def test_a_change_of_who_somebody_is_reaches_the_files(heard, now):
    make_reaction(heard, now - A_DAY, responder_hash=55)
    write_up_to(now)
    LinkedAccount.objects.update(person_hash=55)
    assert same_as_postgres(now)


def test_only_the_shards_of_who_changed_are_written_anew(ada, make_heard, now, folder, small_parts):
    for _ in range(8):
        make_heard(ada, days_ago=(20,))
    write_up_to(now - 10 * A_DAY)
    write_up_to(now)
    before = set(folder())
    Reaction.objects.order_by("pk").first().delete()
    assert rewrite_changed() == 1
    gone = before - set(folder())
    assert sorted(file.suffix for file in gone) == [".json", ".parquet"]
    assert len(before) > 5


def test_a_row_committed_after_its_cut_off_is_found_by_the_next_night(heard, now):
    write_up_to(now)
    make_reaction(heard, now - 2 * A_DAY, recorded_at=now - timedelta(minutes=3))
    assert same_as_postgres(now)


def test_parts_that_no_night_needs_any_more_are_removed(heard, now, folder):
    write_up_to(now)
    kept = keeping.KEPT_DAYS
    write_up_to(now + kept * A_DAY - 3 * A_DAY)
    assert DayFile.objects.count() == 2
    write_up_to(now + kept * A_DAY)
    assert DayFile.objects.count() == 1
    assert [file.suffix for file in folder()] == [".json"]


# --- Leaving ---


def everything_in(files):
    return b"".join(file.read_bytes() for file in files)


def eight_bytes(number):
    return number.to_bytes(8, "little", signed=True)


@pytest.fixture
def plain_files(monkeypatch):
    """Files as bytes that can be searched: not compressed, each number as it is."""

    def plainly(self, query, file):
        place = str(file)
        self.rows(
            f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION uncompressed, "
            "DICTIONARY_SIZE_LIMIT 1)"
        )

    monkeypatch.setattr(writing.DuckEngine, "write_parquet", plainly)


def test_whoever_leaves_is_gone_from_the_bytes_of_the_files(
    ada, grace, make_heard, now, folder, plain_files, settings
):
    ADAS = 0x1122334455667788  # noqa: N806
    of_ada = make_heard(ada, person_hash=ADAS, days_ago=(3, 20))
    Reaction.objects.filter(account=of_ada).update(responder_hash=0x0A0B0C0D0E0F0102)
    of_grace = make_heard(grace, days_ago=(5,))
    for days in (2, 40):
        make_reaction(of_grace, now - days * A_DAY, responder_hash=ADAS)
    make_outreach(of_ada, now - 9 * A_DAY, target_hash=0x0102030405060708)
    write_up_to(now - 15 * A_DAY)
    write_up_to(now)
    there = everything_in(folder())
    hers = (ADAS, 0x0A0B0C0D0E0F0102, 0x0102030405060708)
    assert all(eight_bytes(number) in there for number in hers)
    [_, before] = score_rows(now.date(), now)

    erase_member(ada, now)
    rewrite_changed()
    there = everything_in(folder())
    assert not any(eight_bytes(number) in there for number in hers)
    assert not any(str(number).encode() in there for number in hers)
    assert not settings.DAY_FILES_WORK.exists()
    assert not DayFileChange.objects.exists()
    assert check_day_files().differences == []
    # What she did to others' words still counts there, as somebody's.
    assert score_rows(now.date(), now) == [before]


def test_an_account_that_is_unlinked_leaves_the_files(heard, now, folder):
    write_up_to(now)
    unlink(heard, now)
    assert rewrite_changed() > 0
    assert [file.suffix for file in folder()] == [".json"]


def test_changes_wait_while_somebody_reads_and_are_written_then(heard, now, monkeypatch):
    write_up_to(now)
    heard.reactions.all().delete()

    def busy(**_):
        raise FilesBusy

    with monkeypatch.context() as others:
        others.setattr(keeping, "keeper", busy)
        assert rewrite_changed() == 0
    assert DayFileChange.objects.exists()
    assert rewrite_changed() == 3


@pytest.mark.django_db(transaction=True)
def test_who_does_not_wait_leaves_files_that_are_read_alone(heard, now):
    write_up_to(now)
    heard.reactions.all().delete()
    answers = []

    def other():
        answers.append(rewrite_changed())
        connections.close_all()

    with keeper():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert answers == [0]
    assert DayFileChange.objects.count() == 3
