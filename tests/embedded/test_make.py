"""The scripts behind `make`: they say what is missing, and do nothing twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.mutants import ALSO_READ, PARTS, SHIPPED, configuration
from tests.embedded.conftest import as_a_user

ROOT = Path(__file__).resolve().parents[2]
TOO_OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
WITHOUT_VENV = f"""#!/bin/sh
case "$2" in *ensurepip*) exit 1;; esac
exec {sys.executable} "$@"
"""


def run(script: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / script, *map(str, words)],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def program(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def tools(folder: Path, *names: str) -> str:
    """A PATH with only these programs of the system."""
    for name in names:
        (folder / name).symlink_to(shutil.which(name, path="/usr/bin:/bin") or "missing")
    return str(folder)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("# nothing is needed\n")
    return path


def test_a_python_that_is_too_old_is_said_in_words(tmp_path: Path, lock: Path) -> None:
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin", "python3", TOO_OLD)
    path = tools(tmp_path / "bin", "basename", "cksum", "tr")
    made = run("venv", tmp_path / "v", lock, PATH=path)
    assert made.returncode == 1
    assert "needs Python 3.11 or newer; here python3 is Python 3.9.2" in made.stderr
    assert not (tmp_path / "v").exists()


def test_a_python_without_its_venv_module_names_the_package(tmp_path: Path, lock: Path) -> None:
    python = program(tmp_path, "python", WITHOUT_VENV)
    made = run("venv", tmp_path / "v", lock, PYTHON=str(python))
    assert made.returncode == 1
    assert "apt install python3-venv" in made.stderr


def test_what_cannot_be_installed_is_told_and_the_next_try_begins_again(
    tmp_path: Path, lock: Path
) -> None:
    lock.write_text("no-hash-here==1.0\n")
    failed = run("venv", tmp_path / "v", lock, PYTHON=sys.executable)
    assert failed.returncode == 1
    assert "could not be installed" in failed.stderr
    assert "hash" in failed.stderr.lower()
    (tmp_path / "v/half").write_text("")
    lock.write_text("# nothing is needed\n")
    assert "Making" in run("venv", tmp_path / "v", lock, PYTHON=sys.executable).stdout
    assert not (tmp_path / "v/half").exists()
    assert run("venv", tmp_path / "v", lock).stdout == ""


def test_a_folder_that_is_something_else_is_never_removed(tmp_path: Path, lock: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter").write_text("dear")
    made = run("venv", tmp_path / "home", lock, PYTHON=sys.executable)
    assert made.returncode == 1
    assert "is no virtual environment" in made.stderr
    assert (tmp_path / "home/letter").read_text() == "dear"


@as_a_user
def test_an_environment_of_somebody_else_is_said_in_words(tmp_path: Path, lock: Path) -> None:
    (tmp_path / "v").mkdir(mode=0o500)
    made = run("venv", tmp_path / "v", lock, PYTHON=sys.executable)
    assert made.returncode == 1
    assert "belongs to another user" in made.stderr
    assert "VENV=" in made.stderr


def test_chromium_is_found_or_the_command_is_named(tmp_path: Path) -> None:
    browser = program(tmp_path, "my-chrome", "#!/bin/sh\n")
    assert run("chromium", CHROMIUM=str(browser)).returncode == 0
    (tmp_path / "bin").mkdir()
    missing = run("chromium", PATH=tools(tmp_path / "bin", "id"))
    assert missing.returncode == 1
    assert "sudo apt-get install chromium" in missing.stderr


def test_help_names_every_command() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for name in ("run", "reset", "manage", "test", "test-peers", "lint", "fmt", "lock"):
        assert f"make {name} " in said
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize("name", PARTS)
def test_make_mutants_knows_only_modules_and_tests_that_are_there(name: str) -> None:
    """mutmut says nothing of a name that is wrong: it would change less, or run fewer tests."""
    part = PARTS[name]
    assert all((ROOT / path).exists() for path in (*SHIPPED, *ALSO_READ))
    for module in part.modules:
        assert (ROOT / module).is_file(), module
        assert module in configuration(part)
    for test in (*part.tests, *part.left_out):
        path, _, function = test.partition("::")
        assert f"def {function.partition('[')[0]}" in (ROOT / path).read_text(), test
