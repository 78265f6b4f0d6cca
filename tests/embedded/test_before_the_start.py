"""Secrets, the lock, ports, the disk: what is looked at before anything runs."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from klout import up
from klout.embedded import keys, ports
from klout.embedded.lock import only_one
from klout.embedded.problems import CannotStart

HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from klout.embedded.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _no_secrets_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.MAKERS:
        monkeypatch.delenv(name, raising=False)


def test_secrets_are_made_once_and_stay(tmp_path: Path) -> None:
    first = keys.ensure(tmp_path / "secrets", database_exists=False)
    texts = {name: Path(path).read_text() for name, path in first.items()}
    assert keys.ensure(tmp_path / "secrets", database_exists=True) == first
    assert {name: Path(path).read_text() for name, path in first.items()} == texts
    assert len(set(texts.values())) == len(keys.MAKERS)
    Fernet(texts["CREDENTIAL_KEYS_FILE"])
    for path in first.values():
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_a_lost_secret_is_not_replaced_once_there_is_a_database(tmp_path: Path) -> None:
    keys.ensure(tmp_path, database_exists=False)
    (tmp_path / "RESPONDER_KEY").unlink()
    with pytest.raises(CannotStart, match=r"RESPONDER_KEY is missing.*Put the file back"):
        keys.ensure(tmp_path, database_exists=True)


def test_a_secret_in_the_environment_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    assert "SECRET_KEY_FILE" not in keys.ensure(tmp_path, database_exists=False)
    assert not (tmp_path / "SECRET_KEY").exists()


def test_a_second_one_on_the_same_data_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(CannotStart, match=rf"already running.*{os.getpid()}")
    with only_one(tmp_path), refused, only_one(tmp_path):
        pass


def test_the_lock_of_a_killed_one_holds_nobody_up(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, tmp_path], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(CannotStart), only_one(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait(5)
    holder.stdout.close()
    with only_one(tmp_path):
        pass


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_named(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as door:
        door.bind((address, 0))
        door.listen()
        port = door.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is in use.*another port"):
            ports.wait_until_free(port, seconds=0)


@pytest.mark.parametrize("text", ["", "x", "0", "65535", "-1", "80.5", "٨٠"])
def test_a_port_that_is_none_is_said_in_words(text: str) -> None:
    with pytest.raises(CannotStart, match="PORT must be a number"):
        ports.read_port(text)


def test_a_nearly_full_disk_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 8, 1_000_000)
    )
    with pytest.raises(CannotStart, match=r"has only 1 MB left.*all data are kept"):
        up.check_disk(tmp_path)


def test_what_is_set_outside_wins_over_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE_URL", "https://klout.example")
    monkeypatch.setenv("PORT", "8130")
    monkeypatch.delenv("DEVELOPMENT_HOSTS", raising=False)
    found = up.Up(up.Wishes.read(), tmp_path, [], 0.0).settings()
    assert found["BASE_URL"] == "https://klout.example"
    assert found["DEVELOPMENT_HOSTS"] == "127.0.0.1:8131"
    assert found["DATA_DIR"] == str(tmp_path)


def test_how_to_sign_in_is_told_at_every_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO", raising=False)
    run = up.Up(up.Wishes.read(), tmp_path, [], 0.0)
    assert "three example members" in run.how_to_sign_in()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/demo-password").write_text("pretend-1\n")
    (tmp_path / up.DEMO_DONE).touch()
    assert run.how_to_sign_in() == "as ada@example.com with the password pretend-1"
    monkeypatch.setenv("DEMO", "0")
    (tmp_path / up.DEMO_DONE).unlink()
    assert "what you signed up with" in up.Up(up.Wishes.read(), tmp_path, [], 0.0).how_to_sign_in()
