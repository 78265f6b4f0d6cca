"""The day files: written once, told of every change, and never half of what counts."""

import itertools
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import fsspec
import ibis
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services import erase_member
from networks.models import LinkedAccount, Outreach, Reaction, Reading
from networks.services.unlinking import unlink
from scoring import tasks
from scoring.day_files import keeping, writing
from scoring.day_files.folder import Folder
from scoring.day_files.keeping import FilesBusy, keeper, rewrite_changed
from scoring.day_files.window import open_window
from scoring.day_files.writing import Writer
from scoring.engines.duck import duck_engine
from scoring.expressions import REACTIONS
from scoring.file_models import DayFile, DayFileChange
from scoring.inputs import Wanted
from scoring.models import Night
from scoring.services import run_night
from scoring.services.compute import computed
from scoring.services.day_files import check_day_files, rebuild_day_files
from scoring.services.workplace import passing_workplace
from tests.factories import make_outreach, make_reaction

A_DAY = timedelta(days=1)


def scored(on, cut_off_at, *, from_files):
    """What a night would store, to the byte."""
    wanted = Wanted([on], cut_off_at, from_files=from_files)
    with passing_workplace() as place, computed(wanted, place) as done:
        return done.scores_file.read_bytes(), done.contributions_file.read_bytes()


def same_as_postgres(moment):
    by_files = scored(moment.date(), moment, from_files=True)
    return by_files == scored(moment.date(), moment, from_files=False)


def write_up_to(moment):
    with keeper() as one:
        one.bring_up_to(moment)
        return one.notes


@pytest.fixture
def folder(settings):
    """A function that lists the files as paths."""
    return lambda: sorted(Path(settings.DAY_FILES).glob("*"))


@pytest.fixture
def small_parts(monkeypatch):
    """Many parts of many shards, of few rows each."""
    monkeypatch.setattr(writing, "ROWS_PER_SHARD", 2)
    monkeypatch.setattr(keeping, "ROWS_PER_PART", 3)


# --- The same scores as straight from PostgreSQL ---


def test_a_night_from_the_files_says_what_postgresql_says(heard, grace, make_heard, now):
    of_grace = make_heard(grace, standing=1000)
    make_reaction(heard, now - A_DAY, responder_hash=77, standing=0)
    make_outreach(of_grace, now - 3 * A_DAY, target_hash=77)
    by_files = scored(now.date(), now, from_files=True)
    assert by_files == scored(now.date(), now, from_files=False)
    assert b"{0,0,3,1,0}" in by_files[1]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reaction", "outreach"]),
        st.integers(0, 3),  # whose account
        st.integers(0, 6),  # the person: 0..3 those of the accounts, the others strangers
        st.integers(0, 130),  # how many days ago it happened
        st.floats(0, 12),  # how many days ago it was recorded, at the earliest
    ),
    max_size=25,
)
STEPS = st.lists(
    st.sampled_from(["night", "rebuild", "take away", "change", "unlink", "task", "late"]),
    max_size=8,
)


@given(ACTS, STEPS, st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_the_nights_were_cut_the_scores_are_the_same(
    ada, grace, mallory, make_heard, now, settings, small_parts, acts, steps, chance
):
    with TemporaryDirectory() as place, transaction.atomic():
        settings.DAY_FILES = place
        owners = (ada, grace, mallory, mallory)
        accounts = [make_heard(owner, days_ago=(), standing=900) for owner in owners]
        persons = [account.person_hash for account in accounts] + [7, 8, 9]
        for kind, whose, whom, happened, recorded in acts:
            if kind == "reaction":
                fields = {"responder_hash": persons[whom], "standing": chance.randrange(1001)}
                make = make_reaction
            else:
                fields, make = {"target_hash": persons[whom]}, make_outreach
            at = now - timedelta(days=happened)
            recorded_at = now - timedelta(days=min(happened, recorded))
            make(accounts[whose], at, recorded_at=recorded_at, **fields)
        passed = now - 13 * A_DAY
        for step in steps:
            passed += timedelta(days=chance.choice([0, 0.4, 1, 3]))
            happen(step, min(passed, now), chance)
        assert same_as_postgres(now)
        assert check_day_files().differences == []
        assert same_as_postgres(now + 3 * A_DAY)
        transaction.set_rollback(True)


def happen(step, moment, chance):
    rows = list(Reaction.objects.order_by("pk")) + list(Outreach.objects.order_by("pk"))
    row = chance.choice(rows) if rows else None
    if step == "night":
        write_up_to(moment)
    elif step == "rebuild":
        rebuild_day_files(moment)
    elif step == "task":
        rewrite_changed()
    elif step == "take away" and row:
        row.delete()
    elif step == "change" and isinstance(row, Reaction):
        Reaction.objects.filter(pk=row.pk).update(responder_hash=8, standing=400)
    elif step == "unlink" and LinkedAccount.objects.count() > 2:
        chance.choice(list(LinkedAccount.objects.order_by("pk"))).delete()
    elif step == "late" and isinstance(row, Reaction):
        # Recorded before the last cut-off, and committed only after it.
        make_reaction(row.account, row.happened_at, recorded_at=moment - A_DAY / 2)


@pytest.mark.parametrize("seed", range(4))
def test_a_night_takes_the_figures_that_a_rescore_takes(ada, make_heard, now, seed):
    chance = Random(seed)
    for _ in range(4):
        account = make_heard(ada, days_ago=(1, 50))
        for days in chance.sample(range(45), 12):
            followers, curation = (chance.choice([None, 0, 10**12, 77]) for _ in range(2))
            at = now - days * A_DAY
            Reading.objects.update_or_create(
                account=account,
                read_on=at.date(),
                defaults={"read_at": at, "followers": followers, "curation": curation},
            )
    for on in (now.date(), now.date() - 5 * A_DAY):
        by_files = scored(on, now, from_files=True)
        assert by_files == scored(on, now, from_files=False)


def test_a_night_adds_files_and_leaves_the_older_ones_alone(heard, now, folder):
    write_up_to(now)
    before = {file: file.stat().st_mtime_ns for file in folder()}
    make_reaction(heard, now + A_DAY)
    write_up_to(now + 2 * A_DAY)
    after = {file: file.stat().st_mtime_ns for file in folder()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 2
    assert sum(name.name.endswith(".json") for name in after) == 2


def test_a_night_with_nothing_new_adds_no_rows(heard, now, folder):
    write_up_to(now)
    write_up_to(now + A_DAY)
    assert len([file for file in folder() if file.suffix == ".parquet"]) == 1
    assert DayFile.objects.count() == 2
    assert same_as_postgres(now + A_DAY)


def test_a_night_run_again_reads_what_it_read(heard, now, stored):
    run_night(now.date(), now)
    first = stored()
    for later in (now + A_DAY, now + 2 * A_DAY):
        make_reaction(heard, now - A_DAY, recorded_at=later - A_DAY / 2)
        run_night(later.date(), later)
    run_night(now.date(), now + 2 * A_DAY)
    assert [row for row in stored()[0] if row["on"] == now.date()] == first[0]


def test_an_older_night_than_the_files_reach_is_computed_from_postgresql(heard, now):
    run_night(now.date(), now)
    old = now - 8 * A_DAY
    night = run_night(old.date(), now)
    assert "from PostgreSQL alone" in night.problem
    assert night.members == 1


def test_rows_are_kept_sorted_by_account_in_shards_of_powers_of_two(
    ada, make_heard, now, folder, small_parts
):
    for _ in range(5):
        make_heard(ada)
    write_up_to(now)
    files = [pq.read_table(file) for file in folder() if file.suffix == ".parquet"]
    accounts = [table["account_id"].to_pylist() for table in files]
    assert all(ids == sorted(ids) for ids in accounts)
    assert sum(map(len, accounts)) == 15
    assert any(len({one % 4 for one in ids}) == 1 for ids in accounts)


def test_a_shard_of_the_window_has_its_accounts_alone(ada, make_heard, now, tmp_path, small_parts):
    heard = [make_heard(ada).pk for _ in range(5)]
    for moment in (now, now + A_DAY):
        make_reaction(LinkedAccount.objects.get(pk=heard[0]), moment)
        write_up_to(moment)
    counts = {}
    with (
        duck_engine(tmp_path, "1GB") as engine,
        open_window((now + A_DAY).date(), now + A_DAY, fetches=True) as window,
    ):
        for shard in range(8):
            window.take_reactions(engine, shard, 8)
            found = engine.columns(ibis.table(REACTIONS, "reactions"))["account_id"]
            assert set(found % 8) <= {shard}
            counts |= {int(one): list(found).count(one) for one in found}
    assert counts == {heard[0]: 4} | dict.fromkeys(heard[1:], 3)


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
    before = scored(now.date(), now, from_files=True)[0].splitlines()[1]

    erase_member(ada, now)
    rewrite_changed()
    there = everything_in(folder())
    assert not any(eight_bytes(number) in there for number in hers)
    assert not any(str(number).encode() in there for number in hers)
    assert not settings.DAY_FILES_WORK.exists()
    assert not DayFileChange.objects.exists()
    assert check_day_files().differences == []
    # What she did to others' words still counts there, as somebody's.
    assert scored(now.date(), now, from_files=True)[0].splitlines() == [before]


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


# --- Killed, damaged, gone ---


class Killed(BaseException):
    """As if the process were killed: nobody catches it."""


def dies_at(monkeypatch, owner, name, at):
    """Let the n-th call of a method of a class be the last thing that happens."""
    original, calls = getattr(owner, name), itertools.count(1)

    def dies(*args, **fields):
        if next(calls) == at:
            raise Killed
        return original(*args, **fields)

    monkeypatch.setattr(owner, name, dies)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Folder, "put"),
        (Folder, "write"),
        (Folder, "remove"),
        (Writer, "write"),
        (Writer, "rewrite"),
        (Writer, "_copy"),
        (DayFile, "save"),
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_killed_anywhere_the_next_run_has_the_old_files_or_the_new(
    ada, make_heard, now, folder, monkeypatch, small_parts, owner, name, at
):
    for days in ((20, 30), (1, 2)):
        make_heard(ada, days_ago=days)
    write_up_to(now - 10 * A_DAY)
    Reaction.objects.order_by("pk").first().delete()
    with monkeypatch.context() as dying:
        dies_at(dying, owner, name, at)
        try:
            write_up_to(now)
        except Killed:
            assert check_day_files().differences == [] or DayFileChange.objects.exists()
    assert same_as_postgres(now)
    assert check_day_files().differences == []
    wanted = set()
    with keeper() as one:
        for part in one.look():
            wanted |= {part.row.manifest} | {file.name for file in part.manifest.files()}
    assert {file.name for file in folder()} == wanted


def flip_a_byte(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("suffix", [".parquet", ".json"])
@pytest.mark.parametrize(
    "damage",
    [Path.unlink, flip_a_byte, lambda file: file.write_bytes(file.read_bytes()[:-9])],
    ids=["gone", "a bit flipped", "cut short"],
)
def test_files_that_are_damaged_are_written_anew_and_it_is_said(heard, now, folder, suffix, damage):
    run_night(now.date(), now)
    for file in folder():
        if file.suffix == suffix:
            damage(file)
    assert check_day_files().differences
    night = run_night(now.date(), now)
    assert "written anew from PostgreSQL" in night.problem
    assert night.members == 1
    assert check_day_files().differences == []
    assert same_as_postgres(now)


def test_a_folder_that_was_emptied_is_filled_again(heard, now, folder):
    write_up_to(now - 10 * A_DAY)
    write_up_to(now)
    for file in folder():
        file.unlink()
    assert len(write_up_to(now)) == 2
    assert same_as_postgres(now)


def test_a_list_with_a_hole_is_begun_anew(heard, now):
    for days in (30, 10, 0):
        write_up_to(now - days * A_DAY)
    DayFile.objects.order_by("upto")[1].delete()
    assert "hole" in write_up_to(now)[0]
    assert same_as_postgres(now)


def test_files_of_an_older_database_do_not_count(heard, now):
    """As after restoring a backup: the folder is ahead of the list."""
    write_up_to(now)
    listed = list(DayFile.objects.values("after", "upto", "manifest"))
    make_reaction(heard, now)
    write_up_to(now + A_DAY)
    Reaction.objects.filter(happened_at=now).delete()
    DayFile.objects.all().delete()
    DayFile.objects.bulk_create(DayFile(**row) for row in listed)
    assert same_as_postgres(now + A_DAY)
    assert check_day_files().differences == []


def test_a_folder_that_cannot_be_written_stops_the_night_and_says_why(heard, now, settings):
    Path(settings.DAY_FILES).write_text("a file, not a folder")
    with pytest.raises(OSError):
        run_night(now.date(), now)
    assert settings.DAY_FILES in Night.objects.get().problem


# --- Anywhere ---


def test_the_files_may_be_in_any_store_that_fsspec_knows(heard, now, settings):
    settings.DAY_FILES = "memory://klout/day-files"
    write_up_to(now - 10 * A_DAY)
    heard.reactions.order_by("pk").first().delete()
    assert same_as_postgres(now)
    store = fsspec.filesystem("memory")
    names = store.ls("/klout/day-files", detail=False)
    assert len(names) == 4
    [damaged, *_] = [name for name in names if name.endswith(".parquet")]
    store.pipe_file(damaged, store.cat_file(damaged)[:-1])
    assert "missing or damaged" in check_day_files().differences[0]
    assert "written anew" in write_up_to(now)[0]
    assert same_as_postgres(now)
    store.rm("/klout", recursive=True)


# --- Rebuilt and checked ---


def test_rebuilt_files_give_the_same_scores(heard, now, folder, small_parts):
    for days in (30, 10, 0):
        write_up_to(now - days * A_DAY)
    before = set(folder())
    by_files = scored(now.date(), now, from_files=True)
    checked = rebuild_day_files(now)
    assert (checked.rows, checked.differences) == (3, [])
    assert not before & set(folder())
    assert scored(now.date(), now, from_files=True) == by_files


def test_the_check_tells_what_differs(heard, now):
    write_up_to(now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers
        cursor.execute(
            "UPDATE networks_reaction SET standing = 7 WHERE id = %s",
            [heard.reactions.order_by("-happened_at").first().pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    [told] = check_day_files().differences
    assert "of reactions that happened on 2026-10-31" in told
    assert "standing 7" in told
    assert "standing 1000" in told
    assert rebuild_day_files(now).differences == []


def test_the_command_checks_and_rebuilds(heard, now, monkeypatch):
    write_up_to(now)
    out = StringIO()
    call_command("day_files", "check", stdout=out)
    assert "3 rows in 1 parts." in out.getvalue()
    heard.reactions.order_by("pk").first().delete()
    with pytest.raises(CommandError, match="day_files rebuild"):
        call_command("day_files", "check", stdout=out)
    assert "1 changes wait to be written" in out.getvalue()
    call_command("day_files", "rebuild", stdout=out)
    assert "2 rows in 1 parts." in out.getvalue()
    assert same_as_postgres(now)


def test_the_task_writes_what_changed(heard, now):
    write_up_to(now)
    unlink(heard, now)
    tasks.rewrite_day_files_due()
    assert not DayFileChange.objects.exists()
    assert check_day_files().rows == 0
