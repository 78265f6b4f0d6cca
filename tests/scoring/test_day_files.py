"""The day files: written once, and the same scores however the nights were cut."""

from datetime import timedelta
from io import BytesIO, StringIO
from random import Random
from tempfile import TemporaryDirectory

import fsspec
import ibis
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from networks.models import LinkedAccount, Outreach, Reaction, Reading
from networks.services.unlinking import unlink
from scoring import expressions, tasks
from scoring.day_files.keeping import rewrite_changed
from scoring.engines.duck import duck_engine
from scoring.file_models import DayFile, DayFileChange
from scoring.inputs import Wanted, gathered
from scoring.services import run_night
from scoring.services.day_files import check_day_files, rebuild_day_files
from tests.factories import make_outreach, make_reaction
from tests.scoring.day_files import A_DAY, same_as_postgres, scored, write_up_to

# --- The same scores as straight from PostgreSQL ---


def test_a_night_from_the_files_says_what_postgresql_says(heard, grace, make_heard, now):
    of_grace = make_heard(grace, standing=1000)
    make_reaction(heard, now - A_DAY, responder_hash=77, standing=0)
    make_outreach(of_grace, now - 3 * A_DAY, target_hash=77)
    by_files = scored(now.date(), now, from_files=True)
    assert by_files == scored(now.date(), now, from_files=False)
    parts = pq.read_table(BytesIO(by_files[1]))
    assert "{0,0,3,1,0}" in parts["by_weight"].to_pylist()


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


def test_a_piece_of_the_window_has_its_accounts_alone(ada, make_heard, now, tmp_path, small_parts):
    heard = [make_heard(ada).pk for _ in range(5)]
    for moment in (now, now + A_DAY):
        make_reaction(LinkedAccount.objects.get(pk=heard[0]), moment)
        write_up_to(moment)
    reactions = ibis.table(expressions.REACTIONS, "reactions")
    wanted = Wanted([(now + A_DAY).date()], now + A_DAY, from_files=True)
    counts = {}
    with duck_engine(tmp_path, "1GB") as engine, gathered(wanted, tmp_path, engine) as found:
        found.load(engine, {})
        pieces = found.pieces(engine, rows=4)
        for piece in pieces:
            found.take_reactions(engine, piece)
            accounts = engine.columns(reactions)["account_id"].tolist()
            assert counts.keys().isdisjoint(accounts)
            counts |= {one: accounts.count(one) for one in accounts}
    assert len(pieces) == 5
    assert counts == {heard[0]: 4} | dict.fromkeys(heard[1:], 3)


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
