"""What web processes and workers counted outlives them, once."""

from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict, mmap_key

from klout.celery import app
from klout.watching import answers, work

KEY = mmap_key("klout_x", "klout_x_total", ["route"], ["landing"], "help")


def count(folder: Path, who: str, value: float) -> None:
    counts = MmapedDict(str(folder / f"counter_{who}.db"))
    counts.write_value(KEY, value, 0.0)
    counts.close()


def kept(folder: Path) -> dict[str, float]:
    return {
        path.name: sum(row[1] for row in MmapedDict.read_all_values_from_file(str(path)))
        for path in folder.glob("*.db")
    }


def test_what_ended_processes_counted_is_added_up_in_one_file(tmp_path: Path) -> None:
    for who, value in (("11", 3), ("12", 4), ("13", 5)):
        count(tmp_path, who, value)
    answers.fold(tmp_path, 11)
    answers.fold(tmp_path, 12)
    answers.fold(tmp_path, 12)
    assert kept(tmp_path) == {"counter_gone.db": 7, "counter_13.db": 5}


def test_what_workers_counted_is_told_by_task_and_state() -> None:
    told = work.families({b"a.b SUCCESS": b"3", b"a.b FAILURE": b"1"}, {b"a.b": b"2.5"})
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in told
        for sample in family.samples
    }
    assert samples == {
        ("klout_tasks_total", "a.b", "SUCCESS"): 3,
        ("klout_tasks_total", "a.b", "FAILURE"): 1,
        ("klout_task_seconds_total", "a.b"): 2.5,
    }


def test_every_task_is_watched_from_its_beginning() -> None:
    """Celery finds the watchers when it has read its tasks, not later."""
    app.finalize()
    assert work.count in {ref() for _, ref in work.task_postrun.receivers}
