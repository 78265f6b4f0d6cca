"""Nights that are killed, as processes are: they are taken up where they stopped."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from scoring import flow, inputs, selectors
from scoring.models import Night, Score
from scoring.services import compute, run_night
from scoring.services import workplace as workplace_module
from scoring.services.workplace import Workplace, kept_workplace
from tests.factories import make_outreach, make_reaction

PIECES = 6
PEOPLE = [f"people-{n}-of-{PIECES}.parquet" for n in range(PIECES)]
TRUST = [f"trust-{n}-of-{PIECES}.parquet" for n in range(PIECES)]
SUMS = [f"sums-{n}-of-{PIECES}.parquet" for n in range(PIECES)]
# Where it is killed, and what the next run has still to make.
STEPS = {
    "copied": [*PEOPLE, *TRUST, *SUMS, "scored.json"],
    PEOPLE[4]: [*PEOPLE[5:], *TRUST, *SUMS, "scored.json"],
    "spread": [*TRUST, *SUMS, "scored.json"],
    TRUST[3]: [*TRUST[4:], *SUMS, "scored.json"],
    SUMS[2]: [*SUMS[3:], "scored.json"],
    "scoring": ["scored.json"],
    "storing": [],
    "finishing": [],
}


@pytest.fixture
def folders(settings, tmp_path):
    """The folders of this process and of those that are killed."""
    settings.NIGHT_WORK = tmp_path / "night-work"
    settings.DAY_FILES = str(tmp_path / "day-files")
    settings.DAY_FILES_WORK = tmp_path / "day-files-work"
    return tmp_path


@pytest.fixture
def talked(ada, grace, now, make_heard):
    """Reactions enough for PIECES pieces of one row each."""
    of_ada = make_heard(ada, standing=1000)
    of_grace = make_heard(grace, standing=1000, days_ago=(1, 1))
    make_outreach(of_grace, now - timedelta(days=5), target_hash=77)
    make_reaction(of_ada, now - timedelta(days=3), responder_hash=77, standing=0)


@pytest.fixture
def made(monkeypatch):
    """What this process makes: files of steps, and `accounts` if they are copied."""
    names = []
    make, copy_out = Workplace.make, inputs.copy_out

    def noted(self, name, write):
        is_made = make(self, name, write)
        if is_made:
            names.append(name)
        return is_made

    def copied(given):
        if not (given.folder / "accounts.csv").exists():
            names.append("accounts")
        return copy_out(given)

    monkeypatch.setattr(Workplace, "make", noted)
    monkeypatch.setattr(inputs, "copy_out", copied)
    monkeypatch.setattr(compute, "ROWS_PER_PIECE", 1)
    return names


def killed(now, step, folder, database):
    """Run a night in a process of its own until it is killed."""
    names = {"NAME": database["NAME"], "USER": database["USER"], "HOST": database["HOST"]}
    url = "postgres://{USER}@/{HOST}/{NAME}".format(**names)
    if database["PORT"] or database["PASSWORD"]:
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    done = subprocess.run(
        [sys.executable, "-m", "tests.scoring.killed_night", now.isoformat(), step],
        env=os.environ
        | {"DATABASE_URL": url, "DATA_DIR": str(folder), "KNOWN_HOSTS": "known.example"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_night_is_taken_up_where_it_stopped(
    talked, now, step, folders, made, stored, settings
):
    killed(now, step, folders, settings.DATABASES["default"])
    assert not Score.objects.exists()
    assert Night.objects.get().finished_at is None
    night = run_night(now.date(), now + timedelta(minutes=1))
    assert made == STEPS[step]
    taken_up = stored()
    assert len(taken_up[0]) == 2
    assert night.finished_at
    run_night(now.date(), now + timedelta(minutes=2))
    assert stored() == taken_up


@pytest.mark.django_db(transaction=True)
def test_trust_is_not_worked_out_again_and_the_night_says_what_was_kept(
    talked, now, folders, made, settings, monkeypatch
):
    killed(now, SUMS[2], folders, settings.DATABASES["default"])

    def again(*args):
        raise AssertionError("trust was worked out already")

    monkeypatch.setattr(flow, "spread", again)
    phases = run_night(now.date(), now + timedelta(minutes=1)).phases
    assert phases["sums"]["kept"] == 3
    assert phases["sums"]["done"] == phases["sums"]["of"] == PIECES


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_a_night_is(talked, now, folders, settings):
    killed(now, SUMS[2], folders, settings.DATABASES["default"])
    seen = selectors.tonight(now + timedelta(minutes=1))
    assert seen.is_running
    assert str(seen.doing) == "adding up what they are worth"
    assert 0 < seen.per_cent < 100
    assert Night.objects.get().phases["sums"]["done"] == 2


def test_what_is_left_of_another_night_or_of_an_hour_ago_is_not_taken_up(tmp_path, monkeypatch):
    def breaks_off(about):
        with kept_workplace(tmp_path / "work", about) as place:
            place.make("sums", lambda part: part.write_text("done"))
            raise KeyboardInterrupt

    def leave(about):
        with pytest.raises(KeyboardInterrupt):
            breaks_off(about)

    def is_kept(about):
        with kept_workplace(tmp_path / "work", about) as place:
            return place.has("sums")

    leave({"night": "1"})
    assert not is_kept({"night": "2"})
    leave({"night": "1"})
    assert is_kept({"night": "1"})
    assert not (tmp_path / "work").exists()
    leave({"night": "1"})
    later = workplace_module.time() + workplace_module.KEPT_SECONDS
    monkeypatch.setattr(workplace_module, "time", lambda: later)
    assert not is_kept({"night": "1"})


def test_half_a_file_is_none(tmp_path):
    def breaks(part):
        part.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), kept_workplace(tmp_path / "work", {}) as place:
        place.make("sums", breaks)
    with kept_workplace(tmp_path / "work", {}) as place:
        assert not place.has("sums")
        assert [file.name for file in place.folder.iterdir()] == ["about.json"]
