"""Killed, damaged, emptied: the day files are whole again before anything is scored."""

import itertools
from pathlib import Path

import pytest

from networks.models import Reaction
from scoring.day_files.folder import Folder
from scoring.day_files.keeping import keeper
from scoring.day_files.writing import Writer
from scoring.file_models import DayFile, DayFileChange
from scoring.models import Night
from scoring.services import run_night
from scoring.services.day_files import check_day_files
from tests.factories import make_reaction
from tests.scoring.day_files import A_DAY, same_as_postgres, write_up_to

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
